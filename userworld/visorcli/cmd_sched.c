// SPDX-License-Identifier: Apache-2.0
/* sched group: resource pools */
#include "commands.h"

/* -1 is "no limit" and stays it; MiB would make it something else. */
static void shape_limit(json_t *row, const char *key, const char *as, json_int_t unit,
			const char *suffix)
{
	json_t *value = json_object_get(row, key);
	json_int_t n = json_integer_value(value);

	if (!json_is_integer(value))
		json_object_set_new(row, as, json_string(""));
	else if (n < 0)
		json_object_set_new(row, as, json_string("unlimited"));
	else
		json_object_set_new(row, as,
				    json_sprintf("%" JSON_INTEGER_FORMAT "%s", n / unit, suffix));
}

static void shape(json_t *row)
{
	shape_limit(row, "memory_used", "memory_used_text", 1024, " KiB");
	shape_limit(row, "memory_min", "memory_min_text", 1024, " KiB");
	shape_limit(row, "memory_max", "memory_max_text", 1024, " KiB");
	shape_limit(row, "memory_high", "memory_high_text", 1024, " KiB");
	shape_limit(row, "cpu_max", "cpu_max_text", 1, " %");
	shape_limit(row, "pids_max", "pids_max_text", 1, "");
	shape_limit(row, "pids", "pids_text", 1, "");
	shape_limit(row, "cpu_weight", "cpu_weight_text", 1, "");
	shape_limit(row, "io_weight", "io_weight_text", 1, "");
	shape_limit(row, "io_max", "io_max_text", 1024, " KiB/s");
}

static const struct cli_column list_columns[] = {
	{ "Group", "group", CLI_STRING },
	{ "World", "world", CLI_STRING },
	{ "Mem Used", "memory_used_text", CLI_STRING },
	{ "Mem Min", "memory_min_text", CLI_STRING },
	{ "Mem Max", "memory_max_text", CLI_STRING },
	{ "CPU Shares", "cpu_weight_text", CLI_STRING },
	{ "CPU Max", "cpu_max_text", CLI_STRING },
	{ "Processes", "pids_text", CLI_STRING },
	{ "Processes Max", "pids_max_text", CLI_STRING },
	{ "CPUs", "cpus", CLI_STRING },
	{ "Nodes", "nodes", CLI_STRING },
	{ 0 },
};

static const struct cli_column get_columns[] = {
	{ "Group", "group", CLI_STRING },
	{ "World", "world", CLI_STRING },
	{ "Essential", "essential", CLI_BOOLEAN },
	{ "Changed", "changed", CLI_BOOLEAN },
	{ "Memory Used", "memory_used_text", CLI_STRING },
	{ "Memory Reservation", "memory_min_text", CLI_STRING },
	{ "Memory Limit", "memory_max_text", CLI_STRING },
	{ "Memory Soft Limit", "memory_high_text", CLI_STRING },
	{ "CPU Shares", "cpu_weight_text", CLI_STRING },
	{ "CPU Limit", "cpu_max_text", CLI_STRING },
	{ "CPU Used Microseconds", "cpu_used_us", CLI_INTEGER },
	{ "Processes", "pids_text", CLI_STRING },
	{ "Processes Limit", "pids_max_text", CLI_STRING },
	{ "Disk Shares", "io_weight_text", CLI_STRING },
	{ "Disk Limit", "io_max_text", CLI_STRING },
	{ "CPUs", "cpus", CLI_STRING },
	{ "Memory Nodes", "nodes", CLI_STRING },
	{ "Times Slowed Down", "slowed", CLI_INTEGER },
	{ "Times At Memory Limit", "refused_memory", CLI_INTEGER },
	{ "Processes Ended", "ended", CLI_INTEGER },
	{ "Forks Refused", "refused_forks", CLI_INTEGER },
	{ "Periods Throttled", "throttled", CLI_INTEGER },
	{ 0 },
};

/* clang-format off */
#define LIMIT_OPTIONS                                                                              \
	{ "mem-min", 'i', "memory_min", CLI_MIB, false, "MIB", NULL },          \
	{ "mem-max", 'm', "memory_max", CLI_MIB, false, "MIB", NULL }, \
	{ "mem-soft", 's', "memory_high", CLI_MIB, false, "MIB", NULL }, \
	{ "cpu-shares", 'w', "cpu_weight", CLI_NUMBER, false, "N", NULL },           \
	{ "cpu-max", 'c', "cpu_max", CLI_NUMBER, false, "PERCENT", NULL },   \
	{ "pids-max", 'p', "pids_max", CLI_NUMBER, false, "N", NULL },        \
	{ "io-shares", 'o', "io_weight", CLI_NUMBER, false, "N", NULL },   \
	{ "io-max", 'x', "io_max", CLI_MIB, false, "MIB", NULL }, \
	{ "cpus", 'u', "cpus", CLI_TEXT, false, "SET", NULL },                 \
	{ "nodes", 'N', "nodes", CLI_TEXT, false, "SET", NULL }
/* clang-format on */

#define GROUP_OPTION                                                     \
	{                                                                \
		"group-path", 'g', "group", CLI_TEXT, true, "POOL", NULL \
	}

static const struct cli_option get_options[] = { GROUP_OPTION, { 0 } };

static const struct cli_option set_options[] = {
	GROUP_OPTION,
	LIMIT_OPTIONS,
	{ "reset", 'r', "reset", CLI_FLAG, false, NULL, NULL },
	{ 0 },
};

static const struct cli_option add_options[] = {
	{ "group-path", 'g', "parent", CLI_TEXT, true, "POOL", NULL },
	{ "name", 'n', "name", CLI_TEXT, true, "NAME", NULL },
	LIMIT_OPTIONS,
	{ 0 },
};

const struct cli_command sched_commands[] = {
	{
		.words = "sched group list",
		.op = "sched.group.list",
		.style = CLI_TABLE,
		.columns = list_columns,
		.shape = shape,
		.help = "Resource pools with their contracts and use",
	},
	{
		.words = "sched group get",
		.op = "sched.group.get",
		.options = get_options,
		.style = CLI_FIELDS,
		.columns = get_columns,
		.shape = shape,
		.help = "One resource pool",
	},
	{
		.words = "sched group set",
		.op = "sched.group.set",
		.options = set_options,
		.help = "Change limits of a pool, at once and for later boots",
	},
	{
		.words = "sched group add",
		.op = "sched.group.add",
		.options = add_options,
		.help = "Make a pool",
	},
	{
		.words = "sched group delete",
		.op = "sched.group.delete",
		.options = get_options,
		.help = "Remove an empty pool that was made",
	},
	{ 0 },
};
