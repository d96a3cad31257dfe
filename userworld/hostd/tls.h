/* SPDX-License-Identifier: Apache-2.0 */
/* TLS of the management port: 1.2 and 1.3, forward secrecy and AEAD only. */
#ifndef HOSTD_TLS_H
#define HOSTD_TLS_H

#include <openssl/ssl.h>

#include "err.h"

/* root is put before the paths of key and certificate. NULL on failure. */
SSL_CTX *tls_server(const char *root, struct err *e);

#endif
