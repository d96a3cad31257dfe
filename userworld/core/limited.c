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
#define DYING 5000    /* milliseconds that what was killed may take */
#define PIPE_SIZE (64 << 10)
#define PIECE 4096 /* bytes */

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
static int make_pool(const char *name)
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
	pool = cgroup_make(root, name, &e);
	if (pool < 0 || cgroup_write_u64(pool, "memory.max", LIMITED_MEMORY, &e) < 0 ||
	    cgroup_write_u64(pool, "pids.max", LIMITED_PIDS, &e) < 0 ||
	    cgroup_write(pool, "cpu.max", LIMITED_CPU, &e) < 0)
		log_warnx("pool %s: %s", name, e.text);
	return pool;
}

static void end_pool(int pool, const char *name)
{
	_cleanup_close_ int root = -1;
	char path[CORE_PATH_MAX];

	if (pool < 0)
		return;
	cgroup_kill(pool, NULL);
	/* One that waits for a dead disk stays, and so does its pool. */
	for (int ms = 0; ms < DYING && cgroup_populated(pool, NULL) == 1; ms += STEP)
		usleep(STEP * 1000);
	close(pool);
	if (core_path(path, NULL, CORE_SYSFS, CGROUP_ROOT) == 0)
		root = cgroup_open_root(path, NULL);
	if (root >= 0)
		cgroup_remove(root, name, NULL);
}

static void __attribute__((noreturn)) child(const struct limited *l, int pool, int out)
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
	execve(l->argv[0], (char *const *)l->argv, (char *const *)l->env);
	fprintf(stderr, "%s: %s\n", l->argv[0], strerror(errno));
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

/* Control characters do not get into the log. */
static int add_lines(void *context, const char *data, size_t len)
{
	struct lines *l = context;

	for (size_t i = 0; i < len; i++) {
		if (data[i] == '\n' || l->len == sizeof(l->buf) - 1)
			end_line(l);
		if (data[i] != '\n')
			l->buf[l->len++] = (unsigned char)data[i] < ' ' ? '?' : data[i];
	}
	return 0;
}

/* 1: something has come, 0: not now, -1: the end, or -2: nobody wants more. */
static int take(const struct limited *l, int fd)
{
	char data[PIECE];
	ssize_t n = read(fd, data, sizeof(data));

	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
	return l->take(l->context, data, (size_t)n) == 0 ? 1 : -2;
}

/* Until it has ended, with *status, or has to. */
static enum limited_end wait_for(const struct limited *l, pid_t pid, int out, int *status)
{
	int64_t deadline = now_ms() + (int64_t)l->timeout * 1000;
	struct pollfd p = { .fd = out, .events = POLLIN };

	for (;;) {
		pid_t ended = waitpid(pid, status, WNOHANG);
		int taken = 0;

		if (ended == pid || (ended < 0 && errno == ECHILD))
			return LIMITED_ENDED;
		if (now_ms() >= deadline)
			return LIMITED_TIMED_OUT;
		if (poll(&p, p.fd < 0 ? 0 : 1, STEP) > 0)
			taken = take(l, out);
		if (taken == -2)
			return LIMITED_STOPPED;
		/* It may close its output and live on. */
		if (taken == -1)
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

static void end_child(pid_t pid, int *status)
{
	kill(-pid, SIGKILL);
	for (int ms = 0; ms < DYING && waitpid(pid, status, WNOHANG) == 0; ms += STEP)
		usleep(STEP * 1000);
}

static enum limited_end follow(const struct limited *l, pid_t pid, int out, int pool, int *status)
{
	enum limited_end end = wait_for(l, pid, out, status);
	int taken = 1;

	if (end != LIMITED_ENDED)
		end_child(pid, status);
	/* What it leaves behind must not go on talking. */
	if (pool >= 0)
		cgroup_kill(pool, NULL);
	for (int n = 0; n < PIPE_SIZE / PIECE && taken > 0 && end != LIMITED_STOPPED; n++)
		taken = take(l, out);
	return taken == -2 ? LIMITED_STOPPED : end;
}

int limited_follow(const struct limited *l, int *status, struct err *e)
{
	_cleanup_close_ int in = -1;
	int ends[2], pool, rc;
	pid_t pid;

	*status = 0;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(e, errno, "pipe");
	in = ends[0];
	fcntl(in, F_SETFL, O_NONBLOCK);
	pool = make_pool(l->pool);
	pid = fork();
	if (pid == 0)
		child(l, pool, ends[1]);
	close(ends[1]);
	if (pid < 0)
		rc = err_sys(e, errno, "fork");
	else
		rc = (int)follow(l, pid, in, pool, status);
	end_pool(pool, l->pool);
	return rc;
}

int limited_run(const char *label, const char *const *argv, const char *const *env,
		unsigned int timeout, struct err *e)
{
	struct lines lines = { .label = label };
	const struct limited l = { .pool = LIMITED_POOL,
				   .argv = argv,
				   .env = env,
				   .timeout = timeout,
				   .take = add_lines,
				   .context = &lines };
	int status;
	int end = limited_follow(&l, &status, e);

	if (end < 0)
		return -1;
	end_line(&lines);
	if (end == LIMITED_TIMED_OUT)
		return err_set(e, ERR_CONFLICT, "did not end within %u s", timeout);
	return judge(status, &lines, e);
}
