// SPDX-License-Identifier: Apache-2.0
/* Roots and revocations, and what a signature is worth by them. */
#include <errno.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chain.h"
#include "cleanup.h"
#include "tardisk/sha256.h"

#define PATH_ROOM 4096

struct trust {
	STACK_OF(X509) * roots[TRUST_CERTIFIED + 1]; /* by level; [TRUST_UNSIGNED] may revoke */
	struct revocation revoked;
	char digest[65]; /* of the list at hand */
};

static int load_file(struct trust *t, size_t i, const char *dir, const char *name, struct err *e)
{
	char path[PATH_ROOM];

	if (snprintf(path, sizeof(path), "%s/%s.pem", dir, name) >= (int)sizeof(path))
		return err_set(e, ERR_INVALID, "%.100s...: path too long", dir);
	return chain_load_roots(&t->roots[i], path, e);
}

int trust_load(struct trust **out, const char *dir, struct err *e)
{
	struct trust *t = calloc(1, sizeof(*t));

	if (!t)
		return err_sys(e, ENOMEM, "%s", dir);
	if (load_file(t, TRUST_UNSIGNED, dir, "revocation", e))
		goto fail;
	for (size_t i = TRUST_COMMUNITY; i <= TRUST_CERTIFIED; i++)
		if (load_file(t, i, dir, trust_level_name((enum trust_level)i), e))
			goto fail;
	*out = t;
	return 0;
fail:
	trust_free(t);
	return -1;
}

int trust_add_roots(struct trust *t, enum trust_level level, const char *path, struct err *e)
{
	return chain_load_roots(&t->roots[level], path, e);
}

void trust_free(struct trust *t)
{
	if (!t)
		return;
	for (size_t i = 0; i <= TRUST_CERTIFIED; i++)
		sk_X509_pop_free(t->roots[i], X509_free);
	revocation_free(&t->revoked);
	free(t);
}

const struct revocation *trust_revocation(const struct trust *t)
{
	return &t->revoked;
}

static int digest_of(const void *data, size_t len, char hex[65], struct err *e)
{
	struct sha256 sum = SHA256_INIT;
	int rc =
		sha256_start(&sum, e) || sha256_add(&sum, data, len, e) || sha256_end(&sum, hex, e);

	sha256_free(&sum);
	return rc ? -1 : 0;
}

/* "No root" says less than any other reason, so it is told only if there is no other. */
static bool says_more(int new, int old)
{
	return old == X509_V_OK || old == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
	       (old == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN &&
		new != X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
}

static int refuse_chain(int fault, const char *name, const char *time, struct err *e)
{
	switch (fault) {
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		return err_set(e, ERR_INVALID,
			       "signature: certificate %s leads to no root that is trusted", name);
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return err_set(e, ERR_INVALID,
			       "signature: certificate %s had expired at the signing time, %s",
			       name, time);
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return err_set(
			e, ERR_INVALID,
			"signature: certificate %s was not yet valid at the signing time, %s", name,
			time);
	default:
		return err_set(e, ERR_INVALID, "signature: certificate %s: %s", name,
			       X509_verify_cert_error_string(fault));
	}
}

static int find_level(const struct trust *t, const struct cms_signed *s,
		      struct trust_signature *out, struct err *e)
{
	char name[TRUST_SUBJECT_MAX], worst[TRUST_SUBJECT_MAX] = "";
	int fault = X509_V_OK, rc;

	for (int i = TRUST_CERTIFIED; i >= TRUST_COMMUNITY; i--) {
		rc = chain_build(s, t->roots[i], out, name);
		if (rc == X509_V_OK) {
			out->level = (enum trust_level)i;
			return 0;
		}
		if (says_more(rc, fault)) {
			fault = rc;
			memcpy(worst, name, sizeof(worst));
		}
	}
	return refuse_chain(fault, worst, out->time, e);
}

static int check_revoked(const struct trust *t, const struct trust_signature *s,
			 const char *descriptor, struct err *e)
{
	const struct revocation_entry *entry = revocation_descriptor(&t->revoked, descriptor);

	if (entry)
		return err_set(e, ERR_INVALID, "signature: the bundle is revoked: %s",
			       entry->reason[0] ? entry->reason : "no reason given");
	for (size_t i = 0; i < s->n_keys; i++) {
		entry = revocation_key(&t->revoked, s->keys[i], s->time);
		if (entry)
			return err_set(e, ERR_INVALID,
				       "signature: key %.16s... of %s is revoked: %s",
				       entry->sha256, i ? "an issuer of its signer" : s->signer,
				       entry->reason[0] ? entry->reason : "no reason given");
	}
	return 0;
}

int trust_verify(const struct trust *t, const void *text, size_t len, const void *signature,
		 size_t signature_len, struct trust_signature *out, struct err *e)
{
	struct cms_signed s;
	char digest[65];
	int rc;

	memset(out, 0, sizeof(*out));
	if (digest_of(text, len, digest, e) || cms_open(&s, signature, signature_len, text, len, e))
		return -1;
	rc = chain_check_purpose(s.signer, e);
	if (!rc)
		rc = find_level(t, &s, out, e);
	if (!rc)
		rc = check_revoked(t, out, digest, e);
	cms_close(&s);
	return rc;
}

/* Takes over the list, which has been found authentic. */
static int take_list(struct trust *t, struct revocation *list, const char *digest, struct err *e)
{
	uint64_t have = t->revoked.number, number = list->number;

	if (number > have) {
		revocation_free(&t->revoked);
		t->revoked = *list;
		memcpy(t->digest, digest, sizeof(t->digest));
		return 1;
	}
	revocation_free(list);
	if (number == have && !strcmp(digest, t->digest))
		return 0;
	return err_set(e, ERR_CONFLICT,
		       "revocation list: number %llu, but list %llu is in force already",
		       (unsigned long long)number, (unsigned long long)have);
}

int trust_revoke(struct trust *t, const void *data, size_t len, struct err *e)
{
	struct trust_signature who = { 0 };
	char name[TRUST_SUBJECT_MAX], digest[65];
	struct revocation list;
	struct cms_signed s;
	int rc;

	if (len > REVOCATION_MAX)
		return err_set(e, ERR_INVALID, "revocation list: larger than 4 MiB");
	if (cms_open(&s, data, len, NULL, 0, e))
		return err_wrap(e, "revocation list");
	rc = chain_check_purpose(s.signer, e);
	if (!rc) {
		rc = chain_build(&s, t->roots[TRUST_UNSIGNED], &who, name);
		if (rc != X509_V_OK)
			rc = refuse_chain(rc, name, who.time, e);
	}
	if (rc)
		err_wrap(e, "revocation list");
	else if (digest_of(s.content, s.content_len, digest, e) ||
		 revocation_parse((char *)s.content, s.content_len, &list, e))
		rc = -1;
	cms_close(&s);
	return rc ? -1 : take_list(t, &list, digest, e);
}
