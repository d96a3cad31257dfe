// SPDX-License-Identifier: Apache-2.0
/* Certificates of clients. */
#include "clients.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "pem.h"

int client_add(json_t *all, const char *name, const char *pem, const char *user, time_t now,
	       struct err *e)
{
	struct pem p;
	int rc;

	if (user && accounts_role(all, user) == CORE_NOBODY)
		return err_set(e, ERR_INVALID,
			       "%s: no such user, or one without role: see 'system permission set'",
			       user);
	if (pem_read(pem, &p, e) < 0)
		return -1;
	rc = p.count == 1 && !p.key
		     ? pem_check_one(p.chain[0], now, e)
		     : err_set(e, ERR_INVALID, "it has to be one certificate alone, without key");
	if (rc == 0 && !user && X509_check_ca(p.chain[0]) < 1)
		rc = err_set(e, ERR_INVALID,
			     "it is not an authority's: name the user whose certificate it is");
	if (rc == 0)
		rc = accounts_put(all, "certificates", name,
				  json_pack("{s:s, s:s*}", "pem", pem, "user", user), e);
	pem_free(&p);
	return rc;
}

static X509 *certificate_of(const json_t *entry)
{
	const char *text = json_string_value(json_object_get(entry, "pem"));
	X509 *certificate = NULL;
	struct pem p;

	if (text && pem_read(text, &p, NULL) == 0) {
		certificate = p.chain[0];
		X509_up_ref(certificate);
		pem_free(&p);
	}
	return certificate;
}

/* Whom it is pinned to; authorities go into the store on the way. */
static const char *pinned(const json_t *all, X509 *certificate, X509_STORE *store)
{
	const char *name, *user = NULL;
	json_t *entry;

	json_object_foreach (json_object_get(all, "certificates"), name, entry) {
		const char *of = json_string_value(json_object_get(entry, "user"));
		X509 *own = certificate_of(entry);

		if (own && !of)
			X509_STORE_add_cert(store, own);
		else if (own && X509_cmp(own, certificate) == 0)
			user = of;
		X509_free(own);
	}
	return user;
}

static bool issued(X509_STORE *store, X509 *certificate, STACK_OF(X509) * chain, time_t now)
{
	X509_STORE_CTX *check = X509_STORE_CTX_new();
	bool good = false;

	if (check && X509_STORE_CTX_init(check, store, certificate, chain) == 1) {
		X509_STORE_CTX_set_time(check, 0, now);
		X509_STORE_CTX_set_purpose(check, X509_PURPOSE_SSL_CLIENT);
		X509_STORE_CTX_set_flags(check, X509_V_FLAG_PARTIAL_CHAIN);
		good = X509_verify_cert(check) == 1;
	}
	X509_STORE_CTX_free(check);
	ERR_clear_error();
	return good;
}

/* The one common name; two, or one with a NUL in it, are a trick. */
static int common_name(X509 *certificate, char user[static ACCOUNT_USER + 1])
{
	X509_NAME *subject = X509_get_subject_name(certificate);
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1), len;
	unsigned char *text = NULL;
	bool good;

	if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0)
		return -1;
	len = ASN1_STRING_to_UTF8(&text,
				  X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
	good = len > 0 && len <= ACCOUNT_USER && !memchr(text, '\0', (size_t)len);
	if (good) {
		memcpy(user, text, (size_t)len);
		user[len] = '\0';
	}
	OPENSSL_free(text);
	return good ? 0 : -1;
}

static int owner(const json_t *all, X509 *certificate, STACK_OF(X509) * chain, time_t now,
		 char user[static ACCOUNT_USER + 1], X509_STORE *store, struct err *e)
{
	const char *of = pinned(all, certificate, store);

	if (of) {
		snprintf(user, ACCOUNT_USER + 1, "%s", of);
		return pem_check_one(certificate, now, NULL) == 0
			       ? 0
			       : err_set(e, ERR_AUTH, "the client's certificate is not valid now");
	}
	if (!issued(store, certificate, chain, now))
		return err_set(e, ERR_AUTH, "the client's certificate is not known here");
	if (common_name(certificate, user) < 0 || !strcmp(user, "root"))
		return err_set(e, ERR_AUTH, "the client's certificate names no user of this host");
	return 0;
}

int client_find(const json_t *all, X509 *certificate, STACK_OF(X509) * chain, time_t now,
		char user[static ACCOUNT_USER + 1], enum core_role *role, struct err *e)
{
	X509_STORE *store = X509_STORE_new();
	int rc;

	if (!store)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	rc = owner(all, certificate, chain, now, user, store, e);
	X509_STORE_free(store);
	if (rc < 0)
		return -1;
	*role = accounts_role(all, user);
	if (*role == CORE_NOBODY)
		return err_set(e, ERR_AUTH, "the client's certificate names no user of this host");
	return 0;
}
