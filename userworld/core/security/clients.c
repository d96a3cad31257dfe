// SPDX-License-Identifier: Apache-2.0
/* Certificates of clients. */
#include "clients.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "pem.h"
#include "userworld/core/internal.h"

#define PART "certificates"

int client_digest(const void *der, size_t len, char digest[static CLIENT_DIGEST], struct err *e)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];

	if (len == 0 || len > CLIENT_DER_MAX)
		return err_set(e, ERR_INVALID, "a certificate may have %d bytes", CLIENT_DER_MAX);
	if (!EVP_Digest(der, len, bytes, NULL, EVP_sha256(), NULL))
		return err_set(e, ERR_SYSTEM, "SHA-256 failed");
	for (size_t i = 0; i < (CLIENT_DIGEST - 1) / 2; i++)
		snprintf(digest + 2 * i, 3, "%02x", bytes[i]);
	return 0;
}

static const json_t *known(const json_t *all, const char *digest)
{
	const char *name, *own;
	json_t *entry;

	json_object_foreach (json_object_get(all, PART), name, entry) {
		own = json_string_value(json_object_get(entry, "sha256"));
		if (own && !strcmp(own, digest))
			return entry;
	}
	return NULL;
}

static time_t seconds(const ASN1_TIME *at)
{
	struct tm tm;

	return ASN1_TIME_to_tm(at, &tm) == 1 ? timegm(&tm) : 0;
}

static int digest_of(X509 *certificate, char digest[static CLIENT_DIGEST], struct err *e)
{
	unsigned char *der = NULL;
	int len = i2d_X509(certificate, &der), rc;

	rc = len > 0 ? client_digest(der, (size_t)len, digest, e) : core_nomem(e);
	OPENSSL_free(der);
	return rc;
}

static json_t *entry_of(X509 *certificate, const char *user, enum core_role role,
			const char *digest)
{
	json_t *about = pem_describe(certificate);
	json_t *entry = json_pack("{s:s, s:s, s:O, s:I, s:I}", "user", user, "sha256", digest,
				  "subject", json_object_get(about, "subject"), "from",
				  (json_int_t)seconds(X509_get0_notBefore(certificate)), "until",
				  (json_int_t)seconds(X509_get0_notAfter(certificate)));

	if (entry && role != CORE_NOBODY)
		json_object_set_new(entry, "role", json_string(role_name(role)));
	json_decref(about);
	return entry;
}

static int add(json_t *all, const char *name, const struct pem *p, const char *user,
	       enum core_role role, time_t now, struct err *e)
{
	char digest[CLIENT_DIGEST];

	if (p->count != 1 || p->key)
		return err_set(e, ERR_INVALID,
			       "it has to be one certificate alone: its key stays with the client");
	if (pem_check_one(p->chain[0], now, e) < 0 || digest_of(p->chain[0], digest, e) < 0)
		return -1;
	if (known(all, digest))
		return err_set(e, ERR_CONFLICT, "the certificate is there already");
	return accounts_put(all, PART, name, entry_of(p->chain[0], user, role, digest), e);
}

int client_add(json_t *all, const char *name, const char *pem, const char *user,
	       enum core_role role, time_t now, struct err *e)
{
	enum core_role own = accounts_role(all, user);
	struct pem p;
	int rc;

	if (own == CORE_NOBODY)
		return err_set(e, ERR_INVALID,
			       "%s: no such user, or one without role: see 'system permission set'",
			       user);
	if (role > own)
		return err_set(e, ERR_DENIED, "%s: is %s, a certificate cannot be %s", user,
			       role_name(own), role_name(role));
	if (pem_read(pem, &p, e) < 0)
		return -1;
	rc = add(all, name, &p, user, role, now, e);
	pem_free(&p);
	return rc;
}

int client_find(const json_t *all, const char *digest, time_t now, const char **user,
		enum core_role *role, struct err *e)
{
	const json_t *entry = known(all, digest);
	const json_t *limit = json_object_get(entry, "role");

	*user = json_string_value(json_object_get(entry, "user"));
	if (!*user)
		return err_set(e, ERR_AUTH, "the client's certificate is not registered here");
	if (now < json_integer_value(json_object_get(entry, "from")) ||
	    now > json_integer_value(json_object_get(entry, "until")))
		return err_set(e, ERR_AUTH,
			       "the client's certificate is not valid now: see its dates, and the "
			       "clock of the host");
	*role = accounts_role(all, *user);
	if (limit && role_of(json_string_value(limit)) < *role)
		*role = role_of(json_string_value(limit));
	if (*role == CORE_NOBODY)
		return err_set(e, ERR_AUTH, "user %s has no role any more", *user);
	return 0;
}
