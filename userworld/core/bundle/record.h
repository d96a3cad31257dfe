/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which bundles make up the host. A bundle of the image is described by
 * /usr/lib/visoros/bundles/NAME.json (its descriptor); one that was installed
 * since has a record NAME.json in BUNDLE_RECORDS:
 *
 *	{"descriptor": "{...}", "signature": "MII...", "install_date": "2026-01-31",
 *	 "tardisks": ["NAME.v00"], "overrides": [{"path": "/etc/x", "below": "base.v00"}]}
 *
 * with the text of the descriptor byte for byte and the signature in Base64, so
 * that it can be verified again.
 *
 * They are written when the switch of the namespace is done; what is to become of
 * them is in the journal before (change.h). Whoever changes records holds
 * BUNDLE_LOCK.
 */
#ifndef VISOR_CORE_BUNDLE_RECORD_H
#define VISOR_CORE_BUNDLE_RECORD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "err.h"
#include "tardisk/descriptor.h"
#include "vfsctl.h"

#define BUNDLE_RECORDS "/var/db/visoros/bundles"
#define BUNDLE_IMAGE_RECORDS "/usr/lib/visoros/bundles"
#define BUNDLE_LOCK "/run/visoros/bundle.lock"

struct bundle_record {
	struct bundle_descriptor *d;
	char *text; /* of the descriptor, as it was signed; NULL for the image's own */
	size_t text_len;
	unsigned char *signature; /* in DER, NULL if there is none */
	size_t signature_len;
	bool base;	       /* part of the image: not removable */
	char install_date[16]; /* "2026-01-31"; "" for the image's own */
	json_t *overrides;     /* files that it hides: see effect.h; never NULL */
	char (*tardisks)[VISORFS_NAME_MAX + 1];
	size_t n_tardisks;
};

struct bundle_set {
	struct bundle_record *items;
	const struct bundle_descriptor **descriptors; /* of items, in the same order */
	bool *fixed; /* which of them are part of the image, in the same order */
	size_t n;
};

/* All bundles, sorted by name. A record that is damaged is logged and left out. */
int bundle_set_load(struct bundle_set *set, struct err *e);
void bundle_set_free(struct bundle_set *set);

/* Index of the bundle of that name, or -1 with ERR_NOT_FOUND. */
int bundle_set_find(const struct bundle_set *set, const char *name, struct err *e);

/* Pure: a record as text and back. bundle_record_free() takes an empty one as well. */
int bundle_record_format(const struct bundle_record *r, char **text, struct err *e);
int bundle_record_parse(const char *text, struct bundle_record *r, struct err *e);
void bundle_record_free(struct bundle_record *r);

/* The same as a JSON object: a new reference, NULL for lack of memory. */
json_t *bundle_record_json(const struct bundle_record *r);
int bundle_record_from_json(const json_t *record, struct bundle_record *r, struct err *e);

/* Writes NAME.json, or removes it; a missing one is success. */
int bundle_record_write(const struct bundle_record *r, struct err *e);
int bundle_record_drop(const char *name, struct err *e);

/* Removes what a writer that was killed left beside the records. Under the lock of bundles. */
int bundle_record_sweep(struct err *e);

/*
 * Takes BUNDLE_LOCK without waiting (ERR_CONFLICT) and puts right what an
 * interrupted change has left, to its end. Closing the descriptor releases it.
 */
int bundle_lock(struct err *e);

#endif
