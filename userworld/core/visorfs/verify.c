// SPDX-License-Identifier: Apache-2.0
/* system.verify: the file system's own checks of what it holds in memory. */
#include "userworld/core/internal.h"
#include "vfsctl.h"

#define RATE_MAX (64 << 20) /* KiB in a second, as visorfs takes it */

static int verify_get(json_t *params, json_t **result, struct err *e)
{
	struct vfs_verify v;

	(void)params;
	if (vfs_verify_get(core_prefix(CORE_SYSFS), &v, e) < 0)
		return -1;
	return core_give(result,
			 json_pack("{s:b, s:I, s:I, s:I, s:I, s:s, s:I}", "enabled", v.enabled,
				   "rate", (json_int_t)v.rate * 1024, "passes",
				   (json_int_t)v.passes, "errors", (json_int_t)v.errors, "healed",
				   (json_int_t)v.healed, "tardisk", v.tardisk, "position",
				   (json_int_t)v.position),
			 e);
}

static int verify_set(json_t *params, json_t **result, struct err *e)
{
	json_t *enabled = json_object_get(params, "enabled");
	json_int_t rate = core_integer(params, "rate", 0);
	struct vfs_verify old;

	(void)result;
	if (!enabled && !rate)
		return err_set(e, ERR_USAGE, "give enabled or rate");
	if (vfs_verify_get(core_prefix(CORE_SYSFS), &old, e) < 0)
		return -1;
	return vfs_verify_set(core_prefix(CORE_SYSFS),
			      enabled ? json_is_true(enabled) : old.enabled, (uint64_t)rate / 1024,
			      e);
}

static int verify_run(json_t *params, json_t **result, struct err *e)
{
	char mount[CORE_PATH_MAX];
	struct visorfs_check c;

	(void)params;
	if (core_path(mount, e, CORE_ROOT, "/") < 0 || vfs_check(mount, &c, e) < 0)
		return -1;
	return core_give(result,
			 json_pack("{s:I, s:I, s:I, s:s}", "names", (json_int_t)c.names, "files",
				   (json_int_t)c.files, "violations", (json_int_t)c.violations,
				   "first", c.message),
			 e);
}

static const struct core_param set_params[] = {
	{ .name = "enabled",
	  .type = CORE_BOOL,
	  .help = "Scrub memory, and compare tardisks when they are attached" },
	{ .name = "rate",
	  .type = CORE_INT,
	  .min = 1024,
	  .max = (json_int_t)RATE_MAX * 1024,
	  .bytes = true,
	  .help = "Scrubbed in a second at most" },
	{ 0 },
};

const struct core_op core_verify_ops[] = {
	{
		.name = "system.verify.get",
		.method = "GET",
		.path = "/system/verify",
		.run = verify_get,
		.help = "The verify mode, and what its scrub has found",
	},
	{
		.name = "system.verify.set",
		.method = "PATCH",
		.path = "/system/verify",
		.privilege = CORE_CHANGE,
		.params = set_params,
		.run = verify_set,
		.help = "Switches the verify mode, until the next boot",
	},
	{
		.name = "system.verify.run",
		.method = "POST",
		.path = "/system/verify/run",
		.privilege = CORE_OPERATE,
		.flags = CORE_SLOW | CORE_TASK | CORE_CANCEL | CORE_QUIET,
		.run = verify_run,
		.help = "Checks the invariants of the file system now",
	},
	{ 0 },
};
