// SPDX-License-Identifier: Apache-2.0
/* The switch that restricts execution: thrown once, and never back while the host runs. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "file.h"
#include "setting.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"
#include "worldctl.h"

#define SWITCH "/sys/fs/visorfs/0/exec_installed_only"
#define GUARD "/usr/sbin/execguard"
#define GUARD_LOG "execguard" /* the userworld that tells what is refused */

int setting_exec_get(uint64_t *value, struct err *e)
{
	char path[CORE_PATH_MAX];

	return core_path(path, e, CORE_SYSFS, SWITCH) < 0 ? -1 : file_read_u64(path, value, e);
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

int setting_exec_set(uint64_t wanted, struct err *e)
{
	uint64_t value;

	if (setting_exec_get(&value, e) < 0)
		return -1;
	if (value && !wanted)
		return err_set(e, ERR_DENIED,
			       "it cannot be taken back: restart the host with the kernel "
			       "argument visoros.execInstalledOnly=FALSE");
	if (!wanted)
		return 0;
	if (restrict_execution(e) < 0)
		return -1;
	if (!value)
		core_event(EVENT_SECURITY_EXEC, NULL,
			   "Only unchanged files of tardisks are executed now");
	return 0;
}
