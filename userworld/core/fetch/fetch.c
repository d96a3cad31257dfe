// SPDX-License-Identifier: Apache-2.0
/* An HTTP client that is read like a file. Nobody turns the event loop between reads,
 * so what has come in is never more than one read of the connection ahead. */
#include "fetch.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "request.h"
#include "url.h"

static int follow(struct fetch *f, struct err *e)
{
	struct evhttp_uri *uri;
	bool tls, was_tls = !strncasecmp(f->url, "https:", 6);

	if (fetch_url_parse(f->location, &uri, &tls, e) < 0)
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
		int rc = fetch_ask(f, e);

		if (rc <= 0)
			return rc;
		if (follow(f, e) < 0)
			return -1;
	}
	return err_set(e, ERR_UNAVAILABLE, "%.128s: too many redirections", f->url);
}

/* With what is set in how. */
static int open_as(const struct fetch *how, struct fetch **out, const char *url, struct err *e)
{
	struct fetch *f = malloc(sizeof(*f));

	if (!f)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	*f = *how;
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

int fetch_open(struct fetch **f, const char *url, struct err *e)
{
	return open_as(&(struct fetch){ 0 }, f, url, e);
}

int fetch_open_tail(struct fetch **f, const char *url, uint64_t len, struct err *e)
{
	return open_as(&(struct fetch){ .tail = len }, f, url, e);
}

int fetch_open_part(struct fetch **f, const char *url, const struct fetch_file *file, uint64_t from,
		    uint64_t len, struct err *e)
{
	return open_as(
		&(struct fetch){ .file = *file, .from = from, .to = from + len, .known = true }, f,
		url, e);
}

bool fetch_is_whole(const struct fetch *f)
{
	return !f->from && (!f->to || f->to == f->file.size);
}

const struct fetch_file *fetch_file(const struct fetch *f)
{
	return &f->file;
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
	while (f->file.validator[0] && f->retries < FETCH_RETRIES) {
		/* A server that restarts gets some time: 0, 1, 2 ... seconds. */
		sleep(f->retries++);
		if (fetch_ask(f, NULL) == 0)
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

ssize_t fetch_fill(struct fetch *f, void *buf, size_t size)
{
	size_t len = 0;
	ssize_t n = 0;

	while (len < size && (n = fetch_read(f, (char *)buf + len, size - len)) > 0)
		len += (size_t)n;
	return n < 0 ? -1 : (ssize_t)len;
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
