// SPDX-License-Identifier: Apache-2.0
/* What is in the file, and how large it is. */
#include "image.h"

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "image_more.h"
#include "install.h"
#include "userworld/core/internal.h"
#include "userworld/core/lock.h"

/* hostd takes the lock of bundles for a moment when it looks after them, also while a host starts.
 */
#define PATIENCE_MS 10000

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
void bundle_image_prune(struct bundle_image *m)
{
	size_t n = 0;

	for (size_t t = 0; t < m->n_tardisks; t++)
		if (owner_of(m, m->tardisks[t].name) >= 0)
			m->tardisks[n++] = m->tardisks[t];
	m->n_tardisks = n;
}

int bundle_image_lock(struct err *e)
{
	_cleanup_close_ int lock = core_lock_within(BUNDLE_LOCK, PATIENCE_MS, e);

	if (lock < 0)
		return err_wrap(e, "an install or removal of bundles is running");
	if (core_unsettled())
		return err_set(e, ERR_CONFLICT,
			       "an install or removal of bundles that was interrupted is not put "
			       "right yet; try again");
	return steal_fd(&lock);
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
	bundle_image_prune(m);
	return 0;
}

void bundle_image_free(struct bundle_image *m)
{
	bundle_image_leave(m);
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
	bundle_image_prune(m);
}

json_t *bundle_image_ids(const struct bundle_image *m, bool in)
{
	json_t *list = json_array();

	for (size_t i = 0; i < m->set.n; i++)
		if (!m->set.items[i].base && m->in[i] == in)
			bundle_append_id(list, m->set.items[i].d);
	for (size_t i = 0; in && m->more && i < m->more->n; i++)
		bundle_append_id(list, m->more->items[i].d);
	return list;
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
	return !m->more;
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
