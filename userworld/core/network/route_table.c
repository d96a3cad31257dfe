// SPDX-License-Identifier: Apache-2.0
#include <net/route.h>
#include <stdio.h>
#include <string.h>

#include "route.h"

#define ANYCAST 0x00100000 /* RTF_ANYCAST; the kernel's header does not go with the C library's */

/* The line at *text, without what does not fit; moves on. */
static bool next_line(const char **text, char out[static 256])
{
	size_t len = strcspn(*text, "\n");

	if (!**text)
		return false;
	snprintf(out, 256, "%.*s", (int)len, *text);
	*text += len + ((*text)[len] == '\n');
	return true;
}

/* INTERFACE TARGET GATEWAY FLAGS REFERENCES USE METRIC MASK, in the machine's byte order. */
bool route4_next(const char **text, struct route *r)
{
	unsigned int target, gateway, flags, mask;
	char line[256];

	while (next_line(text, line)) {
		if (sscanf(line, "%15s %x %x %x %*d %*d %*d %x", r->interface, &target, &gateway,
			   &flags, &mask) != 5 ||
		    !(flags & RTF_UP))
			continue;
		inet_ntop(AF_INET, &target, r->network, sizeof(r->network));
		r->gateway[0] = '\0';
		if (gateway)
			inet_ntop(AF_INET, &gateway, r->gateway, sizeof(r->gateway));
		r->bits = (unsigned int)__builtin_popcount(mask);
		return true;
	}
	return false;
}

/* 32 hexadecimal digits. */
static bool raw6(const char *digits, struct in6_addr *out)
{
	if (strlen(digits) != 32)
		return false;
	for (int i = 0; i < 16; i++) {
		unsigned int byte;

		if (sscanf(digits + 2 * i, "%2x", &byte) != 1)
			return false;
		out->s6_addr[i] = (unsigned char)byte;
	}
	return true;
}

/* TARGET BITS SOURCE BITS GATEWAY METRIC REFERENCES USE FLAGS INTERFACE */
bool route6_next(const char **text, struct route *r)
{
	char line[256], target[33], gateway[33];
	struct in6_addr to, via;
	unsigned int flags;

	while (next_line(text, line)) {
		if (sscanf(line, "%32s %x %*32s %*x %32s %*x %*x %*x %x %15s", target, &r->bits,
			   gateway, &flags, r->interface) != 5 ||
		    !raw6(target, &to) || !raw6(gateway, &via))
			continue;
		if (!(flags & RTF_UP) || (flags & (RTF_REJECT | RTF_LOCAL | ANYCAST)) ||
		    !strcmp(r->interface, "lo") || IN6_IS_ADDR_MULTICAST(&to))
			continue;
		inet_ntop(AF_INET6, &to, r->network, sizeof(r->network));
		r->gateway[0] = '\0';
		if (!IN6_IS_ADDR_UNSPECIFIED(&via))
			inet_ntop(AF_INET6, &via, r->gateway, sizeof(r->gateway));
		return true;
	}
	return false;
}
