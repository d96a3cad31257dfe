// SPDX-License-Identifier: Apache-2.0
/* network.ipv4.set, network.ipv6.get and set, network.restore: where an interface's addresses come
 * from. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "userworld/core/internal.h"

/* Bits of a netmask, -1 if it is none. */
static int mask_bits(const char *text)
{
	struct in_addr mask;
	uint32_t m;

	if (inet_pton(AF_INET, text, &mask) != 1)
		return -1;
	m = ntohl(mask.s_addr);
	return m == 0 || (~m & (~m + 1)) ? -1 : __builtin_popcount(m);
}

static int static4(json_t *params, char out[static NET_ADDRESS_MAX], struct err *e)
{
	const char *address = core_string(params, "address");
	const char *mask = core_string(params, "netmask");
	int bits = mask ? mask_bits(mask) : -1;

	if (!address)
		return err_set(e, ERR_USAGE, "address: a static address must be given");
	if (mask && bits < 0)
		return err_set(e, ERR_INVALID, "netmask: '%.64s' is none", mask);
	if (mask && net_address_ok(AF_INET, address, false))
		snprintf(out, NET_ADDRESS_MAX, "%s/%d", address, bits);
	else if (!mask && net_address_ok(AF_INET, address, true))
		snprintf(out, NET_ADDRESS_MAX, "%s", address);
	else
		return err_set(e, ERR_INVALID,
			       "address: '%.64s' is not 192.0.2.10 with a netmask, and not "
			       "192.0.2.10/24 without",
			       address);
	return 0;
}

static int only_static(json_t *params, struct err *e)
{
	static const char *const names[] = { "address", "netmask", "gateway" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (core_string(params, names[i]))
			return err_set(e, ERR_USAGE, "%s: only with type static", names[i]);
	return 0;
}

/* What the gateway becomes: as given, "" for none; as it was if nothing is said. */
static const char *gateway_of(json_t *params, const char *old)
{
	const char *given = core_string(params, "gateway");

	if (!given)
		given = old;
	return *given ? given : NULL;
}

static int ipv4_set(json_t *params, json_t **result, struct err *e)
{
	const char *type = core_string(params, "type");
	json_t *dns = json_object_get(params, "dhcp_dns");
	char address[NET_ADDRESS_MAX] = "", keys[2][32];
	const struct net_interface *i;
	struct conf_change changes[3];
	struct net_conf c;

	i = network_interface(&c, core_string(params, "name"), e);
	if (!i)
		return -1;
	changes[0].key = net_conf_key(keys[0], i->name, "address");
	changes[1] = (struct conf_change){ net_conf_key(keys[1], i->name, "gateway"), NULL };
	changes[2] = (struct conf_change){ "dhcp-dns", json_is_false(dns) ? "no" : NULL };
	if (!strcmp(type, "static")) {
		if (static4(params, address, e) < 0)
			return -1;
		changes[0].value = address;
		changes[1].value = gateway_of(params, i->gateway);
	} else {
		if (only_static(params, e) < 0)
			return -1;
		changes[0].value = *type == 'n' ? "none" : NULL;
	}
	return network_change_address(params, changes, dns ? 3 : 2, i->enabled && *type != 'n',
				      result, e);
}

/* Kept as text in the file, "" for what the network says by itself. */
static const char *type6(const struct net_interface *i)
{
	const char *without = strcmp(i->name, "vmk0") ? "none" : "auto";

	if (!i->address6[0])
		return without;
	return strchr(i->address6, '/') ? "static" : i->address6;
}

static int ipv6_get(json_t *params, json_t **result, struct err *e)
{
	json_t *rows;
	struct net_conf c;

	(void)params;
	if (network_conf(&c, e) < 0)
		return -1;
	rows = json_array();
	for (size_t n = 0; n < c.count; n++) {
		const struct net_interface *i = &c.list[n];
		bool fixed = strchr(i->address6, '/');

		json_array_append_new(rows,
				      json_pack("{s:s, s:s, s:s, s:s}", "name", i->name, "type",
						type6(i), "address", fixed ? i->address6 : "",
						"gateway", i->gateway6));
	}
	return core_give(result, rows, e);
}

static int ipv6_set(json_t *params, json_t **result, struct err *e)
{
	const char *type = core_string(params, "type"), *address = core_string(params, "address");
	const struct net_interface *i;
	struct conf_change changes[2];
	struct net_conf c;
	char keys[2][32];

	i = network_interface(&c, core_string(params, "name"), e);
	if (!i)
		return -1;
	changes[0].key = net_conf_key(keys[0], i->name, "address6");
	changes[1] = (struct conf_change){ net_conf_key(keys[1], i->name, "gateway6"), NULL };
	if (!strcmp(type, "static")) {
		if (!address || !net_address_ok(AF_INET6, address, true))
			return err_set(e, ERR_INVALID,
				       "address: a static one must be given, as 2001:db8::10/64");
		changes[0].value = address;
		changes[1].value = gateway_of(params, i->gateway6);
	} else {
		if (only_static(params, e) < 0)
			return -1;
		/* Without the key vmk0 does as routers say, and others have none. */
		changes[0].value = !strcmp(i->name, "vmk0") && *type == 'a' ? NULL : type;
	}
	return network_change_address(params, changes, 2, i->enabled && *type != 'n', result, e);
}

/* The way out for who has configured himself out: as a new host, on the first adapter. Name
 * servers, routes and other interfaces stay. */
static int restore(json_t *params, json_t **result, struct err *e)
{
	static const struct conf_change changes[] = {
		{ "adapter", NULL },  { "vlan", NULL },	    { "mtu", NULL },
		{ "enabled", NULL },  { "address", NULL },  { "gateway", NULL },
		{ "address6", NULL }, { "gateway6", NULL },
	};

	return network_change_address(params, changes, sizeof(changes) / sizeof(changes[0]), true,
				      result, e);
}

static const struct core_param ipv4_params[] = {
	NETWORK_INTERFACE,
	{ "type", CORE_STRING, .required = true, .max = 16, .words = "dhcp|static|none",
	  .help = "Where its address comes from" },
	{ "address", CORE_STRING, .min = 1, .max = NET_ADDRESS_MAX - 1,
	  .help = "192.0.2.10 with netmask, or 192.0.2.10/24" },
	{ "netmask", CORE_STRING, .min = 1, .max = 15, .help = "255.255.255.0" },
	{ "gateway", CORE_STRING, .max = 15, .otherwise = "as it was",
	  .help = "Default gateway; empty: none" },
	{ "dhcp_dns", CORE_BOOL, .help = "Whether name servers that DHCP names are asked, too" },
	NETWORK_CONFIRM,
	{ 0 },
};

static const struct core_param ipv6_params[] = {
	NETWORK_INTERFACE,
	{ "type", CORE_STRING, .required = true, .max = 16, .words = "auto|slaac|dhcp|static|none",
	  .help = "auto: as routers say; slaac: without DHCPv6; dhcp: by DHCPv6 alone" },
	{ "address", CORE_STRING, .min = 1, .max = NET_ADDRESS_MAX - 1, .help = "2001:db8::10/64" },
	{ "gateway", CORE_STRING, .max = 45, .otherwise = "as it was",
	  .help = "Default gateway; empty: none" },
	NETWORK_CONFIRM,
	{ 0 },
};

static const struct core_param restore_params[] = { NETWORK_CONFIRM, { 0 } };

const struct core_op core_address_ops[] = {
	{
		.name = "network.ipv4.set",
		.method = "PATCH",
		.path = "/network/interfaces/{name}/ipv4",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = ipv4_params,
		.run = ipv4_set,
		.help = "Where the IPv4 address of an interface comes from",
	},
	{
		.name = "network.ipv6.get",
		.method = "GET",
		.path = "/network/ipv6/settings",
		.run = ipv6_get,
		.help = "Where the IPv6 addresses of the interfaces come from",
	},
	{
		.name = "network.ipv6.set",
		.method = "PATCH",
		.path = "/network/interfaces/{name}/ipv6",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = ipv6_params,
		.run = ipv6_set,
		.help = "Where the IPv6 addresses of an interface come from",
	},
	{
		.name = "network.restore",
		.method = "POST",
		.path = "/network/restore",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = restore_params,
		.run = restore,
		.help = "Addresses of vmk0 from the network again: first adapter, no VLAN",
	},
	{ 0 },
};
