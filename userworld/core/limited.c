// SPDX-License-Identifier: Apache-2.0
#include "limited.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cgroup.h"
#include "cleanup.h"
#include "internal.h"
#include "log.h"

#define LINES_MAX 100 /* that are logged */
#define STEP 50	      /* milliseconds between two looks at it */

/* Lines on their way to the log. */
struct lines {
	const char *label;
	char buf[200];
	size_t len;
	char last[200];
	unsigned int logged;
};

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* -1 where there are no pools: in tests. */
static int make_pool(void)
{
	_cleanup_close_ int root = -1;
	char path[CORE_PATH_MAX];
	struct err e = ERR_INIT;
	int pool;

	if (core_path(path, &e, CORE_SYSFS, CGROUP_ROOT) < 0)
		return -1;
	root = cgroup_open_root(path, NULL);
	if (root < 0)
		return -1;
	pool = cgroup_make(root, LIMITED_POOL, &e);
	if (pool < 0 || cgroup_write_u64(pool, "memory.max", LIMITED_MEMORY, &e) < 0 ||
	    cgroup_write_u64(pool, "pids.max", LIMITED_PIDS, &e) < 0 ||
	    cgroup_write(pool, "cpu.max", LIMITED_CPU, &e) < 0)
		log_warnx("pool " LIMITED_POOL ": %s", e.text);
	return pool;
}

static void end_pool(int pool)
{
	_cleanup_close_ int root = -1;
	char path[CORE_PATH_MAX];

	if (pool < 0)
		return;
	cgroup_kill(pool, NULL);
	while (cgroup_populated(pool, NULL) == 1)
		usleep(STEP * 1000);
	close(pool);
	if (core_path(path, NULL, CORE_SYSFS, CGROUP_ROOT) == 0)
		root = cgroup_open_root(path, NULL);
	if (root >= 0)
		cgroup_remove(root, LIMITED_POOL, NULL);
}

static void __attribute__((noreturn))
child(int pool, int out, const char *const *argv, const char *const *env)
{
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	setsid();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (null < 0 || chdir("/") < 0 || (pool >= 0 && cgroup_attach(pool, 0, NULL) < 0))
		_exit(126);
	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	execve(argv[0], (char *const *)argv, (char *const *)env);
	fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static void end_line(struct lines *l)
{
	l->buf[l->len] = '\0';
	if (l->len) {
		if (++l->logged <= LINES_MAX)
			log_info("%s: %s", l->label, l->buf);
		if (l->logged == LINES_MAX)
			log_info("%s: what else it says is not logged", l->label);
		memcpy(l->last, l->buf, l->len + 1);
	}
	l->len = 0;
}

/* 1: something has come, 0: not now, -1: the end. Control characters do not get into the log. */
static int take_lines(struct lines *l, int fd)
{
	char data[512];
	ssize_t n = read(fd, data, sizeof(data));

	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
	for (ssize_t i = 0; i < n; i++) {
		if (data[i] == '\n' || l->len == sizeof(l->buf) - 1)
			end_line(l);
		if (data[i] != '\n')
			l->buf[l->len++] = (unsigned char)data[i] < ' ' ? '?' : data[i];
	}
	return 1;
}

/* Until it has ended: 1 and *status; 0 when its time is over. */
static int wait_for(pid_t pid, int out, int64_t deadline, struct lines *l, int *status)
{
	struct pollfd p = { .fd = out, .events = POLLIN };

	for (;;) {
		pid_t ended = waitpid(pid, status, WNOHANG);

		if (ended == pid || (ended < 0 && errno == ECHILD))
			return 1;
		if (now_ms() >= deadline)
			return 0;
		/* It may close its output and live on. */
		if (poll(&p, p.fd < 0 ? 0 : 1, STEP) > 0 && take_lines(l, out) < 0)
			p.fd = -1;
	}
}

static int judge(int status, const struct lines *l, struct err *e)
{
	const char *gap = l->last[0] ? ": " : "";

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFEXITED(status))
		return err_set(e, ERR_CONFLICT, "ended with exit code %d%s%s", WEXITSTATUS(status),
			       gap, l->last);
	return err_set(e, ERR_CONFLICT, "was ended by signal %d%s%s", WTERMSIG(status), gap,
		       l->last);
}

static int follow(pid_t pid, int out, unsigned int timeout, int pool, struct lines *l,
		  struct err *e)
{
	int64_t deadline = now_ms() + (int64_t)timeout * 1000;
	int status = 0, rc = 0;

	if (!wait_for(pid, out, deadline, l, &status)) {
		rc = err_set(e, ERR_CONFLICT, "did not end within %u s", timeout);
		kill(-pid, SIGKILL);
		if (pool >= 0)
			cgroup_kill(pool, NULL);
		waitpid(pid, &status, 0);
	}
	while (take_lines(l, out) > 0)
		;
	end_line(l);
	return rc < 0 ? rc : judge(status, l, e);
}

int limited_run(const char *label, const char *const *argv, const char *const *env,
		unsigned int timeout, struct err *e)
{
	struct lines l = { .label = label };
	_cleanup_close_ int in = -1;
	int ends[2], pool, rc;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(e, errno, "pipe");
	in = ends[0];
	fcntl(in, F_SETFL, O_NONBLOCK);
	pool = make_pool();
	pid = fork();
	if (pid == 0)
		child(pool, ends[1], argv, env);
	close(ends[1]);
	if (pid < 0)
		rc = err_sys(e, errno, "fork");
	else
		rc = follow(pid, in, timeout, pool, &l, e);
	end_pool(pool);
	return rc;
}
