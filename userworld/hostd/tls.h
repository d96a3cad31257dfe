/* SPDX-License-Identifier: Apache-2.0 */
/* TLS of the management port: 1.2 and 1.3, forward secrecy and AEAD only. */
#ifndef HOSTD_TLS_H
#define HOSTD_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>

#include "err.h"

/*
 * Certificate (with its chain) and key are PEM. clients: they are asked for a certificate, and any
 * is taken, and none is as well. NULL if they cannot be used.
 */
SSL_CTX *tls_server(const char *cert, const char *key, bool clients, struct err *e);

/* Has OpenSSL read and open all that it will ever want, while files can be opened. */
void tls_prepare(void);

#endif
