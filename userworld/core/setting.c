// SPDX-License-Identifier: Apache-2.0
/*
 * system.setting: switches of the running host. There is one so far: whether
 * only unchanged files of tardisks are executed (docs/exec.md).
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "event.h"
#include "file.h"
#include "internal.h"
#include "worldctl.h"

#define OPTION "/User/execInstalledOnly"
#define SWITCH "/sys/fs/visorfs/0/exec_installed_only"
#define GUARD "/usr/sbin/execguard"
#define GUARD_LOG "execguard" /* the userworld that tells what is refused */

static int read_switch(uint64_t *value, struct err *e)
{
	char path[CORE_PATH_MAX];

	return core_path(path, e, CORE_SYSFS, SWITCH) < 0 ? -1 : file_read_u64(path, value, e);
}

static int setting_list(json_t *params, json_t **result, struct err *e)
{
	const char *option = core_string(params, "option");
	uint64_t value;

	if (option && strcmp(option, OPTION) != 0)
		return err_set(e, ERR_NOT_FOUND, "%s: no such setting; there is " OPTION, option);
	if (read_switch(&value, e) < 0)
		return -1;
	return core_give(result,
			 json_pack("[{s:s, s:s, s:I, s:i, s:i, s:i, s:s}]", "option", OPTION,
				   "type", "integer", "value", (json_int_t)value, "default", 0,
				   "min", 0, "max", 1, "description",
				   "Execute unchanged files of tardisks only; holds until the host "
				   "restarts"),
			 e);
}

static int run_guard(const char *path, struct err *e)
{
	char *const argv[] = { (char *)"execguard", NULL };
	char *const envp[] = { NULL };
	int status, error;
	pid_t pid;

	error = posix_spawn(&pid, path, NULL, NULL, argv, envp);
	if (error)
		return err_sys(e, error, "%s", path);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_sys(e, errno, "%s", path);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return err_set(e, ERR_SYSTEM,
			       "%s: code from memory is not refused; 'execguard -v' tells why",
			       path);
	return 0;
}

/* An image without the guard has the file system's half of it. */
static int restrict_execution(struct err *e)
{
	char path[CORE_PATH_MAX], socket[CORE_PATH_MAX];

	if (core_path(path, e, CORE_ROOT, GUARD) < 0 ||
	    core_path(socket, e, CORE_RUN, WORLDCTL_SOCKET) < 0)
		return -1;
	if (access(path, X_OK) < 0)
		return core_path(path, e, CORE_SYSFS, SWITCH) < 0
			       ? -1
			       : file_write_at(AT_FDCWD, path, "1\n", e);
	if (run_guard(path, e) < 0)
		return -1;
	world_start(socket, GUARD_LOG, NULL);
	return 0;
}

static int setting_set(json_t *params, json_t **result, struct err *e)
{
	json_int_t wanted = core_integer(params, "value", 0);
	const char *option = core_string(params, "option");
	uint64_t value;

	(void)result;
	if (strcmp(option, OPTION) != 0)
		return err_set(e, ERR_NOT_FOUND, "%s: no such setting; there is " OPTION, option);
	if (read_switch(&value, e) < 0)
		return -1;
	if (value && !wanted)
		return err_set(e, ERR_DENIED,
			       OPTION " cannot be taken back: restart the host with the kernel "
				      "argument visoros.execInstalledOnly=FALSE");
	if (!wanted)
		return 0;
	if (restrict_execution(e) < 0)
		return -1;
	if (!value)
		core_event("security", "info", "Only unchanged files of tardisks are executed now");
	return 0;
}

static const struct core_param list_params[] = {
	{ "option", CORE_PATH, .help = "Only this setting" },
	{ 0 },
};

static const struct core_param set_params[] = {
	{ "option", CORE_PATH, .required = true, .help = "Which setting" },
	{ "value", CORE_INT, .required = true, .min = 0, .max = 1, .help = "Its new value" },
	{ 0 },
};

const struct core_op core_setting_ops[] = {
	{
		.name = "system.setting.list",
		.method = "GET",
		.path = "/system/settings",
		.params = list_params,
		.run = setting_list,
		.help = "Switches of the running host",
	},
	{
		.name = "system.setting.set",
		.method = "PUT",
		.path = "/system/settings",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = set_params,
		.run = setting_set,
		.help = "Throws one, at once and until the host restarts",
	},
	{ 0 },
};
