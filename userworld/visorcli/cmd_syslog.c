// SPDX-License-Identifier: Apache-2.0
/* system syslog, with the options of esxcli */
#include "commands.h"

#include <stdint.h>

#define KIB 1024

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
	{ "loghost", 'l', "hosts", CLI_TEXT, false, "HOSTS",
	  "udp://HOST:PORT, tcp:// or tls://, with commas between; '' for none" },
	{ "check-ssl-certs", 'c', "verify", CLI_TRUTH, false, "BOOL", "Check TLS hosts" },
	{ "ca-file", 'C', "ca", CLI_TEXT, false, "PATH", "Certificates to check them against" },
	{ "default-timeout", 't', "retry_seconds", CLI_NUMBER, false, "SECONDS",
	  "Most seconds between two tries" },
	{ "spool", 's', "spool", CLI_NUMBER, false, "KIB", "Kept while a host is away" },
	{ 0 },
};

static const struct cli_option logger_options[] = {
	{ "id", 'i', "name", CLI_TEXT, true, "LOG", "Which log: vmkernel" },
	{ "size", 's', "size", CLI_NUMBER, false, "KIB", "Size at which it is rotated" },
	{ "rotate", 'r', "rotate", CLI_NUMBER, false, "COUNT", "Files kept" },
	{ 0 },
};

static const struct cli_option mark_options[] = {
	{ "message", 's', "message", CLI_TEXT, true, "TEXT", "What to write" },
	{ 0 },
};

/* esxcli counts these in KiB, the API in bytes. */
static int kib_to_bytes(json_t *params, struct err *e)
{
	static const char *const keys[] = { "size", "spool" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		json_t *value = json_object_get(params, keys[i]);
		json_int_t n = json_integer_value(value);

		if (!value)
			continue;
		if (n < 0 || n > INT32_MAX)
			return err_set(e, ERR_USAGE,
				       "option --%s: %" JSON_INTEGER_FORMAT " KiB is out of range",
				       keys[i], n);
		json_object_set_new(params, keys[i], json_integer(n * KIB));
	}
	return 0;
}

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
		.prepare = kib_to_bytes,
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
		.prepare = kib_to_bytes,
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
