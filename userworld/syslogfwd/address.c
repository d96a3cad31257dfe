// SPDX-License-Identifier: Apache-2.0
#include "address.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "userworld/lib/cleanup.h"

static const struct {
	const char *prefix;
	enum transport transport;
	const char *port;
} schemes[] = {
	{ "udp://", TRANSPORT_UDP, "514" },
	{ "tcp://", TRANSPORT_TCP, "514" },
	{ "tls://", TRANSPORT_TLS, "6514" },
	{ "ssl://", TRANSPORT_TLS, "6514" },
};

static int bad(const char *text, const char *why, struct err *e)
{
	return err_set(e, ERR_INVALID, "'%s' %s; expected udp://HOST:PORT, tcp:// or tls://", text,
		       why);
}

static const char *take_scheme(const char *p, struct address *a)
{
	a->transport = TRANSPORT_UDP;
	strcpy(a->port, "514");
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++) {
		if (strncmp(p, schemes[i].prefix, strlen(schemes[i].prefix)))
			continue;
		a->transport = schemes[i].transport;
		strcpy(a->port, schemes[i].port);
		return p + strlen(schemes[i].prefix);
	}
	return p;
}

static int take_port(const char *p, struct address *a, struct err *e)
{
	char *end;
	long n;

	if (!*p)
		return 0;
	n = *p == ':' && isdigit((unsigned char)p[1]) ? strtol(p + 1, &end, 10) : 0;
	if (n < 1 || n > 65535 || *end)
		return bad(a->text, "has no port from 1 to 65535 at its end", e);
	snprintf(a->port, sizeof(a->port), "%ld", n);
	return 0;
}

static int parse_one(struct address *a, struct err *e)
{
	const char *p = take_scheme(a->text, a);
	size_t n;

	if (strstr(p, "://"))
		return bad(a->text, "has an unknown scheme", e);
	if (*p == '[') {
		n = strcspn(++p, "]");
		if (!p[n])
			return bad(a->text, "lacks a ']'", e);
	} else {
		n = strcspn(p, ":");
	}
	if (!n || n >= sizeof(a->host) || memchr(p, '/', n))
		return bad(a->text, "names no host", e);
	memcpy(a->host, p, n);
	a->host[n] = '\0';
	return take_port(p + n + (p[n] == ']'), a, e);
}

int addresses_parse(const char *list, struct address *out, struct err *e)
{
	int count = 0;

	while (*(list += strspn(list, ", \t"))) {
		size_t n = strcspn(list, ", \t");
		struct address *a = &out[count];

		if (count == TARGETS_MAX)
			return err_set(e, ERR_INVALID, "more than %d hosts to send to",
				       TARGETS_MAX);
		*a = (struct address){ 0 };
		snprintf(a->text, sizeof(a->text), "%.*s", (int)n, list);
		if (n >= sizeof(a->text))
			return bad(a->text, "is too long", e);
		if (parse_one(a, e) < 0)
			return -1;
		list += n;
		count++;
	}
	return count;
}
