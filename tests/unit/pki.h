/* SPDX-License-Identifier: Apache-2.0 */
/* Authorities and certificates for tests, made on the spot. */
#ifndef TESTS_UNIT_PKI_H
#define TESTS_UNIT_PKI_H

#include <openssl/x509.h>
#include <time.h>

struct pki {
	X509 *certificate;
	EVP_PKEY *key;
};

enum pki_kind {
	PKI_ROOT,
	PKI_AUTHORITY,	/* between root and signer */
	PKI_CODE,	/* may sign code */
	PKI_SERVER,	/* for TLS servers */
	PKI_NO_PURPOSE, /* states none */
	PKI_WEAK,	/* may sign code, with an RSA key of 1024 bits */
};

/* A certificate of that name, issued by an authority (by itself if NULL), valid from..until. */
struct pki pki_make(const char *name, const struct pki *issuer, enum pki_kind kind, time_t from,
		    time_t until);
void pki_free(struct pki *p);

/* Writes n certificates as a PEM file. */
void pki_write(const char *path, const struct pki *const *list, size_t n);

/* Signs with others along (n of them): allocated DER. attached: the content inside. */
unsigned char *pki_sign(const struct pki *signer, const struct pki *const *others, size_t n,
			const char *text, time_t when, int attached, size_t *len);

#endif
