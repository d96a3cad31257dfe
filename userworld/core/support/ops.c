// SPDX-License-Identifier: Apache-2.0
/* system.support: the support bundle as operations. */
#include "support.h"
#include "userworld/core/internal.h"

static int manifest_list(json_t *params, json_t **result, struct err *e)
{
	(void)params;
	return support_manifests(result, e);
}

static int write_file(json_t *params, json_t **result, struct err *e)
{
	const char *file = core_string(params, "file");
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_ROOT, "%s", file) < 0 ||
	    support_write_file(path, core_string(params, "group"), result, e) < 0)
		return -1;
	return json_object_set_new(*result, "file", json_string(file)) < 0 ? core_nomem(e) : 0;
}

static int stream(json_t *params, json_t **result, struct err *e)
{
	json_int_t fd = core_integer(params, "fd", -1);

	if (fd < 0)
		return err_set(e, ERR_USAGE, "fd: nowhere to write to");
	return support_write((int)fd, core_string(params, "group"), result, e);
}

#define GROUP                                                                                 \
	{                                                                                     \
		"group", CORE_NAME, .max = 64, .among = "system.support.manifest.list group", \
				    .help = "Of these manifests only"                         \
	}

static const struct core_param write_params[] = {
	{ "file", CORE_PATH, .required = true, .max = 1024, .help = "New file on the host" },
	GROUP,
	{ 0 },
};

static const struct core_param stream_params[] = {
	{ "fd", CORE_INT, .max = 1 << 20, .help = "Where it is written to" },
	GROUP,
	{ 0 },
};

const struct core_op core_support_ops[] = {
	{
		.name = "system.support.manifest.list",
		.method = "GET",
		.path = "/system/support/manifests",
		.run = manifest_list,
		.help = "What goes into a support bundle",
	},
	{
		.name = "system.support.write",
		.method = "POST",
		.path = "/system/support",
		.privilege = CORE_OPERATE,
		.flags = CORE_SLOW | CORE_QUIET,
		.params = write_params,
		.run = write_file,
		.help = "Write a support bundle to a file of the host",
	},
	{
		.name = "system.support.stream",
		.method = "GET",
		.path = "/system/support",
		.privilege = CORE_OPERATE,
		.flags = CORE_STREAM | CORE_QUIET,
		.params = stream_params,
		.run = stream,
		.help = "A support bundle, as it is made",
		.stream_type = "application/gzip",
		.stream_name = "visor-support.tgz",
	},
	{ 0 },
};
