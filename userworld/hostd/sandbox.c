// SPDX-License-Identifier: Apache-2.0
/* What the network process gives up. */
#include "sandbox.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cleanup.h"

#define NOBODY 65534 /* where the user is not known: on a developer's machine */

/*
 * What libevent, OpenSSL, jansson and the allocator need of a process that has its descriptors.
 * Nothing here opens a file or a socket, starts or looks at a process, or makes memory executable.
 */
static const int allowed[] = {
	SCMP_SYS(accept4),
	SCMP_SYS(brk),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(close),
	SCMP_SYS(dup),
	SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl),
	SCMP_SYS(epoll_pwait),
	SCMP_SYS(epoll_pwait2),
	SCMP_SYS(epoll_wait),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(fcntl),
	SCMP_SYS(fstat),
	SCMP_SYS(futex),
	SCMP_SYS(getpeername),
	SCMP_SYS(getpid),
	SCMP_SYS(getrandom),
	SCMP_SYS(getsockname),
	SCMP_SYS(getsockopt),
	SCMP_SYS(gettid),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(ioctl),
	SCMP_SYS(lseek),
	SCMP_SYS(madvise),
	SCMP_SYS(mremap),
	SCMP_SYS(munmap),
	SCMP_SYS(nanosleep),
	SCMP_SYS(newfstatat),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sendfile),
	SCMP_SYS(sendmsg),
	SCMP_SYS(sendto),
	SCMP_SYS(setsockopt),
	SCMP_SYS(shutdown),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(tgkill),
	SCMP_SYS(time),
	SCMP_SYS(timerfd_settime),
	SCMP_SYS(write),
	SCMP_SYS(writev),
};

#define EXECUTABLE 4 /* PROT_EXEC */

static int allow_all(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < ARRAY_SIZE(allowed); i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) < 0)
			return -1;
	/* Memory is for data. */
	if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
			     SCMP_A2(SCMP_CMP_MASKED_EQ, EXECUTABLE, 0)) < 0)
		return -1;
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
				SCMP_A2(SCMP_CMP_MASKED_EQ, EXECUTABLE, 0));
}

/* Refused, not killed: a library that tries something new does not take the port down. */
static int filter_calls(struct err *e)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc = filter ? allow_all(filter) : -1;

	if (rc == 0)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	return rc < 0 ? err_set(e, ERR_SYSTEM, "system calls cannot be restricted") : 0;
}

static int leave_root(const char *empty, struct err *e)
{
	const struct passwd *user = getpwnam(SANDBOX_USER);
	uid_t uid = user ? user->pw_uid : NOBODY;
	gid_t gid = user ? user->pw_gid : NOBODY;

	if (chroot(empty) < 0 || chdir("/") < 0)
		return err_sys(e, errno, "chroot %s", empty);
	if (setgroups(0, NULL) < 0 || setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
		return err_sys(e, errno, "becoming user " SANDBOX_USER);
	return 0;
}

int sandbox_enter(const char *empty, struct err *e)
{
	const struct rlimit files = { SANDBOX_FILES, SANDBOX_FILES }, none = { 0, 0 };

	setrlimit(RLIMIT_NOFILE, &files);
	setrlimit(RLIMIT_CORE, &none); /* it holds the key of the certificate */
	if (geteuid() == 0 && leave_root(empty, e) < 0)
		return -1;
	if (prctl(PR_SET_DUMPABLE, 0) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_sys(e, errno, "prctl");
	return filter_calls(e);
}
