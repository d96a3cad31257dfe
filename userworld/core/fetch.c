// SPDX-License-Identifier: Apache-2.0
/* An HTTP client that is read like a file. Nobody turns the event loop between reads,
 * so what has come in is never more than one read of the connection ahead. */
#include "fetch.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/http.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cleanup.h"
#include "fetch_tls.h"

#define URL_MAX 2048
#define HTTP_PARTIAL 206

struct fetch {
	struct event_base *base;
	SSL_CTX *tls;
	struct evhttp_connection *connection;
	struct evbuffer *ahead; /* read, not yet asked for */
	char url[URL_MAX];
	char location[URL_MAX]; /* of a redirection */
	char validator[128];	/* of the file as it began: ETag or time; "" if there is none */
	uint64_t got;		/* bytes of the file so far */
	int fault;		/* X509_V_ERR_* of the server's certificate */
	unsigned int retries;	/* since something came */
	int status;		/* 0 until the headers are there */
	bool taken; /* the answer is the file, or goes on where the last one broke off */
	bool done;
	bool broken;
};

static void copy_header(struct evkeyvalq *headers, const char *name, char *to, size_t size)
{
	const char *value = evhttp_find_header(headers, name);

	to[0] = '\0';
	if (value && strlen(value) < size)
		strcpy(to, value);
}

/* By what a later answer is known to be of the same file. A weak tag does not tell that. */
static void note_validator(struct fetch *f, struct evkeyvalq *headers)
{
	copy_header(headers, "ETag", f->validator, sizeof(f->validator));
	if (f->validator[0] != '"')
		copy_header(headers, "Last-Modified", f->validator, sizeof(f->validator));
}

/* "bytes 1000-1999/2000" */
static bool goes_on(const struct fetch *f, struct evkeyvalq *headers)
{
	const char *range = evhttp_find_header(headers, "Content-Range");
	unsigned long long from;

	return range && sscanf(range, "bytes %llu-", &from) == 1 && from == f->got;
}

static int on_headers(struct evhttp_request *request, void *arg)
{
	struct evkeyvalq *headers = evhttp_request_get_input_headers(request);
	struct fetch *f = arg;

	f->status = evhttp_request_get_response_code(request);
	copy_header(headers, "Location", f->location, sizeof(f->location));
	if (f->status == HTTP_OK && !f->got)
		note_validator(f, headers);
	f->taken = f->got ? f->status == HTTP_PARTIAL && goes_on(f, headers) : f->status == HTTP_OK;
	return f->taken ? 0 : -1; /* -1: the body is of no interest */
}

static void on_chunk(struct evhttp_request *request, void *arg)
{
	struct evbuffer *in = evhttp_request_get_input_buffer(request);
	struct fetch *f = arg;

	f->got += evbuffer_get_length(in);
	f->retries = 0;
	if (evbuffer_add_buffer(f->ahead, in) < 0)
		f->broken = true;
}

static void on_error(enum evhttp_request_error error, void *arg)
{
	struct fetch *f = arg;

	(void)error;
	f->broken = true;
}

static void on_done(struct evhttp_request *request, void *arg)
{
	struct fetch *f = arg;

	if (!request || evhttp_request_get_response_code(request) == 0)
		f->broken = true;
	f->done = true;
}

static int parse_url(const char *url, struct evhttp_uri **uri, bool *tls, struct err *e)
{
	const char *scheme;

	*uri = evhttp_uri_parse(url);
	scheme = *uri ? evhttp_uri_get_scheme(*uri) : NULL;
	if (!scheme || !evhttp_uri_get_host(*uri) || !*evhttp_uri_get_host(*uri) ||
	    (strcasecmp(scheme, "http") != 0 && strcasecmp(scheme, "https") != 0)) {
		if (*uri)
			evhttp_uri_free(*uri);
		*uri = NULL;
		return err_set(e, ERR_USAGE, "%.128s: not an http or https URL", url);
	}
	*tls = !strcasecmp(scheme, "https");
	return 0;
}

static struct bufferevent *tls_bufferevent(struct fetch *f, const char *host, struct err *e)
{
	struct bufferevent *bev;
	SSL *ssl;

	if (!f->tls && !(f->tls = fetch_tls_new(e)))
		return NULL;
	ssl = fetch_tls_connect(f->tls, host, &f->fault, e);
	if (!ssl)
		return NULL;
	bev = bufferevent_openssl_socket_new(f->base, -1, ssl, BUFFEREVENT_SSL_CONNECTING,
					     BEV_OPT_CLOSE_ON_FREE);
	if (!bev) {
		SSL_free(ssl);
		err_set(e, ERR_NO_SPACE, "out of memory");
	}
	return bev;
}

static void ask_for_the_rest(const struct fetch *f, struct evkeyvalq *headers)
{
	char range[64];

	if (!f->got)
		return;
	snprintf(range, sizeof(range), "bytes=%llu-", (unsigned long long)f->got);
	evhttp_add_header(headers, "Range", range);
	evhttp_add_header(headers, "If-Range", f->validator);
}

static int send_request(struct fetch *f, const struct evhttp_uri *uri, struct err *e)
{
	struct evhttp_request *request = evhttp_request_new(on_done, f);
	const char *path = evhttp_uri_get_path(uri);
	const char *query = evhttp_uri_get_query(uri);
	struct evkeyvalq *headers;
	char target[URL_MAX];

	if (!request)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	evhttp_request_set_header_cb(request, on_headers);
	evhttp_request_set_chunked_cb(request, on_chunk);
	evhttp_request_set_error_cb(request, on_error);
	headers = evhttp_request_get_output_headers(request);
	evhttp_add_header(headers, "Host", evhttp_uri_get_host(uri));
	evhttp_add_header(headers, "Connection", "close");
	ask_for_the_rest(f, headers);
	snprintf(target, sizeof(target), "%s%s%s", path && *path ? path : "/", query ? "?" : "",
		 query ? query : "");
	/* On failure the connection frees the request. */
	if (evhttp_make_request(f->connection, request, EVHTTP_REQ_GET, target) < 0)
		return err_set(e, ERR_UNAVAILABLE, "%.128s: cannot connect", f->url);
	return 0;
}

static int connect_to(struct fetch *f, const struct evhttp_uri *uri, bool tls, struct err *e)
{
	const char *host = evhttp_uri_get_host(uri);
	int port = evhttp_uri_get_port(uri);
	struct bufferevent *bev = NULL;

	if (f->connection)
		evhttp_connection_free(f->connection);
	f->connection = NULL;
	if (tls) {
		bev = tls_bufferevent(f, host, e);
		if (!bev)
			return -1;
	}
	if (port <= 0)
		port = tls ? 443 : 80;
	f->connection =
		evhttp_connection_base_bufferevent_new(f->base, NULL, bev, host, (uint16_t)port);
	if (!f->connection) {
		if (bev)
			bufferevent_free(bev);
		return err_set(e, ERR_NO_SPACE, "out of memory");
	}
	evhttp_connection_set_timeout(f->connection, FETCH_TIMEOUT);
	evhttp_connection_set_max_headers_size(f->connection, 16384);
	f->status = 0;
	f->done = f->broken = f->taken = false;
	return send_request(f, uri, e);
}

/* One request up to its status: 1 for a redirection, 0 for a file, -1. */
static int ask(struct fetch *f, struct err *e)
{
	struct evhttp_uri *uri;
	bool tls;
	int rc;

	if (parse_url(f->url, &uri, &tls, e) < 0)
		return -1;
	rc = connect_to(f, uri, tls, e);
	evhttp_uri_free(uri);
	while (rc == 0 && !f->status && !f->done && !f->broken)
		if (event_base_loop(f->base, EVLOOP_ONCE) != 0)
			f->broken = true;
	if (rc < 0 || f->taken)
		return rc;
	if (f->status == HTTP_OK || f->status == HTTP_PARTIAL)
		return err_set(e, ERR_UNAVAILABLE, "%.128s: changed while it was read", f->url);
	if (f->status / 100 == 3 && f->location[0])
		return 1;
	if (f->status == 404 || f->status == 410)
		return err_set(e, ERR_NOT_FOUND, "%.128s: the server has no such file", f->url);
	if (f->status == 401 || f->status == 403)
		return err_set(e, ERR_DENIED, "%.128s: the server answers %d", f->url, f->status);
	if (f->status)
		return err_set(e, ERR_UNAVAILABLE, "%.128s: the server answers %d", f->url,
			       f->status);
	if (f->fault)
		return fetch_tls_fault(f->url, f->fault, e);
	return err_set(e, ERR_UNAVAILABLE, "%.128s: no answer", f->url);
}

static int follow(struct fetch *f, struct err *e)
{
	struct evhttp_uri *uri;
	bool tls, was_tls = !strncasecmp(f->url, "https:", 6);

	if (parse_url(f->location, &uri, &tls, e) < 0)
		return err_wrap(e, "redirection");
	evhttp_uri_free(uri);
	if (was_tls && !tls)
		return err_set(e, ERR_DENIED, "%.128s: redirects from https to http", f->url);
	memcpy(f->url, f->location, sizeof(f->url));
	return 0;
}

static int start(struct fetch *f, struct err *e)
{
	for (int i = 0; i <= FETCH_REDIRECTS; i++) {
		int rc = ask(f, e);

		if (rc <= 0)
			return rc;
		if (follow(f, e) < 0)
			return -1;
	}
	return err_set(e, ERR_UNAVAILABLE, "%.128s: too many redirections", f->url);
}

int fetch_open(struct fetch **out, const char *url, struct err *e)
{
	struct fetch *f = calloc(1, sizeof(*f));

	if (!f)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	f->base = event_base_new();
	f->ahead = evbuffer_new();
	if (!f->base || !f->ahead) {
		fetch_close(f);
		return err_set(e, ERR_NO_SPACE, "out of memory");
	}
	if (strlen(url) >= sizeof(f->url)) {
		fetch_close(f);
		return err_set(e, ERR_USAGE, "the URL has more than %d bytes", URL_MAX - 1);
	}
	strcpy(f->url, url);
	if (start(f, e) < 0) {
		fetch_close(f);
		return -1;
	}
	*out = f;
	return 0;
}

static void wait_for_data(struct fetch *f)
{
	while (evbuffer_get_length(f->ahead) == 0 && !f->done && !f->broken)
		if (event_base_loop(f->base, EVLOOP_ONCE) != 0)
			f->broken = true;
}

/* After the connection broke: asks for the rest, unless that could be another file's. */
static bool resume(struct fetch *f)
{
	while (f->validator[0] && f->got && f->retries < FETCH_RETRIES) {
		/* A server that restarts gets some time: 0, 1, 2 ... seconds. */
		sleep(f->retries++);
		if (ask(f, NULL) == 0)
			return true;
		if (f->status)
			return false;
	}
	return false;
}

ssize_t fetch_read(struct fetch *f, void *buf, size_t size)
{
	wait_for_data(f);
	while (evbuffer_get_length(f->ahead) == 0 && f->broken) {
		if (!resume(f)) {
			errno = EIO;
			return -1;
		}
		wait_for_data(f);
	}
	return evbuffer_get_length(f->ahead) > 0 ? evbuffer_remove(f->ahead, buf, size) : 0;
}

void fetch_close(struct fetch *f)
{
	if (!f)
		return;
	if (f->connection)
		evhttp_connection_free(f->connection);
	if (f->tls)
		SSL_CTX_free(f->tls);
	if (f->ahead)
		evbuffer_free(f->ahead);
	if (f->base)
		event_base_free(f->base);
	free(f);
}
