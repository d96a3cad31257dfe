// SPDX-License-Identifier: Apache-2.0
/* system ntp, with the options of esxcli */
#include "commands.h"

static const struct cli_column columns[] = {
	{ "Enabled", "enabled", CLI_BOOLEAN },
	{ "PID", "pid", CLI_INTEGER },
	{ "Servers", "servers", CLI_LIST },
	{ "Servers By DHCP", "dhcp_servers", CLI_LIST },
	{ "State", "state", CLI_STRING },
	{ "Synchronized", "synchronized", CLI_BOOLEAN },
	{ 0 },
};

static const struct cli_option options[] = {
	{ "enabled", 'e', "enabled", CLI_TRUTH, false, "BOOL", NULL },
	{ "server", 's', "servers", CLI_TEXT, false, "SERVERS", NULL },
	{ 0 },
};

const struct cli_command ntp_commands[] = {
	{
		.words = "system ntp get",
		.op = "system.ntp.get",
		.style = CLI_FIELDS,
		.columns = columns,
		.help = "Servers of the time, and whether the clock follows them",
	},
	{
		.words = "system ntp set",
		.op = "system.ntp.set",
		.options = options,
		.help = "Change them, at once and for later boots",
	},
	{ 0 },
};
