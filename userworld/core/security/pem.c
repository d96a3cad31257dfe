// SPDX-License-Identifier: Apache-2.0
/* Certificates and keys in PEM. */
#include "pem.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "userworld/core/fetch/thumbprint.h"
#include "utc.h"

#define NAME_MAX_LEN 256

static int no_passphrase(char *buf, int size, int rw, void *arg)
{
	(void)buf, (void)size, (void)rw, (void)arg;
	return -1;
}

void pem_free(struct pem *p)
{
	for (size_t i = 0; i < p->count; i++)
		X509_free(p->chain[i]);
	EVP_PKEY_free(p->key);
	memset(p, 0, sizeof(*p));
}

static int read_chain(BIO *in, struct pem *p, struct err *e)
{
	X509 *one;

	while ((one = PEM_read_bio_X509(in, NULL, no_passphrase, NULL))) {
		if (p->count == PEM_CHAIN_MAX) {
			X509_free(one);
			return err_set(e, ERR_INVALID, "more than %d certificates", PEM_CHAIN_MAX);
		}
		p->chain[p->count++] = one;
	}
	/* Its end is no failure; one that cannot be read is. */
	if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		return err_set(e, ERR_INVALID, "block %zu of it cannot be read: %s", p->count + 1,
			       ERR_reason_error_string(ERR_peek_last_error()) ?: "?");
	return p->count ? 0 : err_set(e, ERR_INVALID, "there is no certificate in it (PEM)");
}

static int read_key(const char *text, struct pem *p, struct err *e)
{
	BIO *in;

	if (!strstr(text, "PRIVATE KEY-----"))
		return 0;
	in = BIO_new_mem_buf(text, -1);
	p->key = in ? PEM_read_bio_PrivateKey(in, NULL, no_passphrase, NULL) : NULL;
	BIO_free(in);
	if (!p->key)
		return err_set(e, ERR_INVALID,
			       "the key cannot be read; one with a passphrase has to be decrypted "
			       "first ('openssl pkey')");
	return 0;
}

int pem_read(const char *text, struct pem *p, struct err *e)
{
	BIO *in = BIO_new_mem_buf(text, -1);
	int rc;

	memset(p, 0, sizeof(*p));
	ERR_clear_error();
	rc = in ? read_chain(in, p, e) : err_set(e, ERR_NO_SPACE, "out of memory");
	BIO_free(in);
	if (rc == 0)
		rc = read_key(text, p, e);
	ERR_clear_error();
	if (rc < 0)
		pem_free(p);
	return rc;
}

static void common_name(const X509 *certificate, char out[static NAME_MAX_LEN])
{
	if (!X509_NAME_oneline(X509_get_subject_name(certificate), out, NAME_MAX_LEN))
		strcpy(out, "?");
}

int pem_check_one(X509 *certificate, time_t now, struct err *e)
{
	EVP_PKEY *key = X509_get0_pubkey(certificate);
	char name[NAME_MAX_LEN];

	common_name(certificate, name);
	if (X509_cmp_time(X509_get0_notAfter(certificate), &now) < 0)
		return err_set(e, ERR_INVALID, "certificate of %s has expired", name);
	if (X509_cmp_time(X509_get0_notBefore(certificate), &now) > 0)
		return err_set(e, ERR_INVALID,
			       "certificate of %s is not valid yet: is the host's clock right?",
			       name);
	if (!key || EVP_PKEY_get_security_bits(key) < PEM_BITS_MIN)
		return err_set(e, ERR_INVALID,
			       "the key of %s is too short: RSA with 2048 bits or P-256 at least",
			       name);
	return 0;
}

int pem_check_server(const struct pem *p, time_t now, struct err *e)
{
	if (!p->key)
		return err_set(e, ERR_INVALID, "there is no private key in it");
	if (X509_check_private_key(p->chain[0], p->key) != 1) {
		ERR_clear_error();
		return err_set(
			e, ERR_INVALID,
			"the key is not that of the first certificate: the host's own has to "
			"come first");
	}
	for (size_t i = 0; i < p->count; i++) {
		if (pem_check_one(p->chain[i], now, e) < 0)
			return -1;
		if (i + 1 < p->count &&
		    (X509_check_issued(p->chain[i + 1], p->chain[i]) != X509_V_OK ||
		     X509_verify(p->chain[i], X509_get0_pubkey(p->chain[i + 1])) != 1)) {
			ERR_clear_error();
			return err_set(e, ERR_INVALID,
				       "certificate %zu is not issued by the one that follows it",
				       i + 1);
		}
	}
	return 0;
}

/* The text of a BIO, which is freed. */
static char *text_of(BIO *out, int good)
{
	char *data, *text = NULL;
	long len = out ? BIO_get_mem_data(out, &data) : 0;

	if (out && good)
		text = strndup(data, (size_t)len);
	BIO_free(out);
	return text;
}

char *pem_chain_text(const struct pem *p)
{
	BIO *out = BIO_new(BIO_s_mem());
	int good = out != NULL;

	for (size_t i = 0; i < p->count && good; i++)
		good = PEM_write_bio_X509(out, p->chain[i]);
	return text_of(out, good);
}

char *pem_key_text(const struct pem *p)
{
	BIO *out = BIO_new(BIO_s_secmem());

	return text_of(
		out, out && PEM_write_bio_PKCS8PrivateKey(out, p->key, NULL, NULL, 0, NULL, NULL));
}

static char *time_text(const ASN1_TIME *when, char out[static UTC_MAX])
{
	struct tm tm;

	if (ASN1_TIME_to_tm(when, &tm) != 1)
		strcpy(out, "");
	else
		utc_text(timegm(&tm), out);
	return out;
}

/* Names that the certificate is for: DNS and addresses. */
static json_t *names_of(X509 *certificate)
{
	GENERAL_NAMES *all = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	json_t *list = json_array();

	for (int i = 0; i < sk_GENERAL_NAME_num(all); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(all, i);
		BIO *out = BIO_new(BIO_s_mem());
		char *text, *colon;

		text = text_of(out, out && GENERAL_NAME_print(out, (GENERAL_NAME *)name) == 1);
		colon = text ? strchr(text, ':') : NULL;
		if (colon)
			json_array_append_new(list, json_string(colon + 1));
		free(text);
	}
	GENERAL_NAMES_free(all);
	return list;
}

static char *name_text(X509_NAME *name)
{
	BIO *out = BIO_new(BIO_s_mem());

	return text_of(out,
		       out && X509_NAME_print_ex(out, name, 0,
						 XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0);
}

json_t *pem_describe(X509 *certificate)
{
	char *subject = name_text(X509_get_subject_name(certificate));
	char *issuer = name_text(X509_get_issuer_name(certificate));
	char from[UTC_MAX], until[UTC_MAX], thumbprint[THUMBPRINT] = "";
	json_t *row;

	thumbprint_of(certificate, thumbprint);
	row = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:o}", "subject", subject ?: "", "issuer",
			issuer ?: "", "not_before",
			time_text(X509_get0_notBefore(certificate), from), "not_after",
			time_text(X509_get0_notAfter(certificate), until), "thumbprint", thumbprint,
			"self_signed", X509_self_signed(certificate, 0) == 1, "names",
			names_of(certificate));
	free(subject);
	free(issuer);
	return row;
}
