// SPDX-License-Identifier: Apache-2.0
/* The host's certificate and those of clients: what is taken, what is refused, who comes in. */
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "tests/unit/pki.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/account/identity.h"
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
static enum err_kind add(json_t *all, const char *name, char *text, const char *user)
{
	struct err e = ERR_INIT;

	client_add(all, name, text, user, NOW, &e);
	free(text);
	return e.kind;
}

/* The user that a certificate is of, or "". */
static const char *who(const json_t *all, const struct pki *p, time_t now)
{
	static char user[ACCOUNT_USER + 1];
	enum core_role role = CORE_NOBODY;
	struct err e = ERR_INIT;

	if (client_find(all, p->certificate, NULL, now, user, &role, &e) < 0) {
		assert_int_equal(e.kind, ERR_AUTH);
		return "";
	}
	assert_int_not_equal(role, CORE_NOBODY);
	return user;
}

static void pinned(void **state)
{
	struct pki own = pki_make("whatever", NULL, PKI_NO_PURPOSE, BEFORE, AFTER);
	struct pki other = pki_make("whatever", NULL, PKI_NO_PURPOSE, BEFORE, AFTER);
	struct err e = ERR_INIT;
	json_t *all = users();

	(void)state;
	assert_int_equal(add(all, "ci", TEXT(NULL, &own), "bob"), ERR_INVALID);
	assert_int_equal(add(all, "ci", TEXT(&own, &own), "anna"), ERR_INVALID);
	assert_int_equal(add(all, "ci", TEXT(NULL, &own), NULL), ERR_INVALID);
	assert_int_equal(add(all, "ci", TEXT(NULL, &own), "anna"), ERR_NONE);
	assert_int_equal(add(all, "ci", TEXT(NULL, &other), "anna"), ERR_CONFLICT);
	assert_string_equal(who(all, &own, NOW), "anna");
	assert_string_equal(who(all, &other, NOW), "");
	assert_string_equal(who(all, &own, AFTER + 1), "");
	/* With the role goes the login, and with the user the certificate. */
	accounts_permit(all, "anna", CORE_NOBODY, &e);
	assert_string_equal(who(all, &own, NOW), "");
	assert_int_equal(accounts_remove(all, "anna", &e), 0);
	assert_int_equal(json_object_size(accounts_part(all, "certificates")), 0);
	json_decref(all);
	pki_free(&own), pki_free(&other);
}

static void by_authority(void **state)
{
	struct pki office = pki_make("office", NULL, PKI_ROOT, BEFORE, AFTER);
	struct pki elsewhere = pki_make("office", NULL, PKI_ROOT, BEFORE, AFTER);
	struct pki anna = pki_make("anna", &office, PKI_NO_PURPOSE, BEFORE, AFTER);
	struct pki forged = pki_make("anna", &elsewhere, PKI_NO_PURPOSE, BEFORE, AFTER);
	struct pki bob = pki_make("bob", &office, PKI_NO_PURPOSE, BEFORE, AFTER);
	struct pki root = pki_make("root", &office, PKI_NO_PURPOSE, BEFORE, AFTER);
	struct pki server = pki_make("anna", &office, PKI_SERVER, BEFORE, AFTER);
	struct pki old = pki_make("anna", &office, PKI_NO_PURPOSE, BEFORE, NOW - 1);
	json_t *all = users();

	(void)state;
	assert_int_equal(add(all, "office", TEXT(NULL, &office), NULL), ERR_NONE);
	assert_string_equal(who(all, &anna, NOW), "anna");
	assert_string_equal(who(all, &forged, NOW), "");
	assert_string_equal(who(all, &bob, NOW), "");
	assert_string_equal(who(all, &root, NOW), "");
	assert_string_equal(who(all, &server, NOW), "");
	assert_string_equal(who(all, &old, NOW), "");
	assert_string_equal(who(all, &anna, AFTER + 1), "");
	json_decref(all);
	pki_free(&office), pki_free(&elsewhere), pki_free(&anna), pki_free(&forged);
	pki_free(&bob), pki_free(&root), pki_free(&server), pki_free(&old);
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
	free(good), free(bad);
	pki_free(&first), pki_free(&second);
}

static void client_of_a_host(void **state)
{
	time_t now = time(NULL);
	struct pki own = pki_make("ci", NULL, PKI_NO_PURPOSE, now - 10, now + 1000);
	char *text = TEXT(NULL, &own);
	struct err e = ERR_INIT;
	struct identity id;

	(void)state;
	tree_write("/etc/shadow", "root:*:1:0:99999:7:::\n", 01600);
	assert_int_equal(
		call("system.certificate.client.add",
		     json_pack("{s:s, s:s, s:s}", "name", "ci", "pem", text, "user", "root"), NULL),
		ERR_NONE);
	assert_int_equal(account_by_certificate(own.certificate, NULL, &id, &e), 0);
	assert_string_equal(id.user, "root");
	assert_int_equal(id.role, CORE_ADMIN);
	assert_string_equal(id.how, "certificate");
	assert_int_equal(
		call("system.certificate.client.remove", json_pack("{s:s}", "name", "ci"), NULL),
		ERR_NONE);
	assert_int_equal(account_by_certificate(own.certificate, NULL, &id, &e), -1);
	free(text);
	pki_free(&own);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_server_can_use),
		cmocka_unit_test(described),
		cmocka_unit_test(pinned),
		cmocka_unit_test(by_authority),
		cmocka_unit_test(certificate_of_a_host),
		cmocka_unit_test(client_of_a_host),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
