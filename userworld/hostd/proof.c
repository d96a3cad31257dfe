// SPDX-License-Identifier: Apache-2.0
/* What a request brings to show who makes it. */
#include "proof.h"

#include <event2/bufferevent_ssl.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

static const char *header(struct evhttp_request *request, const char *name)
{
	return evhttp_find_header(evhttp_request_get_input_headers(request), name);
}

static void take_token(const char *token, size_t len, struct proof *p)
{
	if (len > ASK_SECRET_MAX)
		return;
	p->kind = PROOF_TOKEN;
	memcpy(p->secret, token, len);
	p->secret[len] = '\0';
}

static bool take_cookie(const char *cookies, struct proof *p)
{
	size_t len = strlen(PROOF_COOKIE);

	while (cookies && *cookies) {
		cookies += strspn(cookies, "; ");
		if (!strncmp(cookies, PROOF_COOKIE, len) && cookies[len] == '=') {
			cookies += len + 1;
			take_token(cookies, strcspn(cookies, "; "), p);
			return p->kind == PROOF_TOKEN;
		}
		cookies += strcspn(cookies, ";");
	}
	return false;
}

/* "USER:PASSWORD" in base64. */
static void take_basic(const char *coded, struct proof *p)
{
	unsigned char plain[SESSION_USER + ASK_SECRET_MAX + 8];
	size_t coded_len = strlen(coded);
	char *colon;
	int len;

	if (coded_len == 0 || coded_len % 4 || coded_len / 4 * 3 >= sizeof(plain))
		return;
	len = EVP_DecodeBlock(plain, (const unsigned char *)coded, (int)coded_len);
	if (len < 0)
		return;
	plain[len] = '\0'; /* padding has been decoded to NULs */
	colon = strchr((char *)plain, ':');
	if (colon && colon != (char *)plain && colon - (char *)plain <= SESSION_USER &&
	    strlen(colon + 1) <= ASK_SECRET_MAX) {
		*colon = '\0';
		p->kind = PROOF_PASSWORD;
		strcpy(p->user, (char *)plain);
		strcpy(p->secret, colon + 1);
	}
	explicit_bzero(plain, sizeof(plain));
}

static bool same_origin(struct evhttp_request *request)
{
	const char *origin = header(request, "Origin");
	const char *host = header(request, "Host");

	if (!origin)
		return true;
	return host && !strncmp(origin, "https://", 8) && !strcasecmp(origin + 8, host);
}

bool proof_take(struct evhttp_request *request, struct proof *p)
{
	const char *given = header(request, "Authorization");

	memset(p, 0, sizeof(*p));
	if (given && !strncasecmp(given, "Bearer ", 7))
		take_token(given + 7, strlen(given + 7), p);
	else if (given && !strncasecmp(given, "Basic ", 6))
		take_basic(given + 6, p);
	else if (take_cookie(header(request, "Cookie"), p))
		return same_origin(request);
	return true;
}

bool proof_take_certificate(struct evhttp_request *request, struct proof *p, char **text)
{
	struct evhttp_connection *http = evhttp_request_get_connection(request);
	SSL *ssl = bufferevent_openssl_get_ssl(evhttp_connection_get_bufferevent(http));
	X509 *certificate = ssl ? SSL_get0_peer_certificate(ssl) : NULL;
	unsigned char *der = NULL;
	int len = certificate ? i2d_X509(certificate, &der) : 0;

	if (len > 0 && len <= ASK_DER_MAX && (*text = malloc(ASK_CERTIFICATE_MAX + 1))) {
		EVP_EncodeBlock((unsigned char *)*text, der, len);
		p->kind = PROOF_CERTIFICATE;
		p->certificate = *text;
	}
	OPENSSL_free(der);
	return p->kind == PROOF_NONE || same_origin(request);
}

static evutil_socket_t socket_of(struct evhttp_request *request)
{
	struct evhttp_connection *http = evhttp_request_get_connection(request);

	return bufferevent_getfd(evhttp_connection_get_bufferevent(http));
}

bool proof_is_local(struct evhttp_request *request)
{
	struct ucred peer = { .uid = (uid_t)-1 };
	socklen_t size = sizeof(peer);
	evutil_socket_t fd = socket_of(request);
	int domain = 0;
	socklen_t domain_size = sizeof(domain);

	return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &domain_size) == 0 &&
	       domain == AF_UNIX && getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
	       peer.uid == 0;
}

void proof_from(struct evhttp_request *request, char from[static ASK_FROM_MAX + 1])
{
	char *address = NULL;
	ev_uint16_t port;

	evhttp_connection_get_peer(evhttp_request_get_connection(request), &address, &port);
	if (address && !strncmp(address, "::ffff:", 7))
		address += 7; /* IPv4 on the socket of both */
	snprintf(from, ASK_FROM_MAX + 1, "%s", address ? address : "");
}
