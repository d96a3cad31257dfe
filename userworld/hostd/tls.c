// SPDX-License-Identifier: Apache-2.0
/* TLS of the management port. */
#include "tls.h"

#include <limits.h>
#include <openssl/err.h>
#include <stdio.h>

#include "cert.h"

static const char suites[] = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
			     "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
			     "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

static int tls_fail(struct err *e, const char *path)
{
	return err_set(e, ERR_INVALID, "%s: %s", path,
		       ERR_reason_error_string(ERR_get_error()) ?: "cannot be used");
}

static int load(SSL_CTX *ctx, const char *root, struct err *e)
{
	char key[PATH_MAX], cert[PATH_MAX];

	snprintf(key, sizeof(key), "%s%s", root, CERT_KEY);
	snprintf(cert, sizeof(cert), "%s%s", root, CERT_FILE);
	if (SSL_CTX_use_certificate_chain_file(ctx, cert) != 1)
		return tls_fail(e, cert);
	if (SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_check_private_key(ctx) != 1)
		return tls_fail(e, key);
	return 0;
}

SSL_CTX *tls_server(const char *root, struct err *e)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	if (!ctx || SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_set_cipher_list(ctx, suites) != 1) {
		SSL_CTX_free(ctx);
		err_set(e, ERR_SYSTEM, "TLS cannot be set up");
		return NULL;
	}
	if (load(ctx, root, e) < 0) {
		SSL_CTX_free(ctx);
		return NULL;
	}
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
					 SSL_OP_CIPHER_SERVER_PREFERENCE);
	/* An idle connection holds no buffers; each full handshake is cheap with P-256. */
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	return ctx;
}
