/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * What the signature of a tardisk is made of: a CMS structure (RFC 5652) in
 * DER. The kernel's PKCS#7 code does the arithmetic and follows the chain; it
 * does not ask what a certificate is for, nor does it tell whose keys were
 * used. That is done here. Freestanding; input is hostile.
 */
#ifndef TARDISK_SIGNER_H
#define TARDISK_SIGNER_H

#include "tar.h"

#define TARDISK_CERTIFICATES 5 /* that a signature may carry: the signer's and those above */

struct tardisk_certificate {
	const unsigned char *der;
	uint32_t len;
	const unsigned char *key; /* SubjectPublicKeyInfo, in DER */
	uint32_t key_len;
	const unsigned char *issuer; /* in DER, as the next */
	uint32_t issuer_len;
	const unsigned char *serial;
	uint32_t serial_len;
	bool authority;	 /* may certify others */
	bool signs_code; /* extended key usage: code signing */
};

struct tardisk_signer {
	uint32_t count;
	uint32_t first; /* the signer's own */
	struct tardisk_certificate certificates[TARDISK_CERTIFICATES];
};

/*
 * Takes a signature apart. It must be signed data without content, one signer
 * with its certificate inside, SHA-256 or stronger, a signing time; the
 * signer's certificate for code and no authority's, all others authorities';
 * algorithms without parameters, and named alike where they are named twice;
 * each length in its shortest form, nothing left over. So no byte can be changed
 * without being noticed, here or by the arithmetic. NULL, or what is wrong.
 */
const char *tardisk_signer_init(struct tardisk_signer *s, const void *cms, uint32_t len);

/* The same of one certificate: NULL, or what is wrong. */
const char *tardisk_certificate_init(struct tardisk_certificate *c, const void *der, uint32_t len);

#endif
