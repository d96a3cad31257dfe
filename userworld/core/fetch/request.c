// SPDX-License-Identifier: Apache-2.0
/* One request for a file or a part of it, and whether the answer is of that very file. */
#include "request.h"

#include <event2/bufferevent_ssl.h>
#include <stdlib.h>
#include <string.h>

#include "tls.h"
#include "url.h"

#define HTTP_PARTIAL 206
#define HTTP_NO_SUCH_RANGE 416

static void copy_header(struct evkeyvalq *headers, const char *name, char *to, size_t size)
{
	const char *value = evhttp_find_header(headers, name);

	to[0] = '\0';
	if (value && strlen(value) < size)
		strcpy(to, value);
}

/* The first answer tells which file it is, and which bytes of it the last ones are. */
static void note_file(struct fetch *f, struct evkeyvalq *headers, const struct fetch_span *span)
{
	fetch_validator(evhttp_find_header(headers, "ETag"),
			evhttp_find_header(headers, "Last-Modified"), &f->file);
	f->file.size = span->total;
	f->from = span->from;
	f->to = span->to;
	f->known = true;
}

/* The whole file, where it is of use: at first, whatever was asked for. */
static bool is_file(struct fetch *f, struct evkeyvalq *headers)
{
	const char *len = evhttp_find_header(headers, "Content-Length");
	struct fetch_span all = { .total = len ? strtoull(len, NULL, 10) : 0 };

	if (f->known)
		return false;
	note_file(f, headers, &all);
	return true;
}

/* Some servers answer with a part whatever If-Range says; but they tell of which file it is. */
static bool is_other(const struct fetch *f, struct evkeyvalq *headers)
{
	const char *kind = f->file.validator[0] == '"' ? "ETag" : "Last-Modified";
	const char *now = evhttp_find_header(headers, kind);

	return f->file.validator[0] && now && strcmp(now, f->file.validator) != 0;
}

static bool is_part(struct fetch *f, struct evkeyvalq *headers)
{
	struct fetch_span span;

	if (fetch_range_parse(evhttp_find_header(headers, "Content-Range"), &span) < 0)
		return false;
	if (f->known)
		return !is_other(f, headers) && span.from == f->from + f->got &&
		       (!f->to || span.to == f->to) &&
		       (!f->file.size || !span.total || span.total == f->file.size);
	if (!f->tail || span.to != span.total || span.to - span.from > f->tail)
		return false;
	note_file(f, headers, &span);
	return true;
}

static int on_headers(struct evhttp_request *request, void *arg)
{
	struct evkeyvalq *headers = evhttp_request_get_input_headers(request);
	struct fetch *f = arg;

	f->status = evhttp_request_get_response_code(request);
	copy_header(headers, "Location", f->location, sizeof(f->location));
	f->taken = f->status == HTTP_PARTIAL ? is_part(f, headers)
					     : f->status == HTTP_OK && is_file(f, headers);
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

static void ask_for_part(const struct fetch *f, struct evkeyvalq *headers)
{
	char range[FETCH_RANGE_TEXT];

	if (f->known)
		fetch_range_format(f->from + f->got, f->to, range);
	else if (f->tail)
		fetch_range_format_tail(f->tail, range);
	else
		return;
	evhttp_add_header(headers, "Range", range);
	if (f->known && f->file.validator[0])
		evhttp_add_header(headers, "If-Range", f->file.validator);
}

static int send_request(struct fetch *f, const struct evhttp_uri *uri, struct err *e)
{
	struct evhttp_request *request = evhttp_request_new(on_done, f);
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
	ask_for_part(f, headers);
	fetch_url_target(uri, target, sizeof(target));
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

int fetch_ask(struct fetch *f, struct err *e)
{
	struct evhttp_uri *uri;
	bool tls;
	int rc;

	if (fetch_url_parse(f->url, &uri, &tls, e) < 0)
		return -1;
	rc = connect_to(f, uri, tls, e);
	evhttp_uri_free(uri);
	while (rc == 0 && !f->status && !f->done && !f->broken)
		if (event_base_loop(f->base, EVLOOP_ONCE) != 0)
			f->broken = true;
	if (rc < 0 || f->taken)
		return rc;
	if (f->known &&
	    (f->status == HTTP_OK || f->status == HTTP_PARTIAL || f->status == HTTP_NO_SUCH_RANGE))
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
