/* SPDX-License-Identifier: Apache-2.0 */
/* URLs of files to read. Pure. */
#ifndef VISOR_CORE_FETCH_URL_H
#define VISOR_CORE_FETCH_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

struct evhttp_uri;

/* *uri is freed by evhttp_uri_free() on success; ERR_USAGE for what is neither http nor https. */
int fetch_url_parse(const char *url, struct evhttp_uri **uri, bool *tls, struct err *e);

/* Path and query, as a request has them. */
void fetch_url_target(const struct evhttp_uri *uri, char *target, size_t size);

#endif
