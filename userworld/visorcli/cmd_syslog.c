// SPDX-License-Identifier: Apache-2.0
/* system syslog, with the options of esxcli */
#include "commands.h"

static const struct cli_column config_columns[] = {
	{ "Default Network Retry Timeout", "retry_seconds", CLI_INTEGER },
	{ "Enforce SSLCertificates", "verify", CLI_BOOLEAN },
	{ "Local Log Output", "directory", CLI_STRING },
	{ "Local Log Output Is Persistent", "persistent", CLI_BOOLEAN },
	{ "Local Log Output Total", "total", CLI_KIB },
	{ "Message Spool", "spool", CLI_KIB },
	{ "Remote Host", "hosts", CLI_STRING },
	{ "SSLCertificates File", "ca", CLI_STRING },
	{ 0 },
};

static const struct cli_column logger_columns[] = {
	{ "ID", "name", CLI_STRING },	       { "Description", "description", CLI_STRING },
	{ "Rotation Size", "size", CLI_KIB },  { "Rotations", "rotate", CLI_INTEGER },
	{ "Destination", "path", CLI_STRING }, { 0 },
};

static const struct cli_column remote_columns[] = {
	{ "Remote Host", "target", CLI_STRING },
	{ "State", "state", CLI_STRING },
	{ "Sent", "sent", CLI_INTEGER },
	{ "Waiting", "waiting", CLI_INTEGER },
	{ "Dropped", "dropped", CLI_INTEGER },
	{ "Reason", "reason", CLI_STRING },
	{ 0 },
};

static const struct cli_option config_options[] = {
	{ "loghost", 'l', "hosts", CLI_TEXT, false, "HOSTS", NULL },
	{ "check-ssl-certs", 'c', "verify", CLI_TRUTH, false, "BOOL", NULL },
	{ "ca-file", 'C', "ca", CLI_TEXT, false, "PATH", NULL },
	{ "default-timeout", 't', "retry_seconds", CLI_NUMBER, false, "SECONDS", NULL },
	{ "spool", 's', "spool", CLI_KIBS, false, "KIB", NULL },
	{ 0 },
};

static const struct cli_option logger_options[] = {
	{ "id", 'i', "name", CLI_TEXT, true, "LOG", NULL },
	{ "size", 's', "size", CLI_KIBS, false, "KIB", NULL },
	{ "rotate", 'r', "rotate", CLI_NUMBER, false, "COUNT", NULL },
	{ 0 },
};

static const struct cli_option mark_options[] = {
	{ "message", 's', "message", CLI_TEXT, true, "TEXT", NULL },
	{ 0 },
};

const struct cli_command syslog_commands[] = {
	{
		.words = "system syslog config get",
		.op = "system.syslog.config.get",
		.style = CLI_FIELDS,
		.columns = config_columns,
		.help = "Settings of all logs",
	},
	{
		.words = "system syslog config set",
		.op = "system.syslog.config.set",
		.options = config_options,
		.help = "Change where logs are sent",
	},
	{
		.words = "system syslog config logger list",
		.op = "system.syslog.logger.list",
		.style = CLI_TABLE,
		.columns = logger_columns,
		.help = "Logs with their sizes",
	},
	{
		.words = "system syslog config logger set",
		.op = "system.syslog.logger.set",
		.options = logger_options,
		.help = "Change the size of a log",
	},
	{
		.words = "system syslog remote list",
		.op = "system.syslog.remote.list",
		.style = CLI_TABLE,
		.columns = remote_columns,
		.help = "Hosts the log is sent to, and how that goes",
	},
	{
		.words = "system syslog reload",
		.op = "system.syslog.reload",
		.help = "Read the settings again",
	},
	{
		.words = "system syslog mark",
		.op = "system.syslog.mark",
		.options = mark_options,
		.help = "Write a message into the log",
	},
	{ 0 },
};
