// SPDX-License-Identifier: Apache-2.0
/* network.ipv6.list: the addresses of the interfaces, and where each is from. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "file.h"
#include "inet6.h"
#include "userworld/core/internal.h"

#define TABLE_MAX (1 << 20)

/* The address that DHCPv6 gave, as userworld/net/dhcpcd.script notes it; "" if none. */
static void leased(char out[static INET6_ADDRSTRLEN + 1])
{
	char path[CORE_PATH_MAX];

	if (core_path(path, NULL, CORE_RUN, "/run/network/dhcp6") < 0 ||
	    file_read_at(AT_FDCWD, path, out, INET6_ADDRSTRLEN + 1, NULL) < 0)
		out[0] = '\0';
	out[strcspn(out, "\n")] = '\0';
}

static const char *type_of(const struct inet6_address *a, const char *lease)
{
	if (a->link_local)
		return "link-local";
	if (!strcmp(a->address, lease))
		return "dhcp";
	return a->permanent ? "static" : "auto";
}

static json_t *pack(const struct inet6_address *a, const char *routes, const char *lease)
{
	char gateway[INET6_ADDRSTRLEN];

	inet6_gateway(routes, a->interface, gateway);
	return json_pack("{s:s, s:s, s:i, s:s, s:s, s:s}", "name", a->interface, "address",
			 a->address, "prefix", (int)a->prefix, "type", type_of(a, lease), "state",
			 a->state, "gateway", a->link_local ? "" : gateway);
}

static int ipv6_list(json_t *params, json_t **result, struct err *e)
{
	_cleanup_free_ char *table = NULL, *routes = NULL;
	char lease[INET6_ADDRSTRLEN + 1], path[CORE_PATH_MAX];
	struct inet6_address a;
	const char *at;
	json_t *rows;

	(void)params;
	/* Not there on a kernel without IPv6. */
	if (core_text(path, CORE_PROC, "/proc/net/if_inet6", TABLE_MAX, &table, e) < 0 ||
	    core_text(path, CORE_PROC, "/proc/net/ipv6_route", TABLE_MAX, &routes, e) < 0)
		return -1;
	leased(lease);
	rows = json_array();
	for (at = table; inet6_next(&at, &a);) {
		if (!strcmp(a.interface, "lo"))
			continue;
		if (json_array_append_new(rows, pack(&a, routes, lease)) < 0) {
			json_decref(rows);
			return core_nomem(e);
		}
	}
	return core_give(result, rows, e);
}

const struct core_op core_ipv6_ops[] = {
	{
		.name = "network.ipv6.list",
		.method = "GET",
		.path = "/network/ipv6",
		.run = ipv6_list,
		.help = "IPv6 addresses of the network interfaces",
	},
	{ 0 },
};
