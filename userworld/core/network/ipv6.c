// SPDX-License-Identifier: Apache-2.0
/* network.ipv6.list: the addresses of the interfaces, where each is from, and which are missing. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "change.h"
#include "cleanup.h"
#include "device.h"
#include "file.h"
#include "inet6.h"
#include "userworld/core/internal.h"

#define TABLE_MAX (1 << 20)

/* The address that DHCPv6 gave a device, as userworld/net/dhcpcd.script notes it; "" if none. */
static const char *leased(const char *device, char out[static INET6_ADDRSTRLEN + 1])
{
	char path[CORE_PATH_MAX];

	if (core_path(path, NULL, CORE_RUN, NET_NOTE "/" NET_NOTE_DHCP6 "%s", device) < 0 ||
	    file_read_at(AT_FDCWD, path, out, INET6_ADDRSTRLEN + 1, NULL) < 0)
		out[0] = '\0';
	out[strcspn(out, "\n")] = '\0';
	return out;
}

static const char *type_of(const struct inet6_address *a)
{
	char lease[INET6_ADDRSTRLEN + 1];

	if (a->link_local)
		return "link-local";
	if (!strcmp(a->address, leased(a->interface, lease)))
		return "dhcp";
	return a->permanent ? "static" : "auto";
}

static int put(json_t *rows, const struct inet6_address *a, const char *type, const char *gateway,
	       struct err *e)
{
	json_t *row = json_pack("{s:s, s:s, s:i, s:s, s:s, s:s}", "name", a->interface, "address",
				a->address, "prefix", (int)a->prefix, "type", type, "state",
				a->state, "gateway", gateway);

	return json_array_append_new(rows, row) < 0 ? core_nomem(e) : 0;
}

static int add_addresses(json_t *rows, const char *table, const char *routes, struct err *e)
{
	char gateway[INET6_ADDRSTRLEN];
	struct inet6_address a;

	while (inet6_next(&table, &a)) {
		if (!strcmp(a.interface, "lo"))
			continue;
		inet6_gateway(routes, a.interface, gateway);
		if (put(rows, &a, type_of(&a), a.link_local ? "" : gateway, e) < 0)
			return -1;
	}
	return 0;
}

/* Does an address stand for what the settings want of its interface? */
static bool answers(const struct net_interface *i, const struct inet6_address *a, const char *type)
{
	char wanted[INET6_ADDRSTRLEN];
	struct in6_addr as_given;

	if (!strchr(i->address6, '/'))
		return !strcmp(type, "dhcp") ? strcmp(i->address6, "slaac") != 0
					     : !strcmp(type, "auto") && strcmp(i->address6, "dhcp");
	snprintf(wanted, sizeof(wanted), "%.*s", (int)strcspn(i->address6, "/"), i->address6);
	return inet_pton(AF_INET6, wanted, &as_given) == 1 &&
	       inet_ntop(AF_INET6, &as_given, wanted, sizeof(wanted)) &&
	       !strcmp(wanted, a->address);
}

static bool is_there(const struct net_interface *i, const char *device, const char *table)
{
	struct inet6_address a;

	while (inet6_next(&table, &a))
		if (!strcmp(a.interface, device) && answers(i, &a, type_of(&a)))
			return true;
	return false;
}

static const char *wanted_type(const struct net_interface *i)
{
	if (strchr(i->address6, '/'))
		return "static";
	return strcmp(i->address6, "dhcp") ? "auto" : "dhcp";
}

static bool wants_any(const struct net_interface *i)
{
	const char *address6 = i->address6;

	if (!*address6)
		address6 = strcmp(i->name, "vmk0") ? "none" : "auto";
	return i->enabled && strcmp(address6, "none") != 0;
}

/* What the settings want and nobody has given yet has a row without an address. */
static int add_pending(json_t *rows, const char *table, struct err *e)
{
	struct err ignored = ERR_INIT;
	char device[2 * IF_NAMESIZE];
	struct net_conf c;

	if (!*table || network_conf(&c, &ignored) < 0)
		return 0; /* no IPv6; settings with a mistake want nothing that is known */
	for (size_t n = 0; n < c.count; n++) {
		const struct net_interface *i = &c.list[n];
		struct inet6_address none = { .state = "pending" };

		if (!wants_any(i) || device_of(i, device) < 0 || is_there(i, device, table))
			continue;
		snprintf(none.interface, sizeof(none.interface), "%.*s", IF_NAMESIZE - 1, device);
		if (put(rows, &none, wanted_type(i), "", e) < 0)
			return -1;
	}
	return 0;
}

static int ipv6_list(json_t *params, json_t **result, struct err *e)
{
	_cleanup_free_ char *table = NULL, *routes = NULL;
	char path[CORE_PATH_MAX];
	json_t *rows;

	(void)params;
	/* Not there on a kernel without IPv6. */
	if (core_text(path, CORE_PROC, "/proc/net/if_inet6", TABLE_MAX, &table, e) < 0 ||
	    core_text(path, CORE_PROC, "/proc/net/ipv6_route", TABLE_MAX, &routes, e) < 0)
		return -1;
	rows = json_array();
	if (add_addresses(rows, table, routes, e) < 0 || add_pending(rows, table, e) < 0) {
		json_decref(rows);
		return -1;
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
