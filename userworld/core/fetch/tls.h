/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TLS of downloads: which web servers this host believes. Their certificates
 * must lead to one of the authorities that the image brings or the operator
 * adds, bear the server's name, and be valid by the host's clock: a server's
 * certificate says who serves, what is served has signatures of its own.
 */
#ifndef VISOR_CORE_FETCH_TLS_H
#define VISOR_CORE_FETCH_TLS_H

#include <openssl/ssl.h>

#include "err.h"

#define FETCH_ROOTS_IMAGE "/usr/share/visoros/trust/servers.pem"
#define FETCH_ROOTS_HOST "/etc/visoros/servers.pem"

/* For any number of connections. NULL: ERR_DENIED if the host believes nobody. */
SSL_CTX *fetch_tls_new(struct err *e);

/*
 * A connection to host. What is wrong with its certificate will be in *fault, as
 * X509_V_ERR_*, and must live as long as the connection.
 */
SSL *fetch_tls_connect(SSL_CTX *tls, const char *host, int *fault, struct err *e);

/* Why a server is not believed: ERR_DENIED. */
int fetch_tls_fault(const char *url, int fault, struct err *e);

#endif
