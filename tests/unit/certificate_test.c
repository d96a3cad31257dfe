// SPDX-License-Identifier: Apache-2.0
/* The host's certificate: what is taken, what is refused, what stays. */
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "tests/unit/pki.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/core.h"
#include "userworld/core/security/clients.h"
#include "userworld/core/security/host_files.h"
#include "userworld/core/security/pem.h"

#define NOW ((time_t)1700000000)
#define BEFORE (NOW - 1000)
#define AFTER (NOW + 1000)

/* Certificates in order, and a key if there is one: allocated. */
static char *text_of(const struct pki *key, size_t n, const struct pki *const *list)
{
	struct pem p = { .count = n, .key = key ? key->key : NULL };
	char *chain, *own, *text;

	for (size_t i = 0; i < n; i++)
		p.chain[i] = list[i]->certificate;
	chain = pem_chain_text(&p);
	own = key ? pem_key_text(&p) : strdup("");
	text = malloc(strlen(chain) + strlen(own) + 1);
	strcpy(text, chain);
	strcat(text, own);
	free(chain);
	free(own);
	return text;
}

#define TEXT(key, ...)                                                               \
	text_of(key, sizeof((const struct pki *[]){ __VA_ARGS__ }) / sizeof(void *), \
		(const struct pki *[]){ __VA_ARGS__ })

/* Takes text. */
static void judge(char *text, const char *why)
{
	struct err e = ERR_INIT;
	struct pem p;
	int rc = pem_read(text, &p, &e);

	if (rc == 0) {
		rc = pem_check_server(&p, NOW, &e);
		pem_free(&p);
	}
	assert_int_equal(rc, why ? -1 : 0);
	if (why && !strstr(e.text, why))
		fail_msg("'%s' lacks '%s'", e.text, why);
	if (why)
		assert_int_equal(e.kind, ERR_INVALID);
	free(text);
}

static void what_a_server_can_use(void **state)
{
	struct pki root = pki_make("root", NULL, PKI_ROOT, BEFORE, AFTER);
	struct pki between = pki_make("between", &root, PKI_AUTHORITY, BEFORE, AFTER);
	struct pki host = pki_make("host", &between, PKI_SERVER, BEFORE, AFTER);
	struct pki other = pki_make("other", &between, PKI_SERVER, BEFORE, AFTER);
	struct pki old = pki_make("old", &between, PKI_SERVER, BEFORE, NOW - 1);
	struct pki future = pki_make("future", &between, PKI_SERVER, NOW + 1, AFTER);
	struct pki weak = pki_make("weak", &between, PKI_WEAK, BEFORE, AFTER);
	char *cut;

	(void)state;
	judge(TEXT(&host, &host), NULL);
	judge(TEXT(&host, &host, &between, &root), NULL);
	judge(TEXT(&host, &host, &root), "certificate 1 is not issued by the one that follows it");
	judge(TEXT(&host, &between, &host), "the key is not that of the first certificate");
	judge(TEXT(&other, &host), "the key is not that of the first certificate");
	judge(TEXT(NULL, &host), "no private key");
	judge(TEXT(&old, &old), "has expired");
	judge(TEXT(&future, &future), "not valid yet");
	judge(TEXT(&weak, &weak), "too short");
	judge(strdup("nothing"), "there is no certificate");
	cut = TEXT(&host, &host, &between);
	memset(strstr(cut, "-----END") - 20, '!', 10);
	judge(cut, "block 1 of it cannot be read");
	cut = TEXT(&host, &host);
	memset(strstr(cut, "-----END PRIVATE") - 20, '!', 10);
	judge(cut, "block 2 of it cannot be read");
	pki_free(&root), pki_free(&between), pki_free(&host), pki_free(&other);
	pki_free(&old), pki_free(&future), pki_free(&weak);
}

static void described(void **state)
{
	struct pki root = pki_make("root", NULL, PKI_ROOT, BEFORE, AFTER);
	struct pki host = pki_make("host", &root, PKI_SERVER, BEFORE, AFTER);
	json_t *row = pem_describe(host.certificate);

	(void)state;
	assert_string_equal(json_string_value(json_object_get(row, "subject")), "CN=host");
	assert_string_equal(json_string_value(json_object_get(row, "issuer")), "CN=root");
	assert_string_equal(json_string_value(json_object_get(row, "not_after")),
			    "2023-11-14T22:30:00Z");
	assert_false(json_is_true(json_object_get(row, "self_signed")));
	assert_string_equal(json_string_value(json_array_get(json_object_get(row, "names"), 0)),
			    "127.0.0.1");
	json_decref(row);
	row = pem_describe(root.certificate);
	assert_true(json_is_true(json_object_get(row, "self_signed")));
	json_decref(row);
	pki_free(&root), pki_free(&host);
}

static json_t *users(void)
{
	struct err e = ERR_INIT;
	json_t *all = NULL;

	assert_int_equal(accounts_parse("", "f", &all, &e), 0);
	accounts_add(all, "anna", NULL, "x", 1, &e);
	accounts_permit(all, "anna", CORE_OPERATOR, &e);
	accounts_add(all, "bob", NULL, "x", 1, &e);
	return all;
}

/* Takes text. */
static enum err_kind add(json_t *all, const char *name, char *text, const char *user,
			 enum core_role role)
{
	struct err e = ERR_INIT;

	client_add(all, name, text, user, role, NOW, &e);
	free(text);
	return e.kind;
}

/* What its holder is, by the bytes that would come over the network. */
static enum core_role role_now(const json_t *all, const struct pki *p, time_t now)
{
	char digest[CLIENT_DIGEST];
	enum core_role role = CORE_NOBODY;
	unsigned char *der = NULL;
	int len = i2d_X509(p->certificate, &der);
	struct err e = ERR_INIT;
	const char *user;

	assert_int_equal(client_digest(der, (size_t)len, digest, &e), 0);
	OPENSSL_free(der);
	if (client_find(all, digest, now, &user, &role, &e) == 0) {
		assert_string_equal(user, "anna");
		return role;
	}
	assert_int_equal(e.kind, ERR_AUTH);
	return CORE_NOBODY;
}

static void clients(void **state)
{
	struct pki own = pki_make("whatever", NULL, PKI_NO_PURPOSE, BEFORE, AFTER);
	struct pki other = pki_make("whatever", NULL, PKI_NO_PURPOSE, BEFORE, AFTER);
	struct pki old = pki_make("whatever", NULL, PKI_NO_PURPOSE, BEFORE, NOW - 1);
	char digest[CLIENT_DIGEST], much[CLIENT_DER_MAX + 1] = "";
	struct err e = ERR_INIT;
	json_t *all = users();

	(void)state;
	assert_int_equal(add(all, "ci", TEXT(NULL, &own), "bob", CORE_NOBODY), ERR_INVALID);
	assert_int_equal(add(all, "ci", TEXT(NULL, &own), "nobody", CORE_NOBODY), ERR_INVALID);
	assert_int_equal(add(all, "ci", TEXT(&own, &own), "anna", CORE_NOBODY), ERR_INVALID);
	assert_int_equal(add(all, "ci", TEXT(NULL, &old), "anna", CORE_NOBODY), ERR_INVALID);
	assert_int_equal(add(all, "ci", TEXT(NULL, &own), "anna", CORE_ADMIN), ERR_DENIED);
	assert_int_equal(add(all, "ci", TEXT(NULL, &own), "anna", CORE_NOBODY), ERR_NONE);
	assert_int_equal(add(all, "ci", TEXT(NULL, &other), "anna", CORE_NOBODY), ERR_CONFLICT);
	assert_int_equal(add(all, "two", TEXT(NULL, &own), "anna", CORE_NOBODY), ERR_CONFLICT);
	assert_int_equal(role_now(all, &own, NOW), CORE_OPERATOR);
	assert_int_equal(role_now(all, &own, AFTER), CORE_OPERATOR);
	assert_int_equal(role_now(all, &own, AFTER + 1), CORE_NOBODY);
	assert_int_equal(role_now(all, &own, BEFORE - 1), CORE_NOBODY);
	assert_int_equal(role_now(all, &other, NOW), CORE_NOBODY);
	/* At most what it was given, and at most what the user is by now. */
	assert_int_equal(add(all, "low", TEXT(NULL, &other), "anna", CORE_READ_ONLY), ERR_NONE);
	assert_int_equal(role_now(all, &other, NOW), CORE_READ_ONLY);
	accounts_permit(all, "anna", CORE_ADMIN, &e);
	assert_int_equal(role_now(all, &own, NOW), CORE_ADMIN);
	assert_int_equal(role_now(all, &other, NOW), CORE_READ_ONLY);
	accounts_permit(all, "anna", CORE_NOBODY, &e);
	assert_int_equal(role_now(all, &own, NOW), CORE_NOBODY);
	assert_int_equal(accounts_remove(all, "anna", &e), 0);
	assert_int_equal(json_object_size(accounts_part(all, "certificates")), 0);
	assert_int_equal(client_digest(much, sizeof(much), digest, &e), -1);
	assert_int_equal(client_digest(much, 0, digest, &e), -1);
	json_decref(all);
	pki_free(&own), pki_free(&other), pki_free(&old);
}

static enum err_kind call(const char *op, json_t *params, json_t **result)
{
	struct err e = ERR_INIT;

	core_call(op, params, result, &e);
	json_decref(params);
	return e.kind;
}

/* What is refused leaves what was there; key and certificate are state that nobody else reads. */
static void certificate_of_a_host(void **state)
{
	time_t now = time(NULL);
	struct pki first = pki_make("first", NULL, PKI_SERVER, now - 10, now + 1000);
	struct pki second = pki_make("second", NULL, PKI_SERVER, now - 10, now + 1000);
	char *good = TEXT(&first, &first), *bad = TEXT(&first, &second);
	json_t *row = NULL;
	struct stat st;

	(void)state;
	assert_int_equal(call("system.certificate.get", NULL, NULL), ERR_NOT_FOUND);
	assert_int_equal(call("system.certificate.set", json_pack("{s:s}", "pem", good), NULL),
			 ERR_NONE);
	assert_int_equal(call("system.certificate.set", json_pack("{s:s}", "pem", bad), NULL),
			 ERR_INVALID);
	assert_int_equal(call("system.certificate.get", NULL, &row), ERR_NONE);
	assert_string_equal(json_string_value(json_object_get(row, "subject")), "CN=first");
	assert_int_equal(stat(tree_path(HOST_KEY), &st), 0);
	assert_int_equal(st.st_mode & 07777, 01600);
	json_decref(row);
	assert_int_equal(call("system.certificate.reset", NULL, NULL), ERR_NONE);
	assert_int_equal(call("system.certificate.get", NULL, NULL), ERR_NOT_FOUND);
	assert_int_equal(stat(tree_path(HOST_KEY), &st), -1);
	free(good), free(bad);
	pki_free(&first), pki_free(&second);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_server_can_use),
		cmocka_unit_test(described),
		cmocka_unit_test(clients),
		cmocka_unit_test(certificate_of_a_host),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
