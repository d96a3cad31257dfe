/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel's IPv4 routes as /proc/net/route prints them. */
#ifndef VISOR_CORE_NETWORK_ROUTE4_H
#define VISOR_CORE_NETWORK_ROUTE4_H

#include <arpa/inet.h>

/* Gateway of the default route over an interface; "" and -1 if there is none. */
int route4_gateway(const char *table, const char *iface, char out[static INET_ADDRSTRLEN]);

#endif
