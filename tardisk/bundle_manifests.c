// SPDX-License-Identifier: Apache-2.0
#include "bundle_manifests.h"

#include <endian.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "bundle.h"
#include "sha256.h"

/* As bundle_tardisk_name() of the host, which puts ".v00" behind. */
#define NAME_MAX_BYTES 59

/* Bytes of the frame at p, by its own header; 0 if there are not so many left. */
static size_t frame_length(const char *p, size_t left)
{
	uint32_t content;
	size_t len;

	if (left < TARDISK_MANIFEST_WRAP)
		return 0;
	memcpy(&content, p + 4, sizeof(content));
	len = (size_t)le32toh(content) + TARDISK_MANIFEST_WRAP;
	return len > left || len > TARDISK_SIGNED_MAX ? 0 : len;
}

void bundle_manifests_name(const struct bundle_descriptor *d,
			   char name[static TARDISK_MANIFEST_TEXT])
{
	snprintf(name, TARDISK_MANIFEST_TEXT, "%.*s", NAME_MAX_BYTES, d->name);
}

/* NULL, or what is wrong with it. */
static const char *fault(const struct tardisk_manifest *m, const struct bundle_payload *p,
			 const struct bundle_descriptor *d)
{
	char root[SHA256_HEX], name[TARDISK_MANIFEST_TEXT];

	sha256_text(m->root, root);
	bundle_manifests_name(d, name);
	if (strcmp(root, p->root_hash))
		return "is of a tardisk with another root hash";
	if (strcmp(m->name, name) || strcmp(m->version, d->version))
		return "has another name or version than the bundle";
	/* Levels count from community on in a descriptor. */
	if (m->level != (uint32_t)d->acceptance_level + TARDISK_COMMUNITY)
		return "has another acceptance level than the bundle";
	return NULL;
}

static int check_one(const char *bytes, size_t at, size_t len, const char *bundle,
		     const struct bundle_payload *p, const struct bundle_descriptor *d,
		     struct err *e)
{
	struct tardisk_error error = { at, "manifest", "is cut short" };
	struct tardisk_manifest m;

	if (len && !tardisk_manifest_init(&m, bytes + at, (uint32_t)len, at, &error)) {
		error.offset = at;
		error.what = fault(&m, p, d);
		if (!error.what)
			return 0;
	}
	return err_set(e, ERR_INVALID, "%.200s: " BUNDLE_MANIFESTS_NAME ": offset %llu: %s: %s",
		       bundle, (unsigned long long)error.offset, p->name, error.what);
}

int bundle_manifests_check(const char *bytes, size_t size, const char *bundle,
			   const struct bundle_descriptor *d, struct err *e)
{
	size_t at = 0;

	for (size_t i = 0; i < d->n_payloads; i++) {
		size_t len = frame_length(bytes + at, size - at);

		if (check_one(bytes, at, len, bundle, &d->payloads[i], d, e))
			return -1;
		at += len;
	}
	if (at == size)
		return 0;
	return err_set(e, ERR_INVALID,
		       "%.200s: " BUNDLE_MANIFESTS_NAME ": offset %zu: has more than one for each "
		       "payload",
		       bundle, at);
}

const void *bundle_manifests_item(const char *bytes, size_t size, size_t i, size_t *len)
{
	size_t at = 0;

	*len = frame_length(bytes, size);
	while (i--) {
		at += *len;
		*len = frame_length(bytes + at, size - at);
	}
	return bytes + at;
}
