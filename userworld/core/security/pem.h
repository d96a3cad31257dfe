/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates and keys in PEM, and whether they are fit to be used. Pure. */
#ifndef VISOR_CORE_SECURITY_PEM_H
#define VISOR_CORE_SECURITY_PEM_H

#include <jansson.h>
#include <openssl/x509.h>
#include <time.h>

#include "err.h"

#define PEM_CHAIN_MAX 8		/* certificates */
#define PEM_BITS_MIN 112	/* of security: RSA with 2048 bits, or P-256 */
#define PEM_TEXT_MAX (48 << 10) /* bytes: with the rest it fits the body of a request */

struct pem {
	X509 *chain[PEM_CHAIN_MAX]; /* the first is the owner's */
	size_t count;
	EVP_PKEY *key; /* NULL if there is none */
};

/* All that is in a text. ERR_INVALID; *p is empty then. */
int pem_read(const char *text, struct pem *p, struct err *e);
void pem_free(struct pem *p);

/*
 * Could a server use it from now on? There must be a key, which is the first certificate's, none of
 * them may be over, and each has to be issued by the next one. ERR_INVALID says what is wrong.
 */
int pem_check_server(const struct pem *p, time_t now, struct err *e);

/* Is the certificate good now, and its key strong enough? ERR_INVALID. */
int pem_check_one(X509 *certificate, time_t now, struct err *e);

/* The chain, or the key (PKCS #8), as PEM: allocated. */
char *pem_chain_text(const struct pem *p);
char *pem_key_text(const struct pem *p);

/* For people: subject, issuer, not_before, not_after, thumbprint, self_signed, names. */
json_t *pem_describe(X509 *certificate);

#endif
