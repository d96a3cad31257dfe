// SPDX-License-Identifier: Apache-2.0
#include "remote.h"

#include <errno.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "cleanup.h"
#include "exchange.h"
#include "file.h"
#include "secret.h"
#include "userworld/core/fetch/thumbprint.h"

#define PATIENCE 20 /* seconds until a host must have accepted a connection */

static struct {
	char host[REMOTE_HOST];
	char port[6];
	const char *thumbprint;
	const char *certificate, *key;	 /* files, or NULL: then there is a login */
	char login[2 * SECRET_MAX + 64]; /* value of the header Authorization */
} other;

bool remote_parse(const char *server, char host[static REMOTE_HOST], char port[static 6])
{
	const char *end = *server == '[' ? strchr(server, ']') : server + strcspn(server, ":");
	const char *from = *server == '[' ? server + 1 : server, *at;
	size_t len;

	strcpy(port, "443");
	if (!end || end == from || (size_t)(end - from) >= REMOTE_HOST)
		return false;
	memcpy(host, from, (size_t)(end - from));
	host[end - from] = '\0';
	at = end + (*server == '[');
	if (!*at)
		return strpbrk(host, " /@") == NULL;
	len = strlen(at + 1);
	if (*at != ':' || len == 0 || len > 5 || strspn(at + 1, "0123456789") != len)
		return false;
	strcpy(port, at + 1);
	return strpbrk(host, " /@") == NULL;
}

static int password_of(const struct cli_remote *r, const char *user, char out[static SECRET_MAX],
		       struct err *e)
{
	const char *given = getenv("VISORCLI_PASSWORD");
	_cleanup_free_ char *text = NULL;
	char prompt[REMOTE_HOST + 300];

	if (r->password_file) {
		if (file_read(r->password_file, SECRET_MAX, &text, NULL, e) < 0)
			return -1;
		text[strcspn(text, "\n")] = '\0';
		given = text;
	}
	if (!given) {
		snprintf(prompt, sizeof(prompt), "Password of %.128s on %s: ", user, other.host);
		return secret_ask(prompt, out, e);
	}
	if (strlen(given) >= SECRET_MAX)
		return err_set(e, ERR_INVALID, "the password has more than %d bytes",
			       SECRET_MAX - 1);
	strcpy(out, given);
	return 0;
}

/* HTTP Basic, RFC 7617. */
static int make_login(const char *user, const char *password, struct err *e)
{
	char pair[SECRET_MAX + 160];
	int len = snprintf(pair, sizeof(pair), "%s:%s", user, password);

	if (strlen(user) > 128 || strpbrk(user, ":\r\n"))
		return err_set(e, ERR_USAGE, "'%.64s' is no name of a user", user);
	strcpy(other.login, "Basic ");
	EVP_EncodeBlock((unsigned char *)other.login + 6, (unsigned char *)pair, len);
	explicit_bzero(pair, sizeof(pair));
	return 0;
}

int remote_connect(const struct cli_remote *r, struct err *e)
{
	const char *user = r->username ? r->username : "root";
	char password[SECRET_MAX];
	int rc;

	if (!remote_parse(r->server, other.host, other.port))
		return err_set(e, ERR_USAGE,
			       "--server: '%.128s' is neither HOST nor HOST:PORT nor "
			       "[ADDRESS]:PORT",
			       r->server);
	other.thumbprint = r->thumbprint;
	other.certificate = r->certificate;
	other.key = r->key;
	signal(SIGPIPE, SIG_IGN);
	if (r->certificate)
		return 0;
	rc = password_of(r, user, password, e);
	if (rc == 0)
		rc = make_login(user, password, e);
	explicit_bzero(password, sizeof(password));
	return rc;
}

/* By the thumbprint if there is one; what authorities say does not matter then. */
static int believe(SSL *ssl, struct err *e)
{
	X509 *certificate = SSL_get0_peer_certificate(ssl);
	char is[THUMBPRINT];
	long fault;

	if (!certificate || thumbprint_of(certificate, is) < 0)
		return err_set(e, ERR_DENIED, "%s shows no certificate", other.host);
	if (other.thumbprint)
		return thumbprint_same(is, other.thumbprint)
			       ? 0
			       : err_set(e, ERR_DENIED,
					 "%s is not the host of that thumbprint: its own is %s. "
					 "Nothing was sent",
					 other.host, is);
	fault = SSL_get_verify_result(ssl);
	if (fault == X509_V_OK)
		return 0;
	return err_set(e, ERR_DENIED,
		       "%s is not believed: %s. Nothing was sent. If its console shows this "
		       "thumbprint, too, repeat with --thumbprint=%s",
		       other.host, X509_verify_cert_error_string(fault), is);
}

static int no_tls(struct err *e)
{
	ERR_clear_error();
	return err_set(e, ERR_SYSTEM, "TLS cannot be set up");
}

static int unreachable(const char *why, struct err *e)
{
	return err_set(e, ERR_UNAVAILABLE, "Connect to %s failed: Connection failure (port %s: %s)",
		       other.host, other.port, why);
}

/* The first of its addresses that answers; a socket, or -1. */
static int dial(struct err *e)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	const struct timeval patience = { .tv_sec = PATIENCE };
	struct addrinfo *all = NULL;
	int rc = getaddrinfo(other.host, other.port, &hints, &all), fd = -1;

	if (rc != 0)
		return unreachable(gai_strerror(rc), e);
	for (struct addrinfo *a = all; a && fd < 0; a = a->ai_next) {
		fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, 0);
		if (fd < 0)
			continue;
		/* Holds for connect(2), too. */
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
		if (connect(fd, a->ai_addr, a->ai_addrlen) == 0)
			break;
		rc = errno == EINPROGRESS ? ETIMEDOUT : errno;
		close(fd);
		fd = -1;
	}
	freeaddrinfo(all);
	return fd >= 0 ? fd : unreachable(strerror(rc), e);
}

/* By name, which the server may want to know as well, or by address. */
static int expect_host(SSL *ssl)
{
	if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), other.host) == 1)
		return 0;
	return SSL_set1_host(ssl, other.host) == 1 && SSL_set_tlsext_host_name(ssl, other.host) == 1
		       ? 0
		       : -1;
}

static int ask(SSL_CTX *tls, BIO *bio, const char *op, json_t *params, json_t **result,
	       struct err *e)
{
	int fd = dial(e);
	SSL *ssl = NULL;

	if (fd < 0)
		return -1;
	BIO_push(bio, BIO_new_socket(fd, BIO_CLOSE));
	BIO_get_ssl(bio, &ssl);
	if (!BIO_next(bio) || !ssl || expect_host(ssl) < 0)
		return no_tls(e);
	SSL_CTX_set_verify(tls, SSL_VERIFY_NONE, NULL);
	if (BIO_do_handshake(bio) <= 0) {
		ERR_clear_error();
		return unreachable("no TLS", e);
	}
	/* Who is there is known before a word is said. */
	if (believe(ssl, e) < 0)
		return -1;
	return exchange(bio, other.host, other.certificate ? NULL : other.login, op, params, result,
			e);
}

/* No passphrase is asked for: a program has nobody to type it. */
static int no_passphrase(char *buf, int size, int writing, void *unused)
{
	(void)buf, (void)size, (void)writing, (void)unused;
	return -1;
}

static int bad_file(const char *path, struct err *e)
{
	const char *why = ERR_reason_error_string(ERR_peek_last_error());

	if (access(path, R_OK) < 0)
		return err_sys(e, errno, "%s", path);
	err_set(e, ERR_INVALID, "%s: cannot be used: %s", path, why ? why : "not PEM");
	ERR_clear_error();
	return -1;
}

static int take_certificate(SSL_CTX *tls, struct err *e)
{
	if (!other.certificate)
		return 0;
	SSL_CTX_set_default_passwd_cb(tls, no_passphrase);
	if (SSL_CTX_use_certificate_chain_file(tls, other.certificate) != 1)
		return bad_file(other.certificate, e);
	if (SSL_CTX_use_PrivateKey_file(tls, other.key, SSL_FILETYPE_PEM) != 1)
		return bad_file(other.key, e);
	return 0;
}

int remote_call(const char *op, json_t *params, json_t **result, struct err *e)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
	BIO *bio;
	int rc;

	if (!tls || SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_set_default_verify_paths(tls) != 1) {
		SSL_CTX_free(tls);
		return no_tls(e);
	}
	if (take_certificate(tls, e) < 0) {
		SSL_CTX_free(tls);
		return -1;
	}
	bio = BIO_new_ssl(tls, 1);
	rc = bio ? ask(tls, bio, op, params, result, e) : no_tls(e);
	BIO_free_all(bio);
	SSL_CTX_free(tls);
	return rc;
}
