// SPDX-License-Identifier: Apache-2.0
/* What is in the file, and how large it is. */
#include "bundle_image.h"

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "internal.h"

#define MEMBER_MAX 512u /* bytes of a member's header, its name and padding, at most */
#define MANIFEST_MAX                                                                \
	(8u << 10) /* of a tardisk's signature, which the descriptor does not count \
		    */
#define SIGNATURE_MAX                                                                    \
	(32u << 10)	  /* of a descriptor's signature in Base64; they have 2 to 8 KiB \
			   */
#define OVERRIDE_MAX 128u /* of a path in the record, beside itself */

/* The record whose tardisk that is, or -1: it is the image's own. */
static int owner_of(const struct bundle_image *m, const char *tardisk)
{
	for (size_t i = 0; i < m->set.n; i++)
		for (size_t t = 0; m->in[i] && t < m->set.items[i].n_tardisks; t++)
			if (!strcmp(m->set.items[i].tardisks[t], tardisk))
				return (int)i;
	return -1;
}

/* In the order in which they are attached, which is the order of shadowing. */
static void keep_owned(struct bundle_image *m)
{
	size_t n = 0;

	for (size_t t = 0; t < m->n_tardisks; t++)
		if (owner_of(m, m->tardisks[t].name) >= 0)
			m->tardisks[n++] = m->tardisks[t];
	m->n_tardisks = n;
}

int bundle_image_load(struct bundle_image *m, struct err *e)
{
	memset(m, 0, sizeof(*m));
	if (bundle_set_load(&m->set, e) < 0)
		return -1;
	m->in = calloc(m->set.n + 1, sizeof(*m->in));
	if (!m->in)
		return core_nomem(e);
	for (size_t i = 0; i < m->set.n; i++)
		m->in[i] = !m->set.items[i].base;
	if (vfs_tardisk_list(core_prefix(CORE_SYSFS), &m->tardisks, &m->n_tardisks, e) < 0)
		return -1;
	keep_owned(m);
	return 0;
}

void bundle_image_free(struct bundle_image *m)
{
	bundle_set_free(&m->set);
	free(m->in);
	free(m->tardisks);
	memset(m, 0, sizeof(*m));
}

static bool offers(const struct bundle_descriptor *d, const struct bundle_relation *wanted)
{
	if (bundle_relation_holds(wanted, d->name, d->version))
		return true;
	for (size_t i = 0; i < d->provides.n; i++)
		if (bundle_relation_holds(wanted, d->provides.items[i].name,
					  d->provides.items[i].version))
			return true;
	return false;
}

static bool is_met(const struct bundle_image *m, const struct bundle_descriptor *image,
		   const struct bundle_relation *wanted)
{
	if (offers(image, wanted))
		return true;
	for (size_t i = 0; i < m->set.n; i++)
		if (m->in[i] && offers(m->set.items[i].d, wanted))
			return true;
	return false;
}

static bool goes_with(const struct bundle_image *m, const struct bundle_descriptor *image,
		      const struct bundle_descriptor *d)
{
	for (size_t i = 0; i < d->depends.n; i++)
		if (!is_met(m, image, &d->depends.items[i]))
			return false;
	for (size_t i = 0; i < d->conflicts.n; i++)
		if (offers(image, &d->conflicts.items[i]))
			return false;
	return true;
}

void bundle_image_choose(struct bundle_image *m, const struct bundle_descriptor *image)
{
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < m->set.n; i++) {
			if (!m->in[i] || goes_with(m, image, m->set.items[i].d))
				continue;
			m->in[i] = false;
			again = true;
		}
	}
	keep_owned(m);
}

struct measure {
	struct sha256 sum;
	uint64_t size;
};

static int measure(void *context, const void *data, size_t len, struct err *e)
{
	struct measure *m = context;

	m->size += len;
	return sha256_add(&m->sum, data, len, e);
}

static bool is_empty(const struct bundle_image *m)
{
	for (size_t i = 0; i < m->set.n; i++)
		if (m->in[i])
			return false;
	return true;
}

int bundle_image_measure(struct bundle_image *m, struct err *e)
{
	struct measure own = { SHA256_INIT, 0 };
	int rc;

	m->size = 0;
	m->sha256[0] = '\0';
	if (is_empty(m))
		return 0;
	rc = sha256_start(&own.sum, e);
	if (rc == 0)
		rc = bundle_image_stream(m, measure, &own, e);
	if (rc == 0)
		rc = sha256_end(&own.sum, m->sha256, e);
	sha256_free(&own.sum);
	m->size = own.size;
	return rc;
}

static uint64_t bound_of(const struct bundle_descriptor *d)
{
	_cleanup_free_ char *text = NULL;
	uint64_t bytes = SIGNATURE_MAX + 2 * MEMBER_MAX;
	size_t len = 0;

	/* The descriptor's text is a JSON string in the record: quotes and ends of lines grow. */
	if (bundle_descriptor_format(d, &text, &len, NULL) == 0)
		bytes += 2 * len;
	for (size_t i = 0; i < d->files.n; i++)
		bytes += strlen(d->files.items[i]) + OVERRIDE_MAX;
	for (size_t i = 0; i < d->n_payloads; i++)
		bytes += d->payloads[i].size + MANIFEST_MAX + 2 * MEMBER_MAX;
	return bytes;
}

uint64_t bundle_image_bound(const struct bundle_descriptor *const *list, size_t n)
{
	uint64_t bytes = 4 * MEMBER_MAX;

	for (size_t i = 0; i < n; i++)
		bytes += bound_of(list[i]);
	return n ? bytes : 0;
}
