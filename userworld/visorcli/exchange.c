// SPDX-License-Identifier: Apache-2.0
#include "exchange.h"

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "http.h"

static int broke(const char *host, struct err *e)
{
	return err_set(e, ERR_UNAVAILABLE, "the connection to hostd on %s broke", host);
}

static int send_all(BIO *bio, const char *host, const char *data, struct err *e)
{
	size_t left = strlen(data), sent;

	for (; left > 0; data += sent, left -= sent) {
		if (BIO_write_ex(bio, data, left, &sent))
			continue;
		if (!BIO_should_retry(bio))
			return broke(host, e);
		sent = 0;
	}
	return 0;
}

static int read_all(BIO *bio, const char *host, char **out, size_t *len, struct err *e)
{
	_cleanup_free_ char *buf = NULL;
	size_t size = 0, have = 0;

	for (;;) {
		int got;

		if (have + 1 >= size) {
			char *more = realloc(buf, size ? size * 2 : 16384);

			if (!more || size > EXCHANGE_MAX)
				return err_set(e, ERR_NO_SPACE, "the answer of hostd is too long");
			buf = more;
			size = size ? size * 2 : 16384;
		}
		got = BIO_read(bio, buf + have, (int)(size - have - 1));
		if (got > 0)
			have += (size_t)got;
		else if (got == 0 || (!BIO_should_retry(bio) && have > 0))
			break; /* one without TLS's own good-bye is whole if its JSON is */
		else if (!BIO_should_retry(bio))
			return broke(host, e);
	}
	buf[have] = '\0';
	*len = have;
	*out = TAKE_PTR(buf);
	return 0;
}

int exchange(BIO *bio, const char *host, const char *login, const char *name, json_t *params,
	     json_t **result, struct err *e)
{
	const struct core_op *op = core_find(name);
	_cleanup_free_ char *request = NULL, *answer = NULL;
	size_t len = 0;
	int rc;

	if (!op || !op->path)
		return err_set(e, ERR_NOT_FOUND, "%s: not an operation of hostd", name);
	if (http_request(op, params, host, login, &request, e) < 0)
		return -1;
	rc = send_all(bio, host, request, e);
	/* A login and passwords may be in it. */
	explicit_bzero(request, strlen(request));
	if (rc < 0 || read_all(bio, host, &answer, &len, e) < 0)
		return -1;
	return http_answer(answer, len, result, e);
}
