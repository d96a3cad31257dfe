/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures as CMS structures (RFC 5652), by OpenSSL. */
#ifndef TARDISK_TRUST_CMS_H
#define TARDISK_TRUST_CMS_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>

#include "err.h"

/* One signer's signature that is mathematically good; who the signer is remains to be asked. */
struct cms_signed {
	X509 *signer;
	STACK_OF(X509) * others; /* all certificates that came along */
	ASN1_TIME *time;	 /* of signing */
	unsigned char *content;	 /* of an attached one, NUL behind; else NULL */
	size_t content_len;
};

/*
 * Takes a DER structure apart. content is what it is over, or NULL if that
 * must be inside. ERR_INVALID says what is wrong: more or less than one signer, no signing time, a
 * weak digest, bytes behind the end, or a signature that does not fit.
 */
int cms_open(struct cms_signed *s, const void *der, size_t len, const void *content,
	     size_t content_len, struct err *e);
void cms_close(struct cms_signed *s);

/*
 * Signs: *der is allocated (free()). time in seconds goes into the signed
 * attributes. others go along and may be NULL. attached: the content is inside. The same input
 * gives the same bytes with RSA keys.
 */
int cms_sign(X509 *signer, EVP_PKEY *key, STACK_OF(X509) * others, const void *content, size_t len,
	     time_t time, bool attached, unsigned char **der, size_t *der_len, struct err *e);

/* The last word of OpenSSL, for messages; forgets all others. Never NULL. */
const char *cms_reason(void);

#endif
