// SPDX-License-Identifier: Apache-2.0
/* Running programs: ETXTBSY, set-ID bits, file capabilities. "exe" is this program. */
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#include "posix.h"

/* Runs a program as a user; its exit status, or 100 + errno of execve. */
static int run_as(uid_t uid, const char *const argv[], char *output, size_t size)
{
	int p[2], status;
	ssize_t n;
	pid_t pid;

	if (pipe2(p, O_CLOEXEC))
		return -1;
	pid = fork();
	if (!pid) {
		dup2(p[1], 1);
		if (uid && (setresgid(uid, uid, uid) || setresuid(uid, uid, uid)))
			_exit(99);
		execv(argv[0], (char *const *)argv);
		_exit(100 + errno);
	}
	close(p[1]);
	n = read(p[0], output, size - 1);
	output[n > 0 ? n : 0] = '\0';
	close(p[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int run(uid_t uid, const char *path)
{
	char output[64];

	return run_as(uid, (const char *const[]){ path, "whoami", NULL }, output, sizeof(output));
}

static bool runs_as(uid_t uid, const char *path, const char *expected)
{
	char output[64];
	int status =
		run_as(uid, (const char *const[]){ path, "whoami", NULL }, output, sizeof(output));

	return !status && !strcmp(output, expected);
}

static void set_id(void)
{
	OK(chown("exe", OTHER, OTHER));
	OK(chmod("exe", 04755));
	TRUE(runs_as(USER, "./exe", "1002 1001\n"));
	OK(chmod("exe", 02755));
	TRUE(runs_as(USER, "./exe", "1001 1002\n"));
	OK(chmod("exe", 06755));
	TRUE(runs_as(USER, "./exe", "1002 1002\n"));
	OK(chown("exe", 0, 0));
	OK(chmod("exe", 0755));
	TRUE(runs_as(USER, "./exe", "1001 1001\n"));
}

/* CAP_CHOWN in the file: an unprivileged user may give a file away with it. */
static void capabilities(void)
{
	struct vfs_cap_data cap = {
		.magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE,
		.data[0].permitted = 1u << CAP_CHOWN,
	};
	const char *const argv[] = { "./exe", "chown", "file", NULL };
	char output[64];
	int fd;

	IS(run_as(USER, argv, output, sizeof(output)), 1);
	OK(setxattr("exe", "security.capability", &cap, XATTR_CAPS_SZ_2, 0));
	IS(run_as(USER, argv, output, sizeof(output)), 0);
	IS(st("file").st_uid, OTHER);
	OK(chown("file", 0, 0));
	/* A change of owner or content takes them away, even root's. */
	OK(chown("exe", 0, 0));
	FAILS(ENODATA, getxattr("exe", "security.capability", NULL, 0));
	IS(run_as(USER, argv, output, sizeof(output)), 1);
	OK(setxattr("exe", "security.capability", &cap, XATTR_CAPS_SZ_2, 0));
	fd = (int)OK(open("exe", O_RDWR | O_CLOEXEC));
	IS(pread(fd, output, 1, 0), 1);
	IS(pwrite(fd, output, 1, 0), 1);
	close(fd);
	FAILS(ENODATA, getxattr("exe", "security.capability", NULL, 0));
	become(USER, USER);
	FAILS(EPERM, setxattr("owned", "security.capability", &cap, XATTR_CAPS_SZ_2, 0));
	root();
}

static void busy(void)
{
	int fd, status;
	int p[2], begun[2];
	pid_t pid;
	char byte;

	OK(pipe2(p, 0));
	OK(pipe2(begun, O_CLOEXEC)); /* ends when the program begins */
	pid = fork();
	if (!pid) {
		/* The mode "run" of a folder that is not there ends at once; this one waits. */
		dup2(p[0], 0);
		close(p[1]);
		execl("./exe", "./exe", "wait", NULL);
		_exit(1);
	}
	close(p[0]);
	close(begun[1]);
	IS(read(begun[0], &byte, 1), 0);
	close(begun[0]);
	FAILS(ETXTBSY, open_close("exe", O_WRONLY));
	FAILS(ETXTBSY, open_close("exe", O_RDWR));
	FAILS(ETXTBSY, truncate("exe", 0));
	OK(chmod("exe", 0755));
	OK(rename("exe", "exe2"));
	OK(rename("exe2", "exe"));
	close(p[1]);
	waitpid(pid, &status, 0);
	IS(status, 0);
	fd = (int)OK(open("exe", O_RDWR | O_CLOEXEC));
	IS(run(0, "./exe"), 100 + ETXTBSY);
	close(fd);
	IS(run(0, "./exe"), 0);
}

void topic_exec(void)
{
	IS(run(0, "./exe"), 0);
	IS(run(USER, "./exe"), 0);
	set_id();
	capabilities();
	busy();
	OK(chmod("exe", 0644));
	IS(run(0, "./exe"), 100 + EACCES);
	OK(chmod("exe", 0700));
	IS(run(USER, "./exe"), 100 + EACCES);
	OK(chmod("exe", 0711)); /* may run, may not read */
	IS(run(USER, "./exe"), 0);
	IS(run(0, "./dir"), 100 + EACCES);
	IS(run(0, "./none"), 100 + ENOENT);
	IS(run(0, "./file/x"), 100 + ENOTDIR);
	IS(run(0, "./loop"), 100 + ELOOP);
	OK(put("script", "#!./exe\n"));
	OK(chmod("script", 0755));
	IS(run(0, "./script"), 2); /* usage */
	OK(put("script", "#!./none\n"));
	IS(run(0, "./script"), 100 + ENOENT);
	OK(put("script", "no format"));
	IS(run(0, "./script"), 100 + ENOEXEC);
	/* The loaded program may go while it runs: the copy that runs is unlinked. */
	OK(unlink("exe"));
}
