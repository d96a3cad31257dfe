// SPDX-License-Identifier: Apache-2.0
/* network */
#include <ctype.h>
#include <string.h>

#include "commands.h"

static void shape_address(json_t *row)
{
	const char *type = json_string_value(json_object_get(row, "type")) ?: "";
	char upper[16] = "";

	for (size_t i = 0; type[i] && i < sizeof(upper) - 1; i++)
		upper[i] = (char)toupper((unsigned char)type[i]);
	json_object_set_new(row, "dhcp_dns", json_boolean(!strcmp(type, "dhcp")));
	json_object_set_new(row, "type", json_string(upper));
}

static const struct cli_column address_columns[] = {
	{ "Name", "name", CLI_STRING },
	{ "IPv4 Address", "address", CLI_STRING },
	{ "IPv4 Netmask", "netmask", CLI_STRING },
	{ "IPv4 Broadcast", "broadcast", CLI_STRING },
	{ "Address Type", "type", CLI_STRING },
	{ "Gateway", "gateway", CLI_STRING },
	{ "DHCP DNS", "dhcp_dns", CLI_BOOLEAN },
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
		.words = "network ip dns server list",
		.op = "network.dns.get",
		.style = CLI_FIELDS,
		.columns = dns_columns,
		.help = "Name servers and search domains",
	},
	{ 0 },
};
