// SPDX-License-Identifier: Apache-2.0
#include "keymap.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int wait_for(pid_t pid, const char *path, struct err *e)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_sys(e, errno, "%s: loadkmap", path);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		return err_set(e, ERR_SYSTEM, "%s: loadkmap failed: the kernel does not take it",
			       path);
	return 0;
}

int keymap_load(const char *root, const char *layout, struct err *e)
{
	char *const argv[] = { (char *)"loadkmap", NULL };
	char *const envp[] = { NULL };
	posix_spawn_file_actions_t files;
	char path[PATH_MAX], busybox[PATH_MAX];
	pid_t pid;
	int error;

	snprintf(path, sizeof(path), "%s/dev/tty0", root);
	if (access(path, F_OK) < 0)
		return 0;
	snprintf(busybox, sizeof(busybox), "%s/usr/bin/busybox", root);
	snprintf(path, sizeof(path), "%s" KEYMAP_DIR "/%s.bmap", root, layout);
	if (access(path, R_OK) < 0)
		return err_sys(e, errno, "%s", path);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, path, O_RDONLY, 0);
	error = posix_spawn(&pid, busybox, &files, NULL, argv, envp);
	posix_spawn_file_actions_destroy(&files);
	return error ? err_sys(e, error, "%s", busybox) : wait_for(pid, path, e);
}

const char *keymap_name(char *text)
{
	text[strcspn(text, " \t\r\n")] = '\0';
	return *text ? text : KEYMAP_SHIPPED;
}
