// SPDX-License-Identifier: Apache-2.0
/* Addresses in /proc/net are 32 hexadecimal digits, in the network's order. */
#include "inet6.h"

#include <linux/if_addr.h>
#include <stdio.h>
#include <string.h>

#define SCOPE_LINK 0x20

/* Puts colons between groups of four digits, which is what inet_pton() takes. */
static int address_text(const char digits[static 33], char out[static INET6_ADDRSTRLEN])
{
	struct in6_addr address;
	char grouped[40];

	if (strlen(digits) != 32)
		return -1;
	for (int i = 0; i < 8; i++)
		snprintf(grouped + 5 * i, 6, "%.4s%s", digits + 4 * i, i < 7 ? ":" : "");
	if (inet_pton(AF_INET6, grouped, &address) != 1)
		return -1;
	return inet_ntop(AF_INET6, &address, out, INET6_ADDRSTRLEN) ? 0 : -1;
}

static const char *state_of(unsigned int flags)
{
	if (flags & IFA_F_DADFAILED)
		return "duplicate";
	if (flags & IFA_F_TENTATIVE)
		return "tentative";
	return flags & IFA_F_DEPRECATED ? "deprecated" : "preferred";
}

bool inet6_next(const char **text, struct inet6_address *a)
{
	unsigned int scope, flags;
	char digits[33];

	while (**text) {
		const char *line = *text;
		size_t len = strcspn(line, "\n");

		*text += len + (line[len] == '\n');
		if (sscanf(line, "%32s %*x %x %x %x %15s", digits, &a->prefix, &scope, &flags,
			   a->interface) != 5 ||
		    address_text(digits, a->address) < 0)
			continue;
		a->link_local = scope == SCOPE_LINK;
		a->permanent = flags & IFA_F_PERMANENT;
		a->state = state_of(flags);
		return true;
	}
	return false;
}

/* TARGET BITS SOURCE BITS GATEWAY METRIC REFERENCES USE FLAGS INTERFACE */
int inet6_gateway(const char *routes, const char *interface, char out[static INET6_ADDRSTRLEN])
{
	static const char any[] = "00000000000000000000000000000000";
	char target[33], gateway[33], name[IF_NAMESIZE];
	unsigned int bits;

	out[0] = '\0';
	for (const char *line = routes; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "%32s %x %*32s %*x %32s %*x %*x %*x %*x %15s", target, &bits,
			   gateway, name) != 4)
			continue;
		if (bits == 0 && !strcmp(name, interface) && strcmp(gateway, any) != 0)
			return address_text(gateway, out);
	}
	return -1;
}
