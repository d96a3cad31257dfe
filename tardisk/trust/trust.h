/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who signed what, and how far that is trusted (docs/trust.md).
 *
 * A signature is a detached CMS structure over the bytes of descriptor.json,
 * which names the payloads by their digests. Its certificates lead to a root of
 * one level of acceptance; that root decides the level. No clock is asked: what
 * is valid is judged at the signing time that the signature states, and what
 * is no longer, by a revocation list.
 */
#ifndef TARDISK_TRUST_H
#define TARDISK_TRUST_H

#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "revocation.h"
#include "tardisk/descriptor.h"

#define TRUST_CHAIN_MAX 6 /* certificates from signer to root */
#define TRUST_SUBJECT_MAX 200

/* In rising order. The gate of a host is one of them: it takes nothing below. */
enum trust_level {
	TRUST_UNSIGNED,
	TRUST_COMMUNITY,
	TRUST_PARTNER,
	TRUST_ACCEPTED,
	TRUST_CERTIFIED,
};

const char *trust_level_name(enum trust_level level); /* "unsigned", "community" ... */

/* 0, or ERR_INVALID that names all levels. */
int trust_level_parse(const char *text, enum trust_level *level, struct err *e);

/* What a descriptor states, as a level. */
enum trust_level trust_level_of(enum bundle_acceptance stated);

struct trust; /* roots by level, and the list of what is revoked */

/*
 * Reads DIR/certified.pem, accepted.pem, partner.pem, community.pem (roots of
 * these levels, any number each) and revocation.pem (roots of those who may
 * revoke). A file that is missing is an empty one. ERR_INVALID names a file
 * that is damaged. *t belongs to the caller.
 */
int trust_load(struct trust **t, const char *dir, struct err *e);

/* More roots of one level, from a PEM file. */
int trust_add_roots(struct trust *t, enum trust_level level, const char *path, struct err *e);

/* NULL is allowed. */
void trust_free(struct trust *t);

/*
 * A revocation list from now on, if its signer may revoke and its number is
 * higher than that of the list at hand: 1, or 0 if it is the same list. ERR_CONFLICT if it is
 * older, or another one of the same number; ERR_INVALID if the signature is not good.
 */
int trust_revoke(struct trust *t, const void *data, size_t len, struct err *e);

/* The list at hand; number 0 and nothing revoked until there is one. */
const struct revocation *trust_revocation(const struct trust *t);

/* A signature that was found good. */
struct trust_signature {
	enum trust_level level;			   /* of its root */
	char signer[TRUST_SUBJECT_MAX];		   /* name of the certificate that signed */
	char root[TRUST_SUBJECT_MAX];		   /* and of the root */
	char time[sizeof("2026-01-31T12:00:00Z")]; /* of signing, as stated by the signer */
	char keys[TRUST_CHAIN_MAX][65];		   /* SHA-256 of the public keys, signer first */
	size_t n_keys;
};

/*
 * Is it a good signature over the text? ERR_INVALID says why not: forged, damaged,
 * of a key that leads to no root, is not for code, was not valid at the signing
 * time, or is revoked.
 */
int trust_verify(const struct trust *t, const void *text, size_t len, const void *signature,
		 size_t signature_len, struct trust_signature *out, struct err *e);

/*
 * May a host with that gate take the bundle? signature is NULL for an unsigned
 * one. ERR_INVALID if the root does not give the level that the descriptor states,
 * ERR_DENIED if that level is below the gate. Pure.
 */
int trust_admit(const struct bundle_descriptor *d, const struct trust_signature *signature,
		enum trust_level gate, struct err *e);

#endif
