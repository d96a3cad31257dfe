/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel's IPv6 addresses and routes as /proc/net prints them. */
#ifndef VISOR_CORE_NETWORK_INET6_H
#define VISOR_CORE_NETWORK_INET6_H

#include <arpa/inet.h>
#include <net/if.h>
#include <stdbool.h>

struct inet6_address {
	char interface[IF_NAMESIZE];
	char address[INET6_ADDRSTRLEN];
	unsigned int prefix; /* bits */
	bool link_local;
	bool permanent;	   /* no lifetime */
	const char *state; /* "preferred", "tentative", "deprecated", "duplicate" */
};

/* Takes the line that *text points to and moves on; false if there is none. Other lines are left
 * out. */
bool inet6_next(const char **text, struct inet6_address *a);

/* Gateway of the default route over an interface; "" and -1 if there is none. */
int inet6_gateway(const char *routes, const char *interface, char out[static INET6_ADDRSTRLEN]);

#endif
