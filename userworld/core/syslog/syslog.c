// SPDX-License-Identifier: Apache-2.0
/* system.syslog: sizes of the logs, hosts they are sent to, marks. */
#include "syslog.h"

#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "userworld/core/internal.h"
#include "log.h"

#define HOSTS_MAX 511
#define SIZE_MIN (16 << 10)
#define SIZE_MAX_BYTES ((json_int_t)1 << 30)

static const char *const descriptions[LOG_ID_COUNT] = {
	[LOG_ID_VMKERNEL] = "Kernel and userworlds",
	[LOG_ID_VMKWARNING] = "Warnings and worse of vmkernel.log",
	[LOG_ID_HOSTD] = "Management agent",
	[LOG_ID_SHELL] = "Commands typed in the shell",
	[LOG_ID_AUDIT] = "Who changed what, and who logged in",
	[LOG_ID_SYSLOG] = "All other userworlds",
};

static int config_get(json_t *params, json_t **result, struct err *e)
{
	struct settings s;

	(void)params;
	if (syslog_settings(&s, e) < 0)
		return -1;
	return core_give(result,
			 json_pack("{s:s, s:b, s:I, s:s, s:I, s:i, s:s, s:b}", "directory",
				   s.directory, "persistent", 0, "total",
				   (json_int_t)settings_total(&s), "hosts", s.remote.hosts, "spool",
				   (json_int_t)s.remote.spool, "retry_seconds", (int)s.remote.retry,
				   "ca", s.remote.ca, "verify", s.remote.verify),
			 e);
}

static int config_set(json_t *params, json_t **result, struct err *e)
{
	json_t *verify = json_object_get(params, "verify");
	json_int_t spool = core_integer(params, "spool", -1);
	json_int_t retry = core_integer(params, "retry_seconds", -1);
	struct conf_change changes[5];
	char spool_text[24], retry_text[24];
	size_t n = 0;

	(void)result;
	snprintf(spool_text, sizeof(spool_text), "%" JSON_INTEGER_FORMAT, spool);
	snprintf(retry_text, sizeof(retry_text), "%" JSON_INTEGER_FORMAT, retry);
	if (core_string(params, "hosts"))
		changes[n++] = (struct conf_change){ "remote.hosts", core_string(params, "hosts") };
	if (core_string(params, "ca"))
		changes[n++] = (struct conf_change){ "remote.ca", core_string(params, "ca") };
	if (spool >= 0)
		changes[n++] = (struct conf_change){ "remote.spool", spool_text };
	if (retry >= 0)
		changes[n++] = (struct conf_change){ "remote.retry", retry_text };
	if (verify)
		changes[n++] = (struct conf_change){ "remote.verify",
						     json_is_true(verify) ? "yes" : "no" };
	if (!n)
		return err_set(e, ERR_USAGE, "nothing to set was given");
	return syslog_change(changes, n, e) < 0 ? -1 : syslog_reload(e);
}

static int logger_list(json_t *params, json_t **result, struct err *e)
{
	struct settings s;
	json_t *rows;

	(void)params;
	if (syslog_settings(&s, e) < 0)
		return -1;
	rows = json_array();
	for (int i = 0; i < LOG_ID_COUNT; i++) {
		char path[320];

		snprintf(path, sizeof(path), "%s/%s.log", s.directory, log_name((enum log_id)i));
		if (json_array_append_new(
			    rows, json_pack("{s:s, s:s, s:I, s:i, s:s}", "name",
					    log_name((enum log_id)i), "description",
					    descriptions[i], "size", (json_int_t)s.logs[i].size,
					    "rotate", (int)s.logs[i].count, "path", path)) < 0) {
			json_decref(rows);
			return core_nomem(e);
		}
	}
	return core_give(result, rows, e);
}

static bool log_known(const char *name)
{
	for (int i = 0; i < LOG_ID_COUNT; i++)
		if (!strcmp(log_name((enum log_id)i), name))
			return true;
	return false;
}

static int logger_set(json_t *params, json_t **result, struct err *e)
{
	const char *name = core_string(params, "name");
	json_int_t size = core_integer(params, "size", -1);
	json_int_t rotate = core_integer(params, "rotate", -1);
	char keys[2][80], values[2][24];
	struct conf_change changes[2];
	size_t n = 0;

	(void)result;
	if (!log_known(name))
		return err_set(e, ERR_NOT_FOUND, "no log '%s'", name);
	if (size >= 0) {
		snprintf(keys[n], sizeof(keys[n]), "%s.size", name);
		snprintf(values[n], sizeof(values[n]), "%" JSON_INTEGER_FORMAT, size);
		changes[n] = (struct conf_change){ keys[n], values[n] };
		n++;
	}
	if (rotate >= 0) {
		snprintf(keys[n], sizeof(keys[n]), "%s.rotate", name);
		snprintf(values[n], sizeof(values[n]), "%" JSON_INTEGER_FORMAT, rotate);
		changes[n] = (struct conf_change){ keys[n], values[n] };
		n++;
	}
	if (!n)
		return err_set(e, ERR_USAGE, "neither size nor rotate was given");
	return syslog_change(changes, n, e) < 0 ? -1 : syslog_reload(e);
}

static int reload(json_t *params, json_t **result, struct err *e)
{
	(void)params;
	(void)result;
	return syslog_reload(e);
}

static int mark(json_t *params, json_t **result, struct err *e)
{
	(void)result;
	(void)e;
	log_write(LOG_NOTICE, "mark: %s", core_string(params, "message"));
	return 0;
}

static const struct core_param set_params[] = {
	{ "hosts", CORE_STRING, .max = HOSTS_MAX,
	  .help = "udp://HOST:PORT, tcp:// or tls://, several with commas between; empty: none" },
	{ "ca", CORE_STRING, .max = 255,
	  .help = "File of certificates to check TLS hosts against" },
	{ "verify", CORE_BOOL, .help = "Whether TLS hosts are checked" },
	{ "spool", CORE_INT, .bytes = true, .min = 64 << 10, .max = 64 << 20,
	  .help = "Kept while a host is away" },
	{ "retry_seconds", CORE_INT, .min = 1, .max = 3600,
	  .help = "Most seconds between two tries" },
	{ 0 },
};

static const struct core_param logger_params[] = {
	{ "name", CORE_NAME, .required = true, .min = 1, .max = 31,
	  .among = "system.syslog.logger.list name", .help = "Log: vmkernel" },
	{ "size", CORE_INT, .bytes = true, .min = SIZE_MIN, .max = SIZE_MAX_BYTES,
	  .help = "Size at which it is rotated" },
	{ "rotate", CORE_INT, .min = 1, .max = 32, .help = "Files kept of it" },
	{ 0 },
};

static const struct core_param mark_params[] = {
	{ "message", CORE_STRING, .required = true, .min = 1, .max = 255, .help = "What to write" },
	{ 0 },
};

const struct core_op core_syslog_ops[] = {
	{
		.name = "system.syslog.config.get",
		.method = "GET",
		.path = "/system/syslog",
		.run = config_get,
		.help = "Settings of all logs",
	},
	{
		.name = "system.syslog.config.set",
		.method = "PATCH",
		.path = "/system/syslog",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = set_params,
		.run = config_set,
		.help = "Changes where logs are sent, at once and for later boots",
	},
	{
		.name = "system.syslog.logger.list",
		.method = "GET",
		.path = "/system/syslog/loggers",
		.run = logger_list,
		.help = "Logs with their sizes",
	},
	{
		.name = "system.syslog.logger.set",
		.method = "PATCH",
		.path = "/system/syslog/loggers/{name}",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = logger_params,
		.run = logger_set,
		.help = "Changes the size of a log, at once and for later boots",
	},
	{
		.name = "system.syslog.remote.list",
		.method = "GET",
		.path = "/system/syslog/targets",
		.run = syslog_remote_list,
		.help = "Hosts the log is sent to, and how that goes",
	},
	{
		.name = "system.syslog.reload",
		.method = "POST",
		.path = "/system/syslog/reload",
		.privilege = CORE_OPERATE,
		.flags = CORE_SLOW,
		.run = reload,
		.help = "Has the settings of the logs read again",
	},
	{
		.name = "system.syslog.mark",
		.method = "POST",
		.path = "/system/syslog/mark",
		.privilege = CORE_OPERATE,
		.flags = CORE_QUIET,
		.params = mark_params,
		.run = mark,
		.help = "Writes a message of the caller's into the log",
	},
	{ 0 },
};
