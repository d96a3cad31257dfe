// SPDX-License-Identifier: Apache-2.0
#include "url.h"

#include <event2/http.h>
#include <stdio.h>
#include <strings.h>

int fetch_url_parse(const char *url, struct evhttp_uri **uri, bool *tls, struct err *e)
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

void fetch_url_target(const struct evhttp_uri *uri, char *target, size_t size)
{
	const char *path = evhttp_uri_get_path(uri);
	const char *query = evhttp_uri_get_query(uri);

	snprintf(target, size, "%s%s%s", path && *path ? path : "/", query ? "?" : "",
		 query ? query : "");
}
