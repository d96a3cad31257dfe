// SPDX-License-Identifier: Apache-2.0
/* network */
#include <ctype.h>
#include <string.h>

#include "commands.h"

static void upper(json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key)) ?: "";
	char out[16] = "";

	for (size_t i = 0; text[i] && i < sizeof(out) - 1; i++)
		out[i] = (char)toupper((unsigned char)text[i]);
	json_object_set_new(row, key, json_string(out));
}

static void shape_address(json_t *row)
{
	const char *type = json_string_value(json_object_get(row, "type")) ?: "";

	json_object_set_new(row, "dhcp_dns", json_boolean(!strcmp(type, "dhcp")));
	upper(row, "type");
	upper(row, "state");
}

static const struct cli_column address_columns[] = {
	{ "Name", "name", CLI_STRING },
	{ "IPv4 Address", "address", CLI_STRING },
	{ "IPv4 Netmask", "netmask", CLI_STRING },
	{ "IPv4 Broadcast", "broadcast", CLI_STRING },
	{ "Address Type", "type", CLI_STRING },
	{ "Gateway", "gateway", CLI_STRING },
	{ "DHCP DNS", "dhcp_dns", CLI_BOOLEAN },
	{ "Status", "state", CLI_STRING },
	{ 0 },
};

/* esxcli has both columns in capitals. */
static void shape_address6(json_t *row)
{
	upper(row, "type");
	upper(row, "state");
}

static const struct cli_column address6_columns[] = {
	{ "Interface", "name", CLI_STRING },
	{ "Address", "address", CLI_STRING },
	{ "Netmask", "prefix", CLI_INTEGER },
	{ "Type", "type", CLI_STRING },
	{ "Status", "state", CLI_STRING },
	{ "Gateway", "gateway", CLI_STRING },
	{ 0 },
};

static const struct cli_column dns_columns[] = {
	{ "DNS Servers", "servers", CLI_LIST },
	{ "Search Domains", "search", CLI_LIST },
	{ 0 },
};

const struct cli_command network_commands[] = {
	{
		.words = "network ip interface ipv4 get",
		.op = "network.ipv4.list",
		.style = CLI_TABLE,
		.columns = address_columns,
		.shape = shape_address,
		.help = "IPv4 addresses of the interfaces",
	},
	{
		.words = "network ip interface ipv6 address list",
		.op = "network.ipv6.list",
		.style = CLI_TABLE,
		.columns = address6_columns,
		.shape = shape_address6,
		.help = "IPv6 addresses of the interfaces",
	},
	{
		.words = "network ip dns server list",
		.op = "network.dns.get",
		.style = CLI_FIELDS,
		.columns = dns_columns,
		.help = "Name servers and search domains",
	},
	{ 0 },
};
