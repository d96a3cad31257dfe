/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people compare certificates by: the SHA-256 of a certificate, in upper case, bytes apart by
 * colons. The console shows that of hostd.
 */
#ifndef VISOR_CORE_FETCH_THUMBPRINT_H
#define VISOR_CORE_FETCH_THUMBPRINT_H

#include <openssl/x509.h>
#include <stdbool.h>

#define THUMBPRINT 96 /* bytes of the text, NUL included */

/* 0, or -1 if OpenSSL cannot. */
int thumbprint_of(const X509 *certificate, char out[static THUMBPRINT]);

/* The same, whatever the case of letters, and with colons or without? Pure. */
bool thumbprint_same(const char *a, const char *b);

#endif
