/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Depots (depot(5)): a folder of bundles with an index that tells of each all
 * that a host must know to decide, and of image profiles. Pure: text to
 * structures and back.
 */
#ifndef TARDISK_DEPOT_H
#define TARDISK_DEPOT_H

#include "descriptor.h"

#define DEPOT_FORMAT 1
#define DEPOT_INDEX_NAME "index.json"
#define DEPOT_SIGNATURE_NAME "index.p7s"
#define DEPOT_INDEX_MAX (16u << 20) /* bytes of index.json */
#define DEPOT_BUNDLES_MAX 4096
#define DEPOT_PROFILES_MAX 256
#define DEPOT_PATH_MAX 255 /* bytes of a path in a depot */

/* A bundle of the depot. */
struct depot_bundle {
	char *path;			    /* of its file, below the index: "strace-6.1.vib" */
	uint64_t size;			    /* bytes of the file */
	char sha256[BUNDLE_DIGEST_LEN + 1]; /* of the file */
	char *text;			    /* descriptor.json, byte for byte */
	size_t text_len;
	unsigned char *signature; /* in DER, NULL if it is not signed */
	size_t signature_len;
	struct bundle_descriptor *d; /* of text */
};

/* A set of bundles with a name of its own. */
struct depot_profile {
	char *name;
	char *version;
	char *vendor;
	char *summary;
	char *created;
	struct bundle_relations bundles; /* "NAME = VERSION" each, none twice */
};

struct depot_index {
	struct depot_bundle *bundles; /* by name, then version, oldest first, then vendor */
	size_t n_bundles;
	struct depot_profile *profiles; /* in the same order */
	size_t n_profiles;
};

/*
 * Parses an index. ERR_INVALID names the place at fault, or says that the index
 * is of a newer format. *out is filled either way and freed by depot_index_free().
 */
int depot_index_parse(const char *text, size_t len, struct depot_index *out, struct err *e);

/* The text of an index, always in the same order; *text is allocated. */
int depot_index_format(struct depot_index *index, char **text, size_t *len, struct err *e);
void depot_index_free(struct depot_index *index);

/* Puts an index in its order. ERR_INVALID if something is there twice. */
int depot_index_sort(struct depot_index *index, struct err *e);

/* One profile from a file of its own; free with depot_profile_free() either way. */
int depot_profile_parse(const char *text, size_t len, struct depot_profile *p, struct err *e);
void depot_profile_free(struct depot_profile *p);
void depot_bundle_free(struct depot_bundle *b);

/* NULL if it may be the path of a file in a depot, else what is wrong. */
const char *depot_path_fault(const char *path);

/* The newest profile of that name ("NAME" or "NAME = VERSION", any op), or NULL. */
const struct depot_profile *depot_find_profile(const struct depot_index *index,
					       const struct bundle_relation *wanted);

/* A bundle of exactly that name and version, or NULL. */
const struct depot_bundle *depot_find_bundle(const struct depot_index *index, const char *name,
					     const char *version);

struct json_t;

/* A profile as JSON and back, as it stands in an index. */
struct json_t *depot_profile_json(const struct depot_profile *p);
int depot_profile_take(struct json_t *value, struct depot_profile *p, struct err *e);

#endif
