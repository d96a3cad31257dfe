// SPDX-License-Identifier: Apache-2.0
/* TLS of the management port. */
#include "tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <stdbool.h>

#include "cert.h"

#define CLIENT_CHAIN_MAX (32 << 10) /* bytes of what a client may show */

static const char suites[] = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
			     "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
			     "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

static int tls_fail(struct err *e, const char *path)
{
	return err_set(e, ERR_INVALID, "%s: %s", path,
		       ERR_reason_error_string(ERR_get_error()) ?: "cannot be used");
}

/* The first certificate is the host's, those that follow lead to one that clients trust. */
static int load_cert(SSL_CTX *ctx, BIO *pem, struct err *e)
{
	X509 *cert = PEM_read_bio_X509(pem, NULL, NULL, NULL);
	int good = cert ? SSL_CTX_use_certificate(ctx, cert) : 0;

	X509_free(cert);
	if (good != 1)
		return tls_fail(e, CERT_FILE);
	while ((cert = PEM_read_bio_X509(pem, NULL, NULL, NULL))) {
		if (SSL_CTX_add0_chain_cert(ctx, cert) != 1) {
			X509_free(cert);
			return tls_fail(e, CERT_FILE);
		}
	}
	ERR_clear_error(); /* the end of the text is no failure */
	return 0;
}

static int load_key(SSL_CTX *ctx, BIO *pem, struct err *e)
{
	EVP_PKEY *key = PEM_read_bio_PrivateKey(pem, NULL, NULL, NULL);
	bool good =
		key && SSL_CTX_use_PrivateKey(ctx, key) == 1 && SSL_CTX_check_private_key(ctx) == 1;

	EVP_PKEY_free(key);
	return good ? 0 : tls_fail(e, CERT_KEY);
}

static int load(SSL_CTX *ctx, const char *cert, const char *key, struct err *e)
{
	BIO *cert_pem = BIO_new_mem_buf(cert, -1), *key_pem = BIO_new_mem_buf(key, -1);
	int rc = -1;

	if (!cert_pem || !key_pem)
		err_set(e, ERR_NO_SPACE, "out of memory");
	else if (load_cert(ctx, cert_pem, e) == 0)
		rc = load_key(ctx, key_pem, e);
	BIO_free(cert_pem);
	BIO_free(key_pem);
	return rc;
}

void tls_prepare(void)
{
	unsigned char byte;

	OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS | OPENSSL_INIT_LOAD_CRYPTO_STRINGS, NULL);
	RAND_bytes(&byte, 1);
	SSL_CTX_free(SSL_CTX_new(TLS_server_method()));
}

/* Whose certificate it is the executor knows. Its key the client has shown by the handshake. */
static int take_any(X509_STORE_CTX *store, void *unused)
{
	(void)store, (void)unused;
	return 1;
}

/* No authorities are named: a certificate is registered, whoever has issued it. */
static void ask_clients(SSL_CTX *ctx)
{
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_cert_verify_callback(ctx, take_any, NULL);
	SSL_CTX_set_max_cert_list(ctx, CLIENT_CHAIN_MAX);
}

SSL_CTX *tls_server(const char *cert, const char *key, bool clients, struct err *e)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	if (!ctx || SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_set_cipher_list(ctx, suites) != 1) {
		SSL_CTX_free(ctx);
		err_set(e, ERR_SYSTEM, "TLS cannot be set up");
		return NULL;
	}
	if (load(ctx, cert, key, e) < 0) {
		SSL_CTX_free(ctx);
		return NULL;
	}
	/* Nor tickets: a client's certificate is looked at with each connection. */
	SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
					 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_TICKET);
	SSL_CTX_set_num_tickets(ctx, 0);
	if (clients)
		ask_clients(ctx);
	/* An idle connection holds no buffers; each full handshake is cheap with P-256. */
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	return ctx;
}
