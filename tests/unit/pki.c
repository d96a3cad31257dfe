// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/pki.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "tardisk/trust/cms.h"
#include "tests/unit/unit.h"

static void extend(X509 *certificate, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	assert_non_null(extension);
	assert_int_equal(X509_add_ext(certificate, extension, -1), 1);
	X509_EXTENSION_free(extension);
}

static void set_kind(X509 *certificate, enum pki_kind kind)
{
	if (kind == PKI_ROOT || kind == PKI_AUTHORITY) {
		extend(certificate, NID_basic_constraints, "critical,CA:TRUE");
		extend(certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
		return;
	}
	extend(certificate, NID_basic_constraints, "critical,CA:FALSE");
	extend(certificate, NID_key_usage, "critical,digitalSignature");
	if (kind == PKI_CODE || kind == PKI_WEAK)
		extend(certificate, NID_ext_key_usage, "codeSigning");
	if (kind == PKI_SERVER) {
		extend(certificate, NID_ext_key_usage, "serverAuth");
		extend(certificate, NID_subject_alt_name, "IP:127.0.0.1");
	}
}

struct pki pki_make(const char *name, const struct pki *issuer, enum pki_kind kind, time_t from,
		    time_t until)
{
	static long serial;
	struct pki p = { X509_new(), NULL };
	X509_NAME *subject = X509_get_subject_name(p.certificate);

	p.key = kind == PKI_WEAK ? EVP_RSA_gen(1024) : EVP_EC_gen("P-256");
	assert_non_null(p.key);
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1,
				   0);
	X509_set_version(p.certificate, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(p.certificate), ++serial);
	X509_set_issuer_name(p.certificate,
			     issuer ? X509_get_subject_name(issuer->certificate) : subject);
	ASN1_TIME_adj(X509_getm_notBefore(p.certificate), from, 0, 0);
	ASN1_TIME_adj(X509_getm_notAfter(p.certificate), until, 0, 0);
	X509_set_pubkey(p.certificate, p.key);
	set_kind(p.certificate, kind);
	assert_true(X509_sign(p.certificate, issuer ? issuer->key : p.key, EVP_sha256()) > 0);
	return p;
}

void pki_free(struct pki *p)
{
	X509_free(p->certificate);
	EVP_PKEY_free(p->key);
}

void pki_write(const char *path, const struct pki *const *list, size_t n)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(PEM_write_X509(f, list[i]->certificate), 1);
	fclose(f);
}

unsigned char *pki_sign(const struct pki *signer, const struct pki *const *others, size_t n,
			const char *text, time_t when, int attached, size_t *len)
{
	STACK_OF(X509) *list = sk_X509_new_null();
	struct err e = ERR_INIT;
	unsigned char *der;

	for (size_t i = 0; i < n; i++)
		sk_X509_push(list, others[i]->certificate);
	if (cms_sign(signer->certificate, signer->key, list, text, strlen(text), when, attached,
		     &der, len, &e))
		fail_msg("%s", e.text);
	sk_X509_free(list);
	return der;
}
