// SPDX-License-Identifier: Apache-2.0
/* system event, system alarm */
#include "commands.h"

static const struct cli_column event_columns[] = {
	{ "Number", "number", CLI_INTEGER },
	{ "Time", "time", CLI_STRING },
	{ "Severity", "severity", CLI_STRING },
	{ "Id", "id", CLI_STRING },
	{ "User", "user", CLI_STRING },
	{ "Text", "text", CLI_STRING },
	{ 0 },
};

static const struct cli_option event_options[] = {
	{ "limit", 'l', "limit", CLI_NUMBER, false, "COUNT", NULL },
	{ "since", 's', "since", CLI_NUMBER, false, "NUMBER", NULL },
	{ "before", 'b', "before", CLI_NUMBER, false, "NUMBER", NULL },
	{ "severity", 'S', "severity", CLI_TEXT, false, "LEVEL", NULL },
	{ "id", 'i', "id", CLI_TEXT, false, "ID", NULL },
	{ "from", 'f', "from", CLI_TEXT, false, "TIME", NULL },
	{ "to", 't', "to", CLI_TEXT, false, "TIME", NULL },
	{ 0 },
};

static const struct cli_column alarm_columns[] = {
	{ "Alarm", "alarm", CLI_STRING },
	{ "Severity", "severity", CLI_STRING },
	{ "Raised", "raised", CLI_STRING },
	{ "Times", "times", CLI_INTEGER },
	{ "Acknowledged By", "acknowledged_by", CLI_STRING },
	{ "Text", "text", CLI_STRING },
	{ 0 },
};

static const struct cli_option acknowledge_options[] = {
	{ "alarm", 'a', "alarm", CLI_TEXT, true, "ALARM", NULL },
	{ 0 },
};

const struct cli_command event_commands[] = {
	{
		.words = "system event list",
		.op = "system.event.list",
		.options = event_options,
		.style = CLI_TABLE,
		.columns = event_columns,
		.help = "What happened to the host, newest first",
	},
	{
		.words = "system alarm list",
		.op = "system.alarm.list",
		.style = CLI_TABLE,
		.columns = alarm_columns,
		.help = "What is wrong now, gravest first",
	},
	{
		.words = "system alarm acknowledge",
		.op = "system.alarm.acknowledge",
		.options = acknowledge_options,
		.help = "Say that an alarm was seen",
	},
	{ 0 },
};
