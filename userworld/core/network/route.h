/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel's routes as /proc/net/route and /proc/net/ipv6_route print them. */
#ifndef VISOR_CORE_NETWORK_ROUTE_H
#define VISOR_CORE_NETWORK_ROUTE_H

#include <arpa/inet.h>
#include <net/if.h>
#include <stdbool.h>

struct route {
	char network[INET6_ADDRSTRLEN];
	unsigned int bits;
	char gateway[INET6_ADDRSTRLEN]; /* "": none, the network is on the wire */
	char interface[IF_NAMESIZE];	/* the kernel's name of it */
};

/* Takes the next route at *text and moves on; false at the end. Those of the host itself (loopback,
 * multicast, local addresses) are left out. */
bool route4_next(const char **text, struct route *r);
bool route6_next(const char **text, struct route *r);

#endif
