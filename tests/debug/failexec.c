// SPDX-License-Identifier: Apache-2.0
/* failnth's operations on programs, and the switch that allows only those of tardisks. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "failnth.h"

#define PROGRAM MNT "/bin/failnth"
#define FAILED 101 /* exit status of a child whose exec came back, and should */
#define CAUSELESS 102

/* Of this process, which is about to execute something: it takes no memory to arm. */
static void arm_child(void)
{
	char text[16];
	int fd = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
	int len = snprintf(text, sizeof(text), "%u", fail_at);

	if (fail_at && (fd < 0 || write(fd, text, (size_t)len) != len))
		_exit(CAUSELESS);
}

static int is_spent(void)
{
	char c = '1';
	int fd = open("/proc/self/fail-nth", O_RDONLY | O_CLOEXEC);

	return fd >= 0 && read(fd, &c, 1) == 1 && c == '0';
}

/* Once exec has given up the old program, a failure can only kill the process. */
static int judge(int status)
{
	child_failed = 1;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 3)
		child_failed = 0;
	if (WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 3))
		return 0;
	return WIFEXITED(status) && WEXITSTATUS(status) == CAUSELESS ? -ECHILD : -ENOMEM;
}

/* The program says itself whether it was its failure. */
static int execute(void)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (!pid) {
		arm_child();
		execl(PROGRAM, "failnth", "--spent", (char *)NULL);
		_exit(is_spent() ? FAILED : CAUSELESS);
	}
	if (waitpid(pid, &status, 0) != pid)
		return -errno;
	return judge(status);
}

/* As the dynamic loader does: mapped, then made executable. */
static int map_code(int fd)
{
	char *map = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, fd, 0);
	int ret;

	if (map == MAP_FAILED)
		return -errno;
	ret = sys(mprotect(map + 4096, 4096, PROT_READ | PROT_EXEC))
		      ?: !memcmp(map, "\177ELF", 4) ? 0
						    : -EBADMSG;
	munmap(map, 8192);
	return ret;
}

/* Writing to a program that runs is refused, also where an allocation fails. */
static int refused(int ret, int err)
{
	return ret == err ? 0 : ret ?: -EBADMSG;
}

static int attach_program(void)
{
	return do_switch(PROG, NULL, 0);
}

/* clang-format off */
RUN(restrict, sysfs_write("exec_installed_only", "1"))
RUN(map_code, with_fd(PROGRAM, O_RDONLY, map_code))
RUN(refused_map, refused(run_map_code(), -EACCES))

static int attach_restricted(void)
{
	return attach_program() ?: run_restrict();
}

/* Changed, it is no program any more. */
static int attach_changed(void)
{
	return attach_restricted() ?: with_fd(PROGRAM, O_WRONLY, NULL) ?:
	       sys(fchmodat(AT_FDCWD, PROGRAM, 0711, 0));
}

const struct op exec_ops[] = {
	{ "exec", attach_program, execute, NULL, ARMS },
	{ "exec-restricted", attach_restricted, execute, NULL, ARMS | UNCACHED },
	{ "map-code", attach_program, run_map_code, NULL, UNCACHED },
	{ "map-code-restricted", attach_restricted, run_map_code, NULL, 0 },
	{ "map-code-refused", attach_changed, run_refused_map, NULL, 0 },
	{ "restrict", NULL, run_restrict, NULL, 0 },
	{ NULL },
};
