/* SPDX-License-Identifier: Apache-2.0 */
/* A file on its way from a server, and the requests that bring it. For fetch.c only. */
#ifndef VISOR_CORE_FETCH_REQUEST_H
#define VISOR_CORE_FETCH_REQUEST_H

#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <openssl/ssl.h>

#include "fetch.h"

#define URL_MAX 2048

struct fetch {
	struct event_base *base;
	SSL_CTX *tls;
	struct evhttp_connection *connection;
	struct evbuffer *ahead; /* read, not yet asked for */
	char url[URL_MAX];
	char location[URL_MAX]; /* of a redirection */
	struct fetch_file file; /* as the first answer said, or the caller knows */
	uint64_t from, to;	/* what is wanted of it; to 0: up to its end */
	uint64_t tail;		/* or the last bytes, so many, until it is known which ones */
	uint64_t got;		/* bytes so far */
	int fault;		/* X509_V_ERR_* of the server's certificate */
	unsigned int retries;	/* since something came */
	int status;		/* 0 until the headers are there */
	bool known;		/* which file and which bytes: another one is of no use */
	bool taken; /* the answer is what is wanted, or goes on where the last one broke off */
	bool done;
	bool broken;
};

/*
 * Asks for what is wanted of f->url and not there yet, up to the headers of the answer: 1 for a
 * redirection to f->location, 0 when data comes, -1 as fetch_open().
 */
int fetch_ask(struct fetch *f, struct err *e);

#endif
