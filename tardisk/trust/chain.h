/* SPDX-License-Identifier: Apache-2.0 */
/* From a signer's certificate to a root. */
#ifndef TARDISK_TRUST_CHAIN_H
#define TARDISK_TRUST_CHAIN_H

#include "cms.h"
#include "trust.h"

/* All roots of a PEM file; a missing file has none. */
int chain_load_roots(STACK_OF(X509) * *roots, const char *path, struct err *e);

/* Is the certificate for signing code, and no authority's? */
int chain_check_purpose(X509 *signer, struct err *e);

/*
 * Leads the signer's certificate to one of the roots, each certificate valid at
 * the signing time? 0 with keys, names and time in *out, else the verification
 * error of OpenSSL (X509_V_ERR_...), with the certificate at fault in name.
 */
int chain_build(const struct cms_signed *s, STACK_OF(X509) * roots, struct trust_signature *out,
		char name[static TRUST_SUBJECT_MAX]);

/* SHA-256 of the public key (SubjectPublicKeyInfo in DER). */
int chain_key_digest(const X509 *certificate, char hex[static 65]);

/* "CN=..., O=...": the name of the certificate. */
void chain_subject(const X509 *certificate, char text[static TRUST_SUBJECT_MAX]);

/* "2026-01-31T12:00:00Z" */
void chain_time(const ASN1_TIME *time, char text[static 21]);

#endif
