// SPDX-License-Identifier: Apache-2.0
#include "tls.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include "userworld/core/internal.h"

/* 1 if there is such a file and its roots are believed now. */
static int add_roots(SSL_CTX *tls, const char *file, struct err *e)
{
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_ROOT, "%s", file) < 0)
		return -1;
	if (access(path, F_OK) < 0)
		return 0;
	if (SSL_CTX_load_verify_locations(tls, path, NULL) == 1)
		return 1;
	ERR_clear_error();
	return err_set(e, ERR_INVALID, "%s: has no certificates in PEM, or cannot be read", file);
}

static int on_verify(int good, X509_STORE_CTX *store)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	int *fault = SSL_get_app_data(ssl);

	if (!good)
		*fault = X509_STORE_CTX_get_error(store);
	return good;
}

SSL_CTX *fetch_tls_new(struct err *e)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
	int image, host;

	if (!tls) {
		err_set(e, ERR_SYSTEM, "TLS cannot be set up");
		return NULL;
	}
	SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
	SSL_CTX_set_verify(tls, SSL_VERIFY_PEER, on_verify);
	image = add_roots(tls, FETCH_ROOTS_IMAGE, e);
	host = image < 0 ? -1 : add_roots(tls, FETCH_ROOTS_HOST, e);
	if (host >= 0 && image + host > 0)
		return tls;
	if (host == 0)
		err_set(e, ERR_DENIED,
			"this host believes no web server: put the certificates of authorities "
			"that it shall believe into " FETCH_ROOTS_HOST);
	SSL_CTX_free(tls);
	return NULL;
}

SSL *fetch_tls_connect(SSL_CTX *tls, const char *host, int *fault, struct err *e)
{
	SSL *ssl = SSL_new(tls);

	*fault = X509_V_OK;
	if (ssl && SSL_set1_host(ssl, host) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1 &&
	    SSL_set_app_data(ssl, fault) == 1)
		return ssl;
	SSL_free(ssl);
	err_set(e, ERR_SYSTEM, "TLS cannot be set up for %.128s", host);
	return NULL;
}

int fetch_tls_fault(const char *url, int fault, struct err *e)
{
	switch (fault) {
	case X509_V_ERR_CERT_NOT_YET_VALID:
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return err_set(e, ERR_DENIED,
			       "%.128s: the server is not believed: %s, by this host's clock", url,
			       X509_verify_cert_error_string(fault));
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		return err_set(e, ERR_DENIED,
			       "%.128s: the server is not believed: its certificate leads to no "
			       "authority in " FETCH_ROOTS_HOST,
			       url);
	default:
		return err_set(e, ERR_DENIED, "%.128s: the server is not believed: %s", url,
			       X509_verify_cert_error_string(fault));
	}
}
