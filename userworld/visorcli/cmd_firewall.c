// SPDX-License-Identifier: Apache-2.0
/* network firewall */
#include <string.h>

#include "commands.h"

#define CONFIRM                                                             \
	{                                                                   \
		"confirm", 0, "confirm", CLI_NUMBER, false, "SECONDS", NULL \
	}
#define RULESET                                                         \
	{                                                               \
		"ruleset-id", 'r', "name", CLI_TEXT, true, "NAME", NULL \
	}

static const struct cli_column changed_columns[] = {
	{ "Seconds to Confirm", "confirm", CLI_INTEGER | CLI_OPTIONAL },
	{ 0 },
};

/* esxcli: "DROP". */
static void shape_get(json_t *row)
{
	const char *action = json_string_value(json_object_get(row, "default_action")) ?: "";

	json_object_set_new(row, "action", json_string(strcmp(action, "pass") ? "DROP" : "PASS"));
}

static const struct cli_column get_columns[] = {
	{ "Default Action", "action", CLI_STRING },
	{ "Enabled", "enabled", CLI_BOOLEAN },
	{ "Loaded", "loaded", CLI_BOOLEAN },
	{ 0 },
};

static const struct cli_option set_options[] = {
	{ "enabled", 'e', "enabled", CLI_TRUTH, false, "true|false", NULL },
	{ "default-action", 'd', "default_action", CLI_TEXT, false, "drop|pass", NULL },
	CONFIRM,
	{ 0 },
};

static const struct cli_column ruleset_columns[] = {
	{ "Name", "name", CLI_STRING },
	{ "Enabled", "enabled", CLI_BOOLEAN },
	{ "Description", "help", CLI_STRING },
	{ 0 },
};

static const struct cli_option ruleset_options[] = {
	RULESET,
	{ "enabled", 'e', "enabled", CLI_TRUTH, false, "true|false", NULL },
	{ "allowed-all", 'a', "allowed_all", CLI_TRUTH, false, "true|false", NULL },
	{ "allowed-ips", 'i', "allowed", CLI_TEXT, false, "ADDRESSES", NULL },
	CONFIRM,
	{ 0 },
};

static void shape_allowed(json_t *row)
{
	bool all = json_is_true(json_object_get(row, "allowed_all"));

	if (all || json_array_size(json_object_get(row, "allowed")) == 0)
		json_object_set_new(row, "allowed", json_pack("[s]", all ? "All" : "None"));
}

static const struct cli_column allowed_columns[] = {
	{ "Ruleset", "name", CLI_STRING },
	{ "Allowed IP Addresses", "allowed", CLI_LIST },
	{ 0 },
};

static const struct cli_option allowed_options[] = {
	RULESET,
	{ "ip-address", 'i', "address", CLI_TEXT, true, "ADDRESS", NULL },
	CONFIRM,
	{ 0 },
};

static void shape_rule(json_t *row)
{
	const char *protocol = json_string_value(json_object_get(row, "protocol")) ?: "";

	json_object_set_new(row, "protocol", json_string(strcmp(protocol, "udp") ? "TCP" : "UDP"));
	json_object_set_new(row, "direction", json_string("Inbound"));
	json_object_set_new(row, "port_type", json_string("Dst"));
}

static const struct cli_column rule_columns[] = {
	{ "Ruleset", "ruleset", CLI_STRING },
	{ "Direction", "direction", CLI_STRING },
	{ "Protocol", "protocol", CLI_STRING },
	{ "Port Type", "port_type", CLI_STRING },
	{ "Port Begin", "first", CLI_INTEGER },
	{ "Port End", "last", CLI_INTEGER },
	{ 0 },
};

const struct cli_command firewall_commands[] = {
	{
		.words = "network firewall get",
		.op = "network.firewall.get",
		.style = CLI_FIELDS,
		.columns = get_columns,
		.shape = shape_get,
		.help = "Is the firewall on?",
	},
	{
		.words = "network firewall set",
		.op = "network.firewall.set",
		.options = set_options,
		.style = CLI_FIELDS,
		.columns = changed_columns,
		.help = "Switch it on or off, or change its default",
	},
	{
		.words = "network firewall ruleset list",
		.op = "network.firewall.ruleset.list",
		.style = CLI_TABLE,
		.columns = ruleset_columns,
		.help = "Services, and whether their ports are open",
	},
	{
		.words = "network firewall ruleset set",
		.op = "network.firewall.ruleset.set",
		.options = ruleset_options,
		.style = CLI_FIELDS,
		.columns = changed_columns,
		.help = "Open or close the ports of a service",
	},
	{
		.words = "network firewall ruleset allowedip list",
		.op = "network.firewall.ruleset.list",
		.style = CLI_TABLE,
		.columns = allowed_columns,
		.shape = shape_allowed,
		.help = "To whom they are open",
	},
	{
		.words = "network firewall ruleset allowedip add",
		.op = "network.firewall.allowed.add",
		.options = allowed_options,
		.style = CLI_FIELDS,
		.columns = changed_columns,
		.help = "Open them to an address or network, and no longer to all",
	},
	{
		.words = "network firewall ruleset allowedip remove",
		.op = "network.firewall.allowed.remove",
		.options = allowed_options,
		.style = CLI_FIELDS,
		.columns = changed_columns,
		.help = "Close them to it; without any left, to all",
	},
	{
		.words = "network firewall ruleset rule list",
		.op = "network.firewall.rule.list",
		.style = CLI_TABLE,
		.columns = rule_columns,
		.shape = shape_rule,
		.help = "Ports of the services",
	},
	{ 0 },
};
