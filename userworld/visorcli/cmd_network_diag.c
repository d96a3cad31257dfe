// SPDX-License-Identifier: Apache-2.0
/* network nic, network diag */
#include <string.h>

#include "commands.h"

static const struct cli_column nic_columns[] = {
	{ "Name", "name", CLI_STRING },
	{ "PCI Device", "pci", CLI_STRING },
	{ "Driver", "driver", CLI_STRING },
	{ "Link", "link_text", CLI_STRING },
	{ "Speed", "speed", CLI_INTEGER },
	{ "Duplex", "duplex_text", CLI_STRING },
	{ "MAC Address", "mac", CLI_STRING },
	{ "MTU", "mtu", CLI_INTEGER },
	{ "Description", "description", CLI_STRING },
	{ 0 },
};

/* esxcli: "Up", "Full". */
static void capital(json_t *row, const char *key, const char *as)
{
	const char *text = json_string_value(json_object_get(row, key)) ?: "";
	char out[16] = "";

	strncpy(out, text, sizeof(out) - 1);
	if (out[0] >= 'a' && out[0] <= 'z')
		out[0] = (char)(out[0] - 'a' + 'A');
	json_object_set_new(row, as, json_string(out));
}

static void shape_nic(json_t *row)
{
	capital(row, "link", "link_text");
	capital(row, "duplex", "duplex_text");
}

static const struct cli_option ping_options[] = {
	{ "host", 'H', "host", CLI_TEXT, true, "HOST", NULL },
	{ "count", 'c', "count", CLI_NUMBER, false, "N", NULL },
	{ "wait", 'W', "wait", CLI_NUMBER, false, "SECONDS", NULL },
	{ "size", 's', "size", CLI_NUMBER, false, "BYTES", NULL },
	{ "interface", 'I', "interface", CLI_TEXT, false, "NAME", NULL },
	{ "ipv4", '4', "ipv4", CLI_FLAG, false, NULL, "With IPv4" },
	{ "ipv6", '6', "ipv6", CLI_FLAG, false, NULL, "With IPv6" },
	{ 0 },
};

static int prepare_ping(json_t *params, struct err *e)
{
	bool four = json_object_get(params, "ipv4"), six = json_object_get(params, "ipv6");

	if (four && six)
		return err_set(e, ERR_USAGE, "options --ipv4 and --ipv6 exclude each other");
	if (four || six)
		json_object_set_new(params, "family", json_integer(four ? 4 : 6));
	json_object_del(params, "ipv4");
	json_object_del(params, "ipv6");
	return 0;
}

static void milliseconds(json_t *row, const char *key)
{
	double t = json_number_value(json_object_get(row, key));

	json_object_set_new(row, key, json_sprintf("%.3f ms", t));
}

static void shape_ping(json_t *row)
{
	milliseconds(row, "min");
	milliseconds(row, "avg");
	milliseconds(row, "max");
}

static const struct cli_column ping_columns[] = {
	{ "Host Addr", "host", CLI_STRING },	 { "Transmitted", "transmitted", CLI_INTEGER },
	{ "Received", "received", CLI_INTEGER }, { "Packet Lost", "lost", CLI_PERCENT },
	{ "Round Trip Min", "min", CLI_STRING }, { "Round Trip Avg", "avg", CLI_STRING },
	{ "Round Trip Max", "max", CLI_STRING }, { 0 },
};

static const struct cli_option test_options[] = {
	{ "host", 'H', "host", CLI_TEXT, false, "NAME", NULL },
	{ 0 },
};

static void shape_test(json_t *row)
{
	bool ok = json_is_true(json_object_get(row, "ok"));

	json_object_set_new(row, "result", json_string(ok ? "OK" : "Failed"));
}

static const struct cli_column test_columns[] = {
	{ "Test", "test", CLI_STRING },
	{ "Target", "target", CLI_STRING },
	{ "Result", "result", CLI_STRING },
	{ "Detail", "detail", CLI_STRING },
	{ 0 },
};

const struct cli_command network_diag_commands[] = {
	{
		.words = "network nic list",
		.op = "network.nic.list",
		.style = CLI_TABLE,
		.columns = nic_columns,
		.shape = shape_nic,
		.help = "Network adapters",
	},
	{
		.words = "network diag ping",
		.op = "network.ping",
		.options = ping_options,
		.style = CLI_FIELDS,
		.columns = ping_columns,
		.prepare = prepare_ping,
		.shape = shape_ping,
		.help = "Send echo requests",
	},
	{
		.words = "network diag test",
		.op = "network.test",
		.options = test_options,
		.style = CLI_TABLE,
		.columns = test_columns,
		.shape = shape_test,
		.help = "Try link, gateways, name servers and a name",
	},
	{ 0 },
};
