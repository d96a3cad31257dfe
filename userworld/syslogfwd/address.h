/* SPDX-License-Identifier: Apache-2.0 */
/* Where messages are sent: "udp://HOST[:PORT]", "tcp://...", "tls://..." (also "ssl://"). Pure. */
#ifndef SYSLOGFWD_ADDRESS_H
#define SYSLOGFWD_ADDRESS_H

#include <stddef.h>

#include "userworld/lib/err.h"

#define TARGETS_MAX 8

enum transport { TRANSPORT_UDP, TRANSPORT_TCP, TRANSPORT_TLS };

struct address {
	enum transport transport;
	char host[256]; /* name or number, without brackets */
	char port[6];	/* 514, or 6514 for TLS, if none is given */
	char text[288]; /* as it was written */
};

/*
 * A list with commas or blanks between. Without a scheme it is UDP; an IPv6
 * number stands in brackets. Returns how many there are, at most TARGETS_MAX.
 */
int addresses_parse(const char *list, struct address *out, struct err *e);

#endif
