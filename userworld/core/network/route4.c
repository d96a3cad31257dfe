// SPDX-License-Identifier: Apache-2.0
/* Addresses in /proc/net/route are hexadecimal in the machine's byte order. */
#include "route4.h"

#include <stdio.h>
#include <string.h>

int route4_gateway(const char *table, const char *iface, char out[static INET_ADDRSTRLEN])
{
	char name[32];
	unsigned int gateway, mask;

	out[0] = '\0';
	for (const char *line = table; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "%31s %*x %x %*x %*d %*d %*d %x", name, &gateway, &mask) != 3)
			continue;
		if (!strcmp(name, iface) && mask == 0 && gateway != 0)
			return inet_ntop(AF_INET, &gateway, out, INET_ADDRSTRLEN) ? 0 : -1;
	}
	return -1;
}
