// SPDX-License-Identifier: Apache-2.0
/* Syslog over TCP (RFC 6587, octet counting) and TLS (RFC 5425). */
#include <arpa/inet.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "target.h"

#define AHEAD 16384	 /* bytes given to a connection before it has sent them */
#define STUCK_SECONDS 30 /* a connection that takes nothing for so long is dead */

/* Only what the other end takes counts: with an empty buffer all of it is on its way. */
static void on_written(struct bufferevent *b, void *arg)
{
	struct target *t = arg;

	if (evbuffer_get_length(bufferevent_get_output(b)) == 0)
		target_took(t);
	target_pump(t);
}

/* Collectors say nothing; what they say is not looked at. */
static void on_read(struct bufferevent *b, void *arg)
{
	struct evbuffer *in = bufferevent_get_input(b);

	(void)arg;
	evbuffer_drain(in, evbuffer_get_length(in));
}

static const char *tls_reason(struct bufferevent *b)
{
	unsigned long code = bufferevent_get_openssl_error(b);
	SSL *ssl = bufferevent_openssl_get_ssl(b);
	long verified = ssl ? SSL_get_verify_result(ssl) : X509_V_OK;

	if (verified != X509_V_OK)
		return X509_verify_cert_error_string(verified);
	return code ? ERR_reason_error_string(code) : NULL;
}

static void on_change(struct bufferevent *b, short what, void *arg)
{
	struct target *t = arg;
	int num = EVUTIL_SOCKET_ERROR();
	const char *why;

	if (what & BEV_EVENT_CONNECTED) {
		target_up(t);
		return;
	}
	why = t->at.transport == TRANSPORT_TLS ? tls_reason(b) : NULL;
	if (!why && what & BEV_EVENT_TIMEOUT)
		why = "it takes no messages";
	else if (!why && what & BEV_EVENT_EOF)
		why = "it closed the connection";
	target_lost(t, why ? why : strerror(num));
}

/* The name it is called by has to be in its certificate. */
static SSL *make_ssl(struct target *t)
{
	SSL *ssl = SSL_new(t->f->tls);
	X509_VERIFY_PARAM *param = ssl ? SSL_get0_param(ssl) : NULL;

	if (!param)
		return NULL;
	if (!X509_VERIFY_PARAM_set1_ip_asc(param, t->at.host)) {
		X509_VERIFY_PARAM_set1_host(param, t->at.host, 0);
		SSL_set_tlsext_host_name(ssl, t->at.host);
	}
	return ssl;
}

static struct bufferevent *make_stream(struct target *t)
{
	SSL *ssl;

	if (t->at.transport == TRANSPORT_TCP)
		return bufferevent_socket_new(t->f->base, -1,
					      BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
	ssl = make_ssl(t);
	if (!ssl)
		return NULL;
	return bufferevent_openssl_socket_new(t->f->base, -1, ssl, BUFFEREVENT_SSL_CONNECTING,
					      BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
}

void stream_open(struct target *t, const struct sockaddr *to, socklen_t len)
{
	struct timeval stuck = { .tv_sec = STUCK_SECONDS };

	ERR_clear_error();
	t->stream = make_stream(t);
	if (!t->stream) {
		target_lost(t, "out of memory");
		return;
	}
	if (t->at.transport == TRANSPORT_TLS)
		bufferevent_openssl_set_allow_dirty_shutdown(t->stream, 1);
	bufferevent_setcb(t->stream, on_read, on_written, on_change, t);
	bufferevent_set_timeouts(t->stream, NULL, &stuck);
	bufferevent_enable(t->stream, EV_READ | EV_WRITE);
	if (bufferevent_socket_connect(t->stream, to, (int)len) < 0)
		target_lost(t, strerror(errno));
}

void stream_pump(struct target *t)
{
	struct evbuffer *out = bufferevent_get_output(t->stream);
	char message[MESSAGE_BYTES], frame[MESSAGE_BYTES + 8];
	size_t len;

	while (evbuffer_get_length(out) < AHEAD && (len = target_message(t, message))) {
		len = message_frame(frame, message, len);
		if (bufferevent_write(t->stream, frame, len) < 0) {
			target_lost(t, "out of memory");
			return;
		}
		target_gave(t);
	}
}

void stream_close(struct target *t)
{
	if (t->stream)
		bufferevent_free(t->stream);
	t->stream = NULL;
}
