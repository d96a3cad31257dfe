/* SPDX-License-Identifier: Apache-2.0 */
/* What is trusted no longer: revocation(5), as a value. Pure. */
#ifndef TARDISK_TRUST_REVOCATION_H
#define TARDISK_TRUST_REVOCATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define REVOCATION_FORMAT 1
#define REVOCATION_MAX (4u << 20) /* bytes of a list */
#define REVOCATION_ENTRIES_MAX 65536
#define REVOCATION_REASON_MAX 120

struct revocation_entry {
	char sha256[65]; /* of a public key (SubjectPublicKeyInfo in DER) or a descriptor */
	char from[21];	 /* "2026-01-31T12:00:00Z": only what was signed since; "" for all */
	char reason[REVOCATION_REASON_MAX + 1];
};

struct revocation {
	uint64_t number; /* from 1 on; a later list has a higher one */
	char issued[21];
	struct revocation_entry *keys;
	size_t n_keys;
	struct revocation_entry *descriptors;
	size_t n_descriptors;
};

/* The text of a list, without its signature. *r is the caller's to free. */
int revocation_parse(const char *text, size_t len, struct revocation *r, struct err *e);

/* Frees what it holds and makes it empty. */
void revocation_free(struct revocation *r);

/* Is the key revoked for what it signed at that time? The entry, or NULL. */
const struct revocation_entry *revocation_key(const struct revocation *r, const char *sha256,
					      const char *time);

/* Is the descriptor of that digest? */
const struct revocation_entry *revocation_descriptor(const struct revocation *r,
						     const char *sha256);

#endif
