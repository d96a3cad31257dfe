// SPDX-License-Identifier: Apache-2.0
/* system.hostname: the name in the kernel and in the state file /etc/hostname. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "hostname.h"
#include "userworld/core/internal.h"

static int hostname_get(json_t *params, json_t **result, struct err *e)
{
	char path[CORE_PATH_MAX];
	char name[HOSTNAME_MAX + 2];

	(void)params;
	if (core_path(path, e, CORE_PROC, "/proc/sys/kernel/hostname") < 0 ||
	    file_read_at(AT_FDCWD, path, name, sizeof(name), e) < 0)
		return -1;
	return core_give(result, json_pack("{s:s}", "hostname", name), e);
}

static int hostname_set(json_t *params, json_t **result, struct err *e)
{
	const char *name = core_string(params, "hostname");
	char kernel[CORE_PATH_MAX];
	char path[CORE_PATH_MAX];
	char line[HOSTNAME_MAX + 2];
	int len;

	(void)result;
	if (hostname_check(name, e) < 0 ||
	    core_path(kernel, e, CORE_PROC, "/proc/sys/kernel/hostname") < 0 ||
	    core_path(path, e, CORE_ROOT, "/etc/hostname") < 0)
		return -1;
	len = snprintf(line, sizeof(line), "%s\n", name);
	/* Sticky: visorfs keeps the file as state. */
	if (file_write_atomic(path, line, (size_t)len, 01644, e) < 0)
		return -1;
	return file_write_at(AT_FDCWD, kernel, line, e) < 0 ? -1 : 0;
}

static const struct core_param set_params[] = {
	{ "hostname", CORE_STRING, .required = true, .min = 1, .max = HOSTNAME_MAX,
	  .help = "Name of the host, with or without domain" },
	{ 0 },
};

const struct core_op core_hostname_ops[] = {
	{
		.name = "system.hostname.get",
		.method = "GET",
		.path = "/system/hostname",
		.run = hostname_get,
		.help = "Name of the host",
	},
	{
		.name = "system.hostname.set",
		.method = "PUT",
		.path = "/system/hostname",
		.privilege = CORE_CHANGE,
		.params = set_params,
		.run = hostname_set,
		.help = "Changes the name of the host, at once and for later boots",
	},
	{ 0 },
};
