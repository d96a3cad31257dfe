// SPDX-License-Identifier: Apache-2.0
/* system process */
#include "commands.h"

static const struct cli_column columns[] = {
	{ "WID", "wid", CLI_INTEGER },
	{ "CID", "cid", CLI_INTEGER },
	{ "World Name", "world", CLI_STRING },
	{ "Memory", "rss", CLI_KIB },
	{ "Pool", "pool", CLI_STRING },
	{ "Command", "command", CLI_STRING },
	{ 0 },
};

/* The numbers as esxcli has them: the load in the table, with two digits. */
static void shape_load(json_t *row)
{
	static const char *const keys[] = { "load1", "load5", "load15" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		json_object_set_new(
			row, keys[i],
			json_sprintf("%.2f", json_number_value(json_object_get(row, keys[i]))));
}

static const struct cli_column load_columns[] = {
	{ "Load1Minute", "load1", CLI_STRING },
	{ "Load5Minutes", "load5", CLI_STRING },
	{ "Load15Minutes", "load15", CLI_STRING },
	{ 0 },
};

static const struct cli_column running_columns[] = {
	{ "Running Worlds", "running", CLI_INTEGER },
	{ "Worlds", "worlds", CLI_INTEGER },
	{ "Cartels", "cartels", CLI_INTEGER },
	{ 0 },
};

static const struct cli_column uptime_columns[] = {
	{ "Uptime Microseconds", "uptime_us", CLI_INTEGER },
	{ 0 },
};

/* A bare number of microseconds, as esxcli gives it. */
static void shape_uptime(json_t *row)
{
	json_int_t seconds = json_integer_value(json_object_get(row, "seconds"));

	json_object_set_new(
		row, "lines",
		json_pack("[o]", json_sprintf("%" JSON_INTEGER_FORMAT, seconds * 1000000)));
}

const struct cli_command process_commands[] = {
	{
		.words = "system stats uptime get",
		.op = "system.uptime.get",
		.style = CLI_LINES,
		.shape = shape_uptime,
		.help = "Microseconds since boot",
	},
	{
		.words = "system process stats load get",
		.op = "system.process.stats",
		.style = CLI_FIELDS,
		.columns = load_columns,
		.shape = shape_load,
		.help = "Load averages",
	},
	{
		.words = "system process stats running get",
		.op = "system.process.stats",
		.style = CLI_FIELDS,
		.columns = running_columns,
		.help = "Worlds that run, all worlds, cartels",
	},
	{
		.words = "system process stats uptime get",
		.op = "system.process.stats",
		.style = CLI_FIELDS,
		.columns = uptime_columns,
		.help = "Time since boot",
	},
	{
		.words = "system process list",
		.op = "system.process.list",
		.style = CLI_TABLE,
		.columns = columns,
		.help = "Worlds (threads) and their cartels (processes)",
	},
	{ 0 },
};
