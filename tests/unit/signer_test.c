// SPDX-License-Identifier: Apache-2.0
/* What a signature must be made of for the kernel, beyond what its own code asks. */
#include <openssl/cms.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "tardisk/signer.h"
#include "tardisk/trust/chain.h"
#include "tests/unit/pki.h"
#include "tests/unit/unit.h"

#define NOW 1700000000
#define DAY 86400

static struct pki root, middle, code, server, blank;

static int setup(void **state)
{
	(void)state;
	root = pki_make("Root", NULL, PKI_ROOT, 0, NOW + DAY);
	middle = pki_make("Middle", &root, PKI_AUTHORITY, 0, NOW + DAY);
	code = pki_make("Code", &middle, PKI_CODE, 0, NOW + DAY);
	server = pki_make("Server", &root, PKI_SERVER, 0, NOW + DAY);
	blank = pki_make("Blank", &root, PKI_NO_PURPOSE, 0, NOW + DAY);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	pki_free(&root);
	pki_free(&middle);
	pki_free(&code);
	pki_free(&server);
	pki_free(&blank);
	return 0;
}

/* In a buffer of its own size, so that reading beyond it is noticed. */
static const char *fault_of(const unsigned char *der, size_t len)
{
	unsigned char *copy = malloc(len + !len);
	struct tardisk_signer s;
	const char *fault;

	memcpy(copy, der, len);
	fault = tardisk_signer_init(&s, copy, (uint32_t)len);
	free(copy);
	return fault;
}

static void refused(const struct pki *signer, const struct pki *const *others, size_t n,
		    const char *why)
{
	size_t len;
	unsigned char *der = pki_sign(signer, others, n, "text", NOW, 0, &len);
	const char *fault = fault_of(der, len);

	assert_non_null(fault);
	assert_string_equal(fault, why);
	free(der);
}

static void key_is(const struct tardisk_certificate *c, const struct pki *p)
{
	unsigned char *der = NULL;
	int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(p->certificate), &der);

	assert_int_equal(c->key_len, len);
	assert_memory_equal(c->key, der, (size_t)len);
	OPENSSL_free(der);
}

static void good(void **state)
{
	const struct pki *others[] = { &middle, &root };
	struct tardisk_signer s;
	size_t len;
	unsigned char *der = pki_sign(&code, others, 2, "text", NOW, 0, &len);
	const char *fault = tardisk_signer_init(&s, der, (uint32_t)len);

	(void)state;
	if (fault)
		fail_msg("%s", fault);
	assert_int_equal(s.count, 3);
	for (uint32_t i = 0; i < s.count; i++)
		assert_true(s.certificates[i].authority == (i != s.first));
	key_is(&s.certificates[s.first], &code);
	assert_true(s.certificates[s.first].signs_code);
	free(der);
}

static void purposes(void **state)
{
	const struct pki *others[] = { &code };

	(void)state;
	refused(&server, NULL, 0, "the certificate of its signer is not for signing code");
	refused(&blank, NULL, 0, "the certificate of its signer is not for signing code");
	refused(&root, NULL, 0, "the certificate of its signer is not for signing code");
	/* Who may sign code may not certify others who do. */
	others[0] = &server;
	refused(&code, others, 1, "a certificate is of one who is no authority");
}

static void certified_by_no_authority(void **state)
{
	struct pki minion = pki_make("Minion", &code, PKI_CODE, 0, NOW + DAY);
	const struct pki *others[] = { &code, &middle };

	(void)state;
	refused(&minion, others, 2, "a certificate is of one who is no authority");
	pki_free(&minion);
}

static void with_content(void **state)
{
	size_t len;
	unsigned char *der = pki_sign(&code, NULL, 0, "text", NOW, 1, &len);

	(void)state;
	assert_string_equal(fault_of(der, len), "it is not over data outside of it");
	free(der);
}

static void too_many_certificates(void **state)
{
	const struct pki *others[] = { &middle, &root, &server, &blank, &middle };
	struct pki more[3];

	(void)state;
	for (int i = 0; i < 3; i++)
		more[i] = pki_make("More", NULL, PKI_ROOT, 0, NOW + DAY);
	others[2] = &more[0];
	others[3] = &more[1];
	others[4] = &more[2];
	refused(&code, others, 5, "it carries more than five certificates");
	for (int i = 0; i < 3; i++)
		pki_free(&more[i]);
}

/* Options that OpenSSL has and the tools do not use. */
static const char *signed_with(const EVP_MD *digest, unsigned int flags, bool twice)
{
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL | CMS_DETACHED);
	BIO *in = BIO_new_mem_buf("text", 4);
	unsigned char *der = NULL;
	const char *fault;
	int len;

	for (int i = 0; i <= twice; i++)
		assert_non_null(CMS_add1_signer(cms, code.certificate, code.key, digest,
						flags | CMS_PARTIAL | (i ? CMS_NOCERTS : 0)));
	assert_int_equal(CMS_final(cms, in, NULL, CMS_BINARY | CMS_DETACHED), 1);
	len = i2d_CMS_ContentInfo(cms, &der);
	fault = fault_of(der, (size_t)len);
	OPENSSL_free(der);
	BIO_free(in);
	CMS_ContentInfo_free(cms);
	return fault;
}

static void other_forms(void **state)
{
	(void)state;
	assert_null(signed_with(EVP_sha256(), CMS_NOSMIMECAP, false));
	assert_null(signed_with(EVP_sha384(), CMS_NOSMIMECAP, false));
	assert_null(signed_with(EVP_sha512(), CMS_NOSMIMECAP, false));
	assert_string_equal(signed_with(EVP_sha1(), CMS_NOSMIMECAP, false),
			    "its digest is not SHA-256, SHA-384 or SHA-512");
	assert_string_equal(signed_with(EVP_sha224(), CMS_NOSMIMECAP, false),
			    "its digest is not SHA-256, SHA-384 or SHA-512");
	assert_string_equal(signed_with(EVP_sha256(), CMS_NOATTR, false), "it has no signing time");
	assert_string_equal(signed_with(EVP_sha256(), CMS_NOCERTS, false),
			    "the certificate of its signer is not inside");
	assert_string_equal(signed_with(EVP_sha256(), 0, true), "it must have one signer");
}

static void cut_short(void **state)
{
	const struct pki *others[] = { &middle };
	size_t len;
	unsigned char *der = pki_sign(&code, others, 1, "text", NOW, 0, &len);

	(void)state;
	assert_null(fault_of(der, len));
	for (size_t n = 0; n < len; n++)
		assert_non_null(fault_of(der, n));
	free(der);
}

/* Whether OpenSSL finds it in order, up to the root. */
static bool verifies(const unsigned char *der, size_t len, X509_STORE *store)
{
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &der, (long)len);
	BIO *text = BIO_new_mem_buf("text", 4);
	bool ok = cms && CMS_verify(cms, NULL, store, text, NULL, CMS_BINARY | CMS_DETACHED) == 1;

	BIO_free(text);
	CMS_ContentInfo_free(cms);
	ERR_clear_error();
	return ok;
}

/* Whatever is changed is noticed: by the reader, or by those who verify what passes it. */
static void any_byte_changed(void **state)
{
	const struct pki *others[] = { &middle };
	X509_STORE *store = X509_STORE_new();
	size_t len;
	unsigned char *der = pki_sign(&code, others, 1, "text", NOW, 0, &len);

	(void)state;
	assert_int_equal(X509_STORE_add_cert(store, root.certificate), 1);
	X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), NOW);
	X509_STORE_set_purpose(store, X509_PURPOSE_ANY);
	assert_null(fault_of(der, len));
	assert_true(verifies(der, len, store));
	for (size_t i = 0; i < len; i++) {
		for (int bit = 0; bit < 8; bit++) {
			der[i] ^= (unsigned char)(1 << bit);
			if (!fault_of(der, len) && verifies(der, len, store))
				fail_msg("bit %d of byte %zu of %zu has no meaning", bit, i, len);
			der[i] ^= (unsigned char)(1 << bit);
		}
	}
	X509_STORE_free(store);
	free(der);
}

static void a_certificate(void **state)
{
	struct tardisk_certificate c;
	unsigned char *der = NULL;
	int len = i2d_X509(root.certificate, &der);

	(void)state;
	assert_null(tardisk_certificate_init(&c, der, (uint32_t)len));
	assert_true(c.authority);
	assert_false(c.signs_code);
	key_is(&c, &root);
	assert_non_null(tardisk_certificate_init(&c, der, (uint32_t)len - 1));
	OPENSSL_free(der);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(purposes),
		cmocka_unit_test(certified_by_no_authority),
		cmocka_unit_test(with_content),
		cmocka_unit_test(too_many_certificates),
		cmocka_unit_test(other_forms),
		cmocka_unit_test(cut_short),
		cmocka_unit_test(any_byte_changed),
		cmocka_unit_test(a_certificate),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
