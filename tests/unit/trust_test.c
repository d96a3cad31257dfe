// SPDX-License-Identifier: Apache-2.0
/* Signatures: who is trusted for what, and every way not to be. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tardisk/trust/trust.h"
#include "tests/unit/pki.h"
#include "tests/unit/unit.h"

#define DAY 86400
#define T1990 ((time_t)631152000)
#define T2026 ((time_t)1767225600)
#define T2046 ((time_t)2398377600)
#define TEXT "{\"name\": \"sample\"}"

static struct pki root, other, revoker, middle, signer, shop, expired, blank, weak, lister;
static char dir[64];
static struct trust *trust;

static const char *file(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s.pem", dir, name);
	return path;
}

static int setup(void **state)
{
	const struct pki *roots[] = { &root, &other };
	struct err e = ERR_INIT;

	(void)state;
	root = pki_make("Partner root", NULL, PKI_ROOT, T1990, T2046);
	other = pki_make("Certified root", NULL, PKI_ROOT, T1990, T2046);
	revoker = pki_make("Revocation root", NULL, PKI_ROOT, T1990, T2046);
	middle = pki_make("Partner issuer", &root, PKI_AUTHORITY, T1990, T2046);
	signer = pki_make("Acme", &middle, PKI_CODE, T1990, T2046);
	shop = pki_make("Shop", &root, PKI_SERVER, T1990, T2046);
	expired = pki_make("Old", &root, PKI_CODE, T1990, T1990 + 100 * DAY);
	blank = pki_make("Blank", &root, PKI_NO_PURPOSE, T1990, T2046);
	weak = pki_make("Weak", &root, PKI_WEAK, T1990, T2046);
	lister = pki_make("Lister", &revoker, PKI_CODE, T1990, T2046);
	snprintf(dir, sizeof(dir), "/tmp/trust_test.XXXXXX");
	assert_non_null(mkdtemp(dir));
	pki_write(file("partner"), roots, 1);
	pki_write(file("certified"), roots + 1, 1);
	roots[0] = &revoker;
	pki_write(file("revocation"), roots, 1);
	if (trust_load(&trust, dir, &e))
		fail_msg("%s", e.text);
	return 0;
}

static int teardown(void **state)
{
	struct pki *all[] = { &root, &other,   &revoker, &middle, &signer,
			      &shop, &expired, &blank,	 &weak,	  &lister };

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		pki_free(all[i]);
	unlink(file("partner"));
	unlink(file("certified"));
	unlink(file("revocation"));
	unlink(file("many"));
	rmdir(dir);
	trust_free(trust);
	return 0;
}

static int check(const struct trust *t, const struct pki *by, const struct pki *also, time_t when,
		 struct trust_signature *s, struct err *e)
{
	size_t len;
	unsigned char *der = pki_sign(by, &also, also ? 1 : 0, TEXT, when, 0, &len);
	int rc = trust_verify(t, TEXT, strlen(TEXT), der, len, s, e);

	free(der);
	return rc;
}

static void refused(const struct pki *by, const struct pki *also, time_t when, const char *why)
{
	struct trust_signature s;
	struct err e = ERR_INIT;

	assert_int_equal(check(trust, by, also, when, &s, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	if (!strstr(e.text, why))
		fail_msg("wanted \"%s\", got \"%s\"", why, e.text);
}

static void good(void **state)
{
	struct trust_signature s;
	struct err e = ERR_INIT;

	(void)state;
	if (check(trust, &signer, &middle, T2026, &s, &e))
		fail_msg("%s", e.text);
	assert_int_equal(s.level, TRUST_PARTNER);
	assert_string_equal(s.signer, "CN = Acme");
	assert_string_equal(s.root, "CN = Partner root");
	assert_string_equal(s.time, "2026-01-01T00:00:00Z");
	assert_int_equal(s.n_keys, 3);
	assert_int_equal(strlen(s.keys[2]), 64);
	assert_string_not_equal(s.keys[0], s.keys[1]);
}

/* No clock is asked: what matters is the window of the certificates at the time of signing. */
static void times(void **state)
{
	struct trust_signature s;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(check(trust, &expired, NULL, T1990 + 50 * DAY, &s, &e), 0);
	refused(&expired, NULL, T1990 + 101 * DAY,
		"certificate CN = Old had expired at the signing time, 1990-04-12T00:00:00Z");
	refused(&expired, NULL, T1990 - DAY, "was not yet valid at the signing time, 1989-12-31");
	refused(&signer, &middle, T2046 + DAY, "had expired at the signing time, 2046-");
	refused(&signer, &middle, 0, "was not yet valid at the signing time, 1970-01-01");
}

static void purposes(void **state)
{
	(void)state;
	refused(&shop, NULL, T2026, "certificate CN = Shop is not for signing code");
	refused(&blank, NULL, T2026, "certificate CN = Blank is not for signing code");
	refused(&middle, NULL, T2026, "is that of an authority");
	refused(&root, NULL, T2026, "is that of an authority");
	refused(&weak, NULL, T2026, "certificate CN = Weak");
	/* The issuer did not come along. */
	refused(&signer, NULL, T2026, "CN = Acme leads to no root that is trusted");
	/* Those who may revoke are not those who sign bundles. */
	refused(&lister, NULL, T2026, "CN = Lister leads to no root that is trusted");
}

/* A certificate for signing code is no authority, whatever it issues. */
static void not_an_issuer(void **state)
{
	struct pki code = pki_make("Code", &root, PKI_CODE, T1990, T2046);
	struct pki below = pki_make("Below", &code, PKI_CODE, T1990, T2046);

	(void)state;
	refused(&below, &code, T2026, "invalid CA certificate");
	pki_free(&below);
	pki_free(&code);
}

static void forged(void **state)
{
	const struct pki *also = &middle;
	struct trust_signature s, first;
	struct err e = ERR_INIT;
	size_t len, accepted = 0;
	unsigned char *der = pki_sign(&signer, &also, 1, TEXT, T2026, 0, &len);

	(void)state;
	assert_int_equal(trust_verify(trust, TEXT " ", strlen(TEXT) + 1, der, len, &s, &e), -1);
	assert_non_null(strstr(e.text, "signature: does not fit"));
	assert_int_equal(trust_verify(trust, "", 0, der, len, &s, &e), -1);
	assert_int_equal(trust_verify(trust, TEXT, strlen(TEXT), der, len, &first, &e), 0);
	for (size_t cut = 0; cut < len; cut += len / 100)
		assert_int_equal(trust_verify(trust, TEXT, strlen(TEXT), der, cut, &s, &e), -1);
	/* What flipped bits do not break is not part of what was stated. */
	for (size_t i = 0; i < len; i++) {
		der[i] ^= (unsigned char)(1 << i % 8);
		if (!trust_verify(trust, TEXT, strlen(TEXT), der, len, &s, &e)) {
			assert_memory_equal(&s, &first, sizeof(s));
			accepted++;
		}
		der[i] ^= (unsigned char)(1 << i % 8);
	}
	assert_true(accepted < len / 20);
	free(der);
	der = pki_sign(&signer, &also, 1, TEXT, T2026, 1, &len);
	assert_int_equal(trust_verify(trust, TEXT, strlen(TEXT), der, len, &s, &e), -1);
	assert_string_equal(e.text, "signature: has content inside, though it is a detached one");
	der = realloc(der, len + 1);
	der[len] = 0;
	assert_int_equal(trust_verify(trust, TEXT, strlen(TEXT), der, len + 1, &s, &e), -1);
	assert_string_equal(e.text, "signature: there are bytes behind its end");
	free(der);
}

/* Old and new root side by side: what either signed is good. */
static void rotation(void **state)
{
	struct pki fresh = pki_make("Partner root 2", NULL, PKI_ROOT, T2026, T2046);
	struct pki by = pki_make("Acme 2", &fresh, PKI_CODE, T2026, T2046);
	const struct pki *both[] = { &root, &fresh };
	struct trust_signature s;
	struct err e = ERR_INIT;
	struct trust *t;

	(void)state;
	refused(&by, NULL, T2026 + DAY, "leads to no root");
	pki_write(file("many"), both, 2);
	assert_int_equal(trust_load(&t, dir, &e), 0);
	assert_int_equal(trust_add_roots(t, TRUST_PARTNER, file("many"), &e), 0);
	assert_int_equal(check(t, &by, NULL, T2026 + DAY, &s, &e), 0);
	assert_int_equal(s.level, TRUST_PARTNER);
	assert_int_equal(check(t, &signer, &middle, T2026, &s, &e), 0);
	trust_free(t);
	pki_free(&by);
	pki_free(&fresh);
}

static int put_list(struct trust *t, const struct pki *by, int number, const char *rest,
		    struct err *e)
{
	char text[1024];
	unsigned char *der;
	size_t len;
	int rc;

	snprintf(text, sizeof(text),
		 "{\"format\": 1, \"number\": %d, \"issued\": \"2026-01-01T00:00:00Z\"%s}", number,
		 rest);
	der = pki_sign(by, NULL, 0, text, T2026, 1, &len);
	rc = trust_revoke(t, der, len, e);
	free(der);
	return rc;
}

static void revoked(void **state)
{
	struct trust_signature s;
	struct err e = ERR_INIT;
	struct trust *t;
	char rest[512];

	(void)state;
	assert_int_equal(trust_load(&t, dir, &e), 0);
	assert_int_equal(trust_revocation(t)->number, 0);
	assert_int_equal(check(t, &signer, &middle, T2026, &s, &e), 0);
	/* What was signed before a key was retired stays good, what came after does not. */
	snprintf(rest, sizeof(rest),
		 ", \"keys\": [{\"sha256\": \"%s\", \"from\": \"2026-01-02T00:00:00Z\"}]",
		 s.keys[0]);
	assert_int_equal(put_list(t, &lister, 5, rest, &e), 1);
	assert_int_equal(check(t, &signer, &middle, T2026, &s, &e), 0);
	assert_int_equal(check(t, &signer, &middle, T2026 + DAY, &s, &e), -1);
	/* An issuer's key takes all below it along. */
	snprintf(rest, sizeof(rest), ", \"keys\": [{\"sha256\": \"%s\", \"reason\": \"lost\"}]",
		 s.keys[1]);
	assert_int_equal(put_list(t, &lister, 6, rest, &e), 1);
	assert_int_equal(check(t, &signer, &middle, T2026, &s, &e), -1);
	assert_non_null(strstr(e.text, "of an issuer of its signer is revoked: lost"));
	/* The same list again is none; an older or another one of that number is refused. */
	assert_int_equal(put_list(t, &lister, 6, rest, &e), 0);
	assert_int_equal(put_list(t, &lister, 6, "", &e), -1);
	assert_int_equal(e.kind, ERR_CONFLICT);
	assert_int_equal(put_list(t, &lister, 4, "", &e), -1);
	assert_string_equal(e.text, "revocation list: number 4, but list 6 is in force already");
	assert_int_equal(put_list(t, &lister, 7, "", &e), 1);
	assert_int_equal(check(t, &signer, &middle, T2026, &s, &e), 0);
	/* By the digest of the descriptor. */
	assert_int_equal(
		put_list(t, &lister, 8,
			 ", \"descriptors\": [{\"sha256\": "
			 "\"4bbb765a8565c0802f02ff533a9dfff57fa2b8d9876cc95fc87d2ba897ab89d7\"}]",
			 &e),
		1);
	assert_int_equal(check(t, &signer, &middle, T2026, &s, &e), -1);
	assert_string_equal(e.text, "signature: the bundle is revoked: no reason given");
	trust_free(t);
}

static void lists(void **state)
{
	static const char *const bad[] = {
		", \"keys\": 7",    ", \"keys\": [7]",	", \"keys\": [{\"sha256\": \"00\"}]",
		", \"keys\": [{}]", ", \"unknown\": 1", ", \"format\": 2",
		", \"number\": 0",
	};
	struct err e = ERR_INIT;
	struct trust *t;

	(void)state;
	assert_int_equal(trust_load(&t, dir, &e), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(put_list(t, &lister, 1, bad[i], &e), -1);
		assert_int_equal(e.kind, ERR_INVALID);
	}
	/* Whoever may sign bundles may not revoke. */
	assert_int_equal(put_list(t, &expired, 1, "", &e), -1);
	assert_int_equal(put_list(t, &shop, 1, "", &e), -1);
	assert_int_equal(trust_revoke(t, "", 0, &e), -1);
	assert_int_equal(trust_revocation(t)->number, 0);
	trust_free(t);
}

static void gates(void **state)
{
	struct bundle_descriptor d = { .name = "a", .acceptance_level = BUNDLE_PARTNER };
	struct trust_signature s = { .level = TRUST_PARTNER, .signer = "CN = Acme" };
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(trust_admit(&d, &s, TRUST_PARTNER, &e), 0);
	assert_int_equal(trust_admit(&d, &s, TRUST_UNSIGNED, &e), 0);
	assert_int_equal(trust_admit(&d, &s, TRUST_ACCEPTED, &e), -1);
	assert_int_equal(e.kind, ERR_DENIED);
	/* A stronger root does not lift what is stated. */
	s.level = TRUST_CERTIFIED;
	assert_int_equal(trust_admit(&d, &s, TRUST_ACCEPTED, &e), -1);
	s.level = TRUST_COMMUNITY;
	assert_int_equal(trust_admit(&d, &s, TRUST_UNSIGNED, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	assert_int_equal(trust_admit(&d, NULL, TRUST_UNSIGNED, &e), 0);
	assert_int_equal(trust_admit(&d, NULL, TRUST_COMMUNITY, &e), -1);
	assert_string_equal(
		e.text, "bundle a is not signed; acceptance level community or higher is wanted");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),	    cmocka_unit_test(times),
		cmocka_unit_test(purposes), cmocka_unit_test(not_an_issuer),
		cmocka_unit_test(forged),   cmocka_unit_test(rotation),
		cmocka_unit_test(revoked),  cmocka_unit_test(lists),
		cmocka_unit_test(gates),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
