// SPDX-License-Identifier: Apache-2.0
#include "chain.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"

/* Keys and digests as strong as RSA of 2048 bits and SHA-256, or stronger. */
#define SECURITY_LEVEL 2

int chain_load_roots(STACK_OF(X509) * *roots, const char *path, struct err *e)
{
	_cleanup_fclose_ FILE *f = fopen(path, "re");
	X509 *certificate;

	if (!*roots && !(*roots = sk_X509_new_null()))
		return err_sys(e, ENOMEM, "%s", path);
	if (!f)
		return errno == ENOENT ? 0 : err_sys(e, errno, "%s", path);
	while ((certificate = PEM_read_X509(f, NULL, NULL, NULL))) {
		if (!sk_X509_push(*roots, certificate)) {
			X509_free(certificate);
			return err_sys(e, ENOMEM, "%s", path);
		}
	}
	if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE)
		return err_set(e, ERR_INVALID, "%.300s: no certificates: %s", path, cms_reason());
	ERR_clear_error();
	return 0;
}

void chain_subject(const X509 *certificate, char text[static TRUST_SUBJECT_MAX])
{
	BIO *out = BIO_new(BIO_s_mem());
	int n = 0;

	/* Escapes all that is not printable ASCII. */
	if (out && X509_NAME_print_ex(out, X509_get_subject_name(certificate), 0,
				      XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_QUOTE) >= 0)
		n = BIO_read(out, text, TRUST_SUBJECT_MAX - 1);
	text[n > 0 ? n : 0] = '\0';
	BIO_free(out);
}

int chain_key_digest(const X509 *certificate, char hex[static 65])
{
	unsigned char digest[EVP_MAX_MD_SIZE], *der = NULL;
	int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
	unsigned int len = 0;
	bool done = n > 0 && EVP_Digest(der, (size_t)n, digest, &len, EVP_sha256(), NULL) == 1;

	OPENSSL_free(der);
	for (unsigned int i = 0; done && i < len; i++)
		snprintf(hex + (size_t)2 * i, 3, "%02x", digest[i]);
	return done ? 0 : -1;
}

void chain_time(const ASN1_TIME *time, char text[static 21])
{
	struct tm tm = { 0 };

	if (!ASN1_TIME_to_tm(time, &tm) || !strftime(text, 21, "%Y-%m-%dT%H:%M:%SZ", &tm))
		strcpy(text, "1970-01-01T00:00:00Z");
}

int chain_check_purpose(X509 *signer, struct err *e)
{
	char name[TRUST_SUBJECT_MAX];
	uint32_t flags = X509_get_extension_flags(signer);
	const char *fault = NULL;

	if (flags & (EXFLAG_INVALID | EXFLAG_CRITICAL))
		fault = "has extensions that are damaged or not known";
	else if (flags & EXFLAG_CA)
		fault = "is that of an authority, which may not sign code itself";
	else if (!(flags & EXFLAG_XKUSAGE) ||
		 !(X509_get_extended_key_usage(signer) & XKU_CODE_SIGN))
		fault = "is not for signing code";
	else if ((flags & EXFLAG_KUSAGE) && !(X509_get_key_usage(signer) & KU_DIGITAL_SIGNATURE))
		fault = "is not for digital signatures";
	if (!fault)
		return 0;
	chain_subject(signer, name);
	return err_set(e, ERR_INVALID, "signature: certificate %s %s", name, fault);
}

static int note_chain(X509_STORE_CTX *ctx, struct trust_signature *out)
{
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_chain(ctx);
	int n = sk_X509_num(chain);

	if (n < 1 || n > TRUST_CHAIN_MAX)
		return X509_V_ERR_CERT_CHAIN_TOO_LONG;
	for (int i = 0; i < n; i++)
		if (chain_key_digest(sk_X509_value(chain, i), out->keys[i]))
			return X509_V_ERR_OUT_OF_MEM;
	out->n_keys = (size_t)n;
	chain_subject(sk_X509_value(chain, 0), out->signer);
	chain_subject(sk_X509_value(chain, n - 1), out->root);
	return X509_V_OK;
}

static int verify(X509_STORE_CTX *ctx, const struct cms_signed *s, STACK_OF(X509) * roots,
		  struct trust_signature *out, char name[static TRUST_SUBJECT_MAX])
{
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);
	struct tm tm = { 0 };

	if (!ASN1_TIME_to_tm(s->time, &tm))
		return X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD;
	X509_STORE_CTX_set0_trusted_stack(ctx, roots);
	X509_VERIFY_PARAM_set_time(param, timegm(&tm));
	X509_VERIFY_PARAM_set_depth(param, TRUST_CHAIN_MAX - 2);
	X509_VERIFY_PARAM_set_auth_level(param, SECURITY_LEVEL);
	if (X509_verify_cert(ctx) == 1)
		return note_chain(ctx, out);
	chain_subject(X509_STORE_CTX_get_current_cert(ctx) ?: s->signer, name);
	return X509_STORE_CTX_get_error(ctx) ?: X509_V_ERR_UNSPECIFIED;
}

int chain_build(const struct cms_signed *s, STACK_OF(X509) * roots, struct trust_signature *out,
		char name[static TRUST_SUBJECT_MAX])
{
	X509_STORE *none = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	int rc = X509_V_ERR_OUT_OF_MEM;

	name[0] = '\0';
	if (none && ctx && X509_STORE_CTX_init(ctx, none, s->signer, s->others) == 1)
		rc = verify(ctx, s, roots, out, name);
	chain_time(s->time, out->time);
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(none);
	ERR_clear_error();
	return rc;
}
