// SPDX-License-Identifier: Apache-2.0
#include "cms.h"

#include <errno.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

const char *cms_reason(void)
{
	unsigned long code = ERR_peek_last_error();
	const char *reason = ERR_reason_error_string(code);

	ERR_clear_error();
	return reason ? reason : "no reason given";
}

static int refuse(const char *what, struct err *e)
{
	ERR_clear_error();
	return err_set(e, ERR_INVALID, "signature: %s", what);
}

static int check_digest(CMS_SignerInfo *si, struct err *e)
{
	X509_ALGOR *digest = NULL;
	const ASN1_OBJECT *oid = NULL;
	int nid;

	CMS_SignerInfo_get0_algs(si, NULL, NULL, &digest, NULL);
	X509_ALGOR_get0(&oid, NULL, NULL, digest);
	nid = OBJ_obj2nid(oid);
	if (nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512)
		return 0;
	return refuse("its digest is not SHA-256, SHA-384 or SHA-512", e);
}

static int take_time(CMS_SignerInfo *si, struct cms_signed *s, struct err *e)
{
	static const int types[] = { V_ASN1_UTCTIME, V_ASN1_GENERALIZEDTIME };
	const ASN1_OBJECT *oid = OBJ_nid2obj(NID_pkcs9_signingTime);
	const ASN1_TIME *time = NULL;

	/* -3: exactly one attribute with exactly one value. */
	for (size_t i = 0; i < ARRAY_SIZE(types) && !time; i++)
		time = CMS_signed_get0_data_by_OBJ(si, oid, -3, types[i]);
	if (!time || ASN1_TIME_check(time) != 1)
		return refuse("it has no signing time", e);
	s->time = ASN1_STRING_dup(time);
	return s->time ? 0 : err_sys(e, ENOMEM, "signature");
}

/* Structure first: exactly one signer, with the certificate inside. */
static int take_signer(CMS_ContentInfo *cms, struct cms_signed *s, struct err *e)
{
	STACK_OF(CMS_SignerInfo) *infos = CMS_get0_SignerInfos(cms);
	CMS_SignerInfo *si;

	if (!infos || sk_CMS_SignerInfo_num(infos) != 1)
		return refuse("it must have one signer", e);
	si = sk_CMS_SignerInfo_value(infos, 0);
	if (check_digest(si, e) || take_time(si, s, e))
		return -1;
	s->others = CMS_get1_certs(cms);
	for (int i = 0; i < sk_X509_num(s->others) && !s->signer; i++)
		if (!CMS_SignerInfo_cert_cmp(si, sk_X509_value(s->others, i)))
			s->signer = X509_dup(sk_X509_value(s->others, i));
	return s->signer ? 0 : refuse("the certificate of its signer is not inside", e);
}

static int take_content(BIO *out, struct cms_signed *s, struct err *e)
{
	char *data;
	long len = BIO_get_mem_data(out, &data);

	s->content = malloc((size_t)len + 1);
	if (!s->content)
		return err_sys(e, ENOMEM, "signature");
	memcpy(s->content, data, (size_t)len);
	s->content[len] = '\0';
	s->content_len = (size_t)len;
	return 0;
}

static int check_signature(CMS_ContentInfo *cms, struct cms_signed *s, BIO *in, struct err *e)
{
	BIO *out = BIO_new(BIO_s_mem());
	int rc;

	if (!out)
		return err_sys(e, ENOMEM, "signature");
	if (CMS_verify(cms, NULL, NULL, in, out, CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY) != 1)
		rc = err_set(e, ERR_INVALID, "signature: does not fit: %s", cms_reason());
	else
		rc = in ? 0 : take_content(out, s, e);
	BIO_free(out);
	return rc;
}

static int open_cms(struct cms_signed *s, CMS_ContentInfo *cms, BIO *in, struct err *e)
{
	ASN1_OCTET_STRING **inside;

	if (OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed)
		return refuse("it is no CMS structure of signed data", e);
	inside = CMS_get0_content(cms);
	if (!inside || !*inside != !!in)
		return refuse(in ? "has content inside, though it is a detached one"
				 : "has no content inside",
			      e);
	return take_signer(cms, s, e) ? -1 : check_signature(cms, s, in, e);
}

/*
 * What is read through a filter is not copied by CMS_verify(). OpenSSL 3.0.19 copies a BIO in
 * memory, and loses the copy if the structure is refused early: whoever sends forged bundles would
 * cost the host memory.
 */
static BIO *read_content(const void *content, size_t len)
{
	BIO *filter = BIO_new(BIO_f_null());
	BIO *memory = BIO_new_mem_buf(content, (int)len);

	if (filter && memory)
		return BIO_push(filter, memory);
	BIO_free(filter);
	BIO_free(memory);
	return NULL;
}

int cms_open(struct cms_signed *s, const void *der, size_t len, const void *content,
	     size_t content_len, struct err *e)
{
	const unsigned char *p = der;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, (long)len);
	BIO *in = NULL;
	int rc;

	memset(s, 0, sizeof(*s));
	if (!cms)
		return refuse("it is no CMS structure", e);
	if (content)
		in = read_content(content, content_len);
	if (content && !in)
		rc = err_sys(e, ENOMEM, "signature");
	else if (p != (const unsigned char *)der + len)
		rc = refuse("there are bytes behind its end", e);
	else
		rc = open_cms(s, cms, in, e);
	BIO_free_all(in);
	CMS_ContentInfo_free(cms);
	if (rc)
		cms_close(s);
	return rc;
}

void cms_close(struct cms_signed *s)
{
	X509_free(s->signer);
	sk_X509_pop_free(s->others, X509_free);
	ASN1_STRING_free(s->time);
	free(s->content);
	memset(s, 0, sizeof(*s));
}

/* OpenSSL adds the present time unless one is there. */
static bool add_signer(CMS_ContentInfo *cms, X509 *signer, EVP_PKEY *key, time_t time)
{
	ASN1_TIME *asn1 = ASN1_TIME_adj(NULL, time, 0, 0);
	CMS_SignerInfo *si = CMS_add1_signer(cms, signer, key, EVP_sha256(),
					     CMS_PARTIAL | CMS_BINARY | CMS_NOSMIMECAP);
	bool done = si && asn1 &&
		    CMS_signed_add1_attr_by_NID(si, NID_pkcs9_signingTime, asn1->type, asn1, -1);

	ASN1_TIME_free(asn1);
	return done;
}

static bool fill(CMS_ContentInfo *cms, STACK_OF(X509) * others, BIO *in, unsigned int flags)
{
	for (int i = 0; i < sk_X509_num(others); i++)
		if (!CMS_add1_cert(cms, sk_X509_value(others, i)))
			return false;
	return CMS_final(cms, in, NULL, flags) == 1;
}

int cms_sign(X509 *signer, EVP_PKEY *key, STACK_OF(X509) * others, const void *content, size_t len,
	     time_t time, bool attached, unsigned char **der, size_t *der_len, struct err *e)
{
	unsigned int flags = CMS_BINARY | CMS_PARTIAL | (attached ? 0 : CMS_DETACHED);
	BIO *in = BIO_new_mem_buf(content, (int)len);
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, flags);
	unsigned char *data = NULL;
	int n = -1;

	if (in && cms && add_signer(cms, signer, key, time) && fill(cms, others, in, flags))
		n = i2d_CMS_ContentInfo(cms, &data);
	BIO_free_all(in);
	CMS_ContentInfo_free(cms);
	if (n < 0)
		return err_set(e, ERR_SYSTEM, "cannot sign: %s", cms_reason());
	*der = malloc((size_t)n);
	if (*der)
		memcpy(*der, data, (size_t)n);
	OPENSSL_free(data);
	*der_len = (size_t)n;
	return *der ? 0 : err_sys(e, ENOMEM, "signature");
}
