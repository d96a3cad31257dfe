// SPDX-License-Identifier: Apache-2.0
#include "init.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "userworld/lib/file.h"
#include "userworld/lib/log.h"

#define GUARD "/usr/sbin/execguard"
#define SWITCH "/sys/fs/visorfs/0/exec_installed_only" /* stage 0 may have thrown it */

static void __attribute__((noreturn)) become_guard(void)
{
	static char *const argv[] = { (char *)"execguard", NULL };
	static char *const envp[] = { NULL };
	int kmsg = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (kmsg >= 0)
		dup2(kmsg, STDERR_FILENO);
	execve(GUARD, argv, envp);
	log_warn("%s", GUARD);
	_exit(1);
}

void guard_execution(void)
{
	char value[8];
	int status;
	pid_t pid;

	if (file_read_at(AT_FDCWD, SWITCH, value, sizeof(value), NULL) < 0 || strcmp(value, "1"))
		return;
	pid = fork();
	if (pid == 0)
		become_guard();
	/* Everything that runs after this is guarded, so that comes first. */
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || status)
		log_warnx("only tardisks' files are executed, but code from memory is not refused");
}
