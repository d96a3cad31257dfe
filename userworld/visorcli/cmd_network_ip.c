// SPDX-License-Identifier: Apache-2.0
/* network ip ... add, remove, set: what the host is given */
#include <string.h>

#include "commands.h"

/* Changes of the network can be on trial. */
#define CONFIRM                                                             \
	{                                                                   \
		"confirm", 0, "confirm", CLI_NUMBER, false, "SECONDS", NULL \
	}
#define INTERFACE                                                           \
	{                                                                   \
		"interface-name", 'i', "name", CLI_TEXT, true, "NAME", NULL \
	}

static const struct cli_column changed_columns[] = {
	{ "Seconds to Confirm", "confirm", CLI_INTEGER | CLI_OPTIONAL },
	{ "State", "state", CLI_STRING | CLI_OPTIONAL },
	{ 0 },
};

static const struct cli_option restore_options[] = { CONFIRM, { 0 } };

static const struct cli_column interface_columns[] = {
	{ "Name", "name", CLI_STRING },
	{ "Adapter", "adapter", CLI_STRING },
	{ "Device", "device", CLI_STRING },
	{ "MAC Address", "mac", CLI_STRING },
	{ "VLAN ID", "vlan", CLI_INTEGER },
	{ "MTU", "mtu", CLI_INTEGER },
	{ "Enabled", "enabled", CLI_BOOLEAN },
	{ "Link", "link", CLI_STRING },
	{ 0 },
};

#define PLACE                                                            \
	{ "vlan-id", 'v', "vlan", CLI_NUMBER, false, "ID", NULL },       \
		{ "mtu", 'm', "mtu", CLI_NUMBER, false, "BYTES", NULL }, \
		{ "enabled", 'e', "enabled", CLI_TRUTH, false, "true|false", NULL }, CONFIRM

static const struct cli_option add_options[] = {
	INTERFACE,
	{ "adapter", 'a', "adapter", CLI_TEXT, true, "NIC", NULL },
	PLACE,
	{ 0 },
};

static const struct cli_option set_options[] = {
	INTERFACE,
	{ "adapter", 'a', "adapter", CLI_TEXT, false, "NIC", NULL },
	PLACE,
	{ 0 },
};

static const struct cli_option remove_options[] = { INTERFACE, CONFIRM, { 0 } };

static const struct cli_option ipv4_options[] = {
	INTERFACE,
	{ "type", 't', "type", CLI_TEXT, true, "TYPE", NULL },
	{ "ipv4", 'I', "address", CLI_TEXT, false, "ADDRESS", NULL },
	{ "netmask", 'N', "netmask", CLI_TEXT, false, "MASK", NULL },
	{ "gateway", 'g', "gateway", CLI_TEXT, false, "ADDRESS", NULL },
	{ "peer-dns", 'P', "dhcp_dns", CLI_TRUTH, false, "true|false", NULL },
	CONFIRM,
	{ 0 },
};

static const struct cli_column ipv6_columns[] = {
	{ "Name", "name", CLI_STRING },
	{ "Type", "type", CLI_STRING },
	{ "IPv6 Address", "address", CLI_STRING },
	{ "Gateway", "gateway", CLI_STRING },
	{ 0 },
};

static const struct cli_option ipv6_options[] = {
	INTERFACE,
	{ "type", 't', "type", CLI_TEXT, true, "TYPE", NULL },
	{ "ipv6", 'I', "address", CLI_TEXT, false, "ADDRESS/BITS", NULL },
	{ "gateway", 'g', "gateway", CLI_TEXT, false, "ADDRESS", NULL },
	CONFIRM,
	{ 0 },
};

static const struct cli_option server_options[] = {
	{ "server", 's', "server", CLI_TEXT, true, "ADDRESS", NULL },
	CONFIRM,
	{ 0 },
};

static const struct cli_option domain_options[] = {
	{ "domain", 'd', "domain", CLI_TEXT, true, "DOMAIN", NULL },
	CONFIRM,
	{ 0 },
};

static const struct cli_column dns_columns[] = {
	{ "DNS Servers", "servers", CLI_LIST },
	{ "Search Domains", "search", CLI_LIST },
	{ "DNS Servers of DHCP", "dhcp_dns", CLI_BOOLEAN },
	{ 0 },
};

static const struct cli_option dns_options[] = {
	{ "servers", 's', "servers", CLI_TEXT, false, "ADDRESSES", NULL },
	{ "search", 'd', "search", CLI_TEXT, false, "DOMAINS", NULL },
	{ "peer-dns", 'P', "dhcp_dns", CLI_TRUTH, false, "true|false", NULL },
	CONFIRM,
	{ 0 },
};

static const struct cli_column search_columns[] = {
	{ "Search Domains", "search", CLI_LIST },
	{ 0 },
};

static const struct cli_column route_columns[] = {
	{ "Network", "network", CLI_STRING },
	{ "Gateway", "gateway", CLI_STRING },
	{ "Interface", "interface", CLI_STRING },
	{ "Source", "source", CLI_STRING },
	{ 0 },
};

static const struct cli_option route_options[] = {
	{ "network", 'n', "network", CLI_TEXT, true, "NETWORK", NULL },
	{ "gateway", 'g', "gateway", CLI_TEXT, true, "ADDRESS", NULL },
	CONFIRM,
	{ 0 },
};

static int of_ipv4(json_t *params, struct err *e)
{
	(void)e;
	json_object_set_new(params, "family", json_integer(4));
	return 0;
}

static int of_ipv6(json_t *params, struct err *e)
{
	(void)e;
	json_object_set_new(params, "family", json_integer(6));
	return 0;
}

/* Commands that change something, and say by when it is to be confirmed. */
#define CHANGE(w, o, opts, prep, h)                                        \
	{                                                                  \
		.words = w, .op = o, .options = opts, .style = CLI_FIELDS, \
		.columns = changed_columns, .prepare = prep, .help = h     \
	}

const struct cli_command network_ip_commands[] = {
	{
		.words = "network ip interface list",
		.op = "network.interface.list",
		.style = CLI_TABLE,
		.columns = interface_columns,
		.help = "Interfaces, and the adapters and VLANs they are on",
	},
	CHANGE("network ip interface add", "network.interface.add", add_options, NULL,
	       "Another interface"),
	CHANGE("network ip interface set", "network.interface.set", set_options, NULL,
	       "Change adapter, VLAN or MTU, or switch it on or off"),
	CHANGE("network ip interface remove", "network.interface.remove", remove_options, NULL,
	       "Take an interface away"),
	CHANGE("network ip interface ipv4 set", "network.ipv4.set", ipv4_options, NULL,
	       "Where its IPv4 address comes from"),
	{
		.words = "network ip interface ipv6 get",
		.op = "network.ipv6.get",
		.style = CLI_TABLE,
		.columns = ipv6_columns,
		.help = "Where IPv6 addresses come from",
	},
	CHANGE("network ip interface ipv6 set", "network.ipv6.set", ipv6_options, NULL,
	       "Where its IPv6 addresses come from"),
	{
		.words = "network ip dns get",
		.op = "network.dns.settings.get",
		.style = CLI_FIELDS,
		.columns = dns_columns,
		.help = "Name servers and domains that the host is given",
	},
	CHANGE("network ip dns set", "network.dns.set", dns_options, NULL, "Set them all at once"),
	CHANGE("network ip dns server add", "network.dns.server.add", server_options, NULL,
	       "Ask a name server too, before those that DHCP names"),
	CHANGE("network ip dns server remove", "network.dns.server.remove", server_options, NULL,
	       "Ask it no longer"),
	{
		.words = "network ip dns search list",
		.op = "network.dns.get",
		.style = CLI_FIELDS,
		.columns = search_columns,
		.help = "Domains that names are looked for in",
	},
	CHANGE("network ip dns search add", "network.dns.search.add", domain_options, NULL,
	       "Look for names in a domain, too"),
	CHANGE("network ip dns search remove", "network.dns.search.remove", domain_options, NULL,
	       "Look for names there no longer"),
	{
		.words = "network ip route ipv4 list",
		.op = "network.route.list",
		.style = CLI_TABLE,
		.columns = route_columns,
		.prepare = of_ipv4,
		.help = "IPv4 routes in force",
	},
	CHANGE("network ip route ipv4 add", "network.route.add", route_options, of_ipv4,
	       "Reach a network by a router"),
	CHANGE("network ip route ipv4 remove", "network.route.remove", route_options, of_ipv4,
	       "Take a route back"),
	{
		.words = "network ip route ipv6 list",
		.op = "network.route.list",
		.style = CLI_TABLE,
		.columns = route_columns,
		.prepare = of_ipv6,
		.help = "IPv6 routes in force",
	},
	CHANGE("network ip route ipv6 add", "network.route.add", route_options, of_ipv6,
	       "Reach a network by a router"),
	CHANGE("network ip route ipv6 remove", "network.route.remove", route_options, of_ipv6,
	       "Take a route back"),
	CHANGE("network restore", "network.restore", restore_options, NULL,
	       "Have vmk0 on the first adapter, without VLAN, with addresses from the network"),
	{ 0 },
};
