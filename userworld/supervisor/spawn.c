// SPDX-License-Identifier: Apache-2.0
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "userworld/lib/cleanup.h"
#include "userworld/lib/file.h"
#include "userworld/lib/ready.h"

#define READY_FD 3
#define EXIT_CANNOT_START 127

/* What the child needs, made before it exists: there it may only do system calls. */
struct plan {
	char command[512];
	char env[256];
	char *argv[WORLD_ARGS_MAX + 1];
	char *envp[WORLD_ARGS_MAX + 8];
	int output; /* writing end, -1: a tty instead */
	int ready;  /* writing end, -1: not wanted */
	uint64_t address_space;
};

static int make_plan(const struct world_conf *c, struct plan *p, struct err *e)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	static char home[] = "HOME=/", ready[] = READY_ENV "=3";
	int n;

	strcpy(p->command, c->command);
	strcpy(p->env, c->env);
	if (split_words(p->command, p->argv, ARRAY_SIZE(p->argv)) < 1)
		return err_set(e, ERR_INVALID, "userworld %s: bad command", c->name);
	n = split_words(p->env, p->envp, WORLD_ARGS_MAX);
	if (n < 0)
		return err_set(e, ERR_INVALID, "userworld %s: env has too many words", c->name);
	p->envp[n++] = path;
	p->envp[n++] = home;
	if (p->ready >= 0)
		p->envp[n++] = ready;
	p->envp[n] = NULL;
	return 0;
}

/* From here to execve() in the child: system calls only, every failure said on stderr. */
static void __attribute__((noreturn)) child_fails(const char *what)
{
	dprintf(STDERR_FILENO, "cannot start: %s: %s\n", what, strerror(errno));
	_exit(EXIT_CANNOT_START);
}

/* Without the score the world still works; the kernel's OOM killer is the net below ours. */
static void child_oom_score(const struct world_conf *c)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", c->essential ? OOM_SCORE_ESSENTIAL : OOM_SCORE_OTHER);
	if (file_write_at(AT_FDCWD, "/proc/self/oom_score_adj", text, NULL) < 0)
		dprintf(STDERR_FILENO, "/proc/self/oom_score_adj: %s\n", strerror(errno));
}

/* Beyond it malloc() and mmap() fail, in this process alone. What it starts has the same limit. */
static void child_address_space(uint64_t bytes)
{
	struct rlimit limit = { .rlim_cur = bytes, .rlim_max = bytes };

	if (bytes != POOL_NONE && setrlimit(RLIMIT_DATA, &limit) < 0)
		child_fails("memory.address-space");
}

/* The last program may have been killed and left it raw: the next one finds it as new. */
static void reset_terminal(int tty)
{
	struct termios t;

	if (tcgetattr(tty, &t) < 0)
		return;
	t.c_iflag = (t.c_iflag & IUTF8) | ICRNL | IXON;
	t.c_oflag = OPOST | ONLCR;
	t.c_lflag = ISIG | ICANON | IEXTEN | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE;
	tcsetattr(tty, TCSANOW, &t);
}

static void child_streams(const struct world_conf *c, const struct plan *p)
{
	int in;

	if (c->tty[0]) {
		in = open(c->tty, O_RDWR | O_NOCTTY);
		if (in < 0 || ioctl(in, TIOCSCTTY, 1) < 0 || dup2(in, STDOUT_FILENO) < 0 ||
		    dup2(in, STDERR_FILENO) < 0)
			child_fails(c->tty);
		reset_terminal(in);
	} else {
		dup2(p->output, STDERR_FILENO);
		dup2(p->output, STDOUT_FILENO);
		in = open("/dev/null", O_RDONLY);
		if (in < 0)
			child_fails("/dev/null");
	}
	if (dup2(in, STDIN_FILENO) < 0)
		child_fails("standard input");
	if (p->ready >= 0 && dup2(p->ready, READY_FD) < 0)
		child_fails("ready descriptor");
}

void spawn_fresh(void)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int s = 1; s < NSIG; s++)
		sigaction(s, &dfl, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	umask(022);
	setsid();
}

static void __attribute__((noreturn)) child(const struct world *w, const struct plan *p)
{
	const struct world_conf *c = &w->conf;

	spawn_fresh();
	child_streams(c, p);
	if (cgroup_attach(w->pool, 0, NULL) < 0)
		child_fails(c->pool);
	child_oom_score(c);
	child_address_space(p->address_space);
	/* Whatever is open beyond is the supervisor's; most of it is close-on-exec anyway. */
	close_range(p->ready >= 0 ? READY_FD + 1 : STDERR_FILENO + 1, ~0U, 0);
	if (chdir("/") < 0)
		child_fails("/");
	execve(p->argv[0], p->argv, p->envp);
	child_fails(p->argv[0]);
}

/*
 * Not CLONE_INTO_CGROUP: kernels with the fix for forks that race with
 * cgroup.kill compare the wrong groups then, and kill at birth whatever is
 * cloned into a group that was ever killed. The child moves itself instead.
 */
pid_t spawn_fork(int *pidfd)
{
	struct clone_args args = {
		.flags = CLONE_PIDFD,
		.pidfd = (uintptr_t)pidfd,
		.exit_signal = SIGCHLD,
	};

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

/*
 * A pipe whose writing end is above READY_FD, so that dup2() in the child
 * cannot overwrite one end with the other.
 */
static int make_pipe(int *reading, int *writing, struct err *e)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(e, errno, "pipe");
	*reading = ends[0];
	*writing = fcntl(ends[1], F_DUPFD_CLOEXEC, READY_FD + 1);
	close(ends[1]);
	if (*writing < 0)
		return err_sys(e, errno, "pipe");
	return 0;
}

static int start(struct table *t, struct world *w, struct plan *p, struct err *e)
{
	if (!w->conf.tty[0] && make_pipe(&w->output, &p->output, e) < 0)
		return -1;
	if (w->conf.ready == READY_NOTIFY && make_pipe(&w->ready, &p->ready, e) < 0)
		return -1;
	if (make_plan(&w->conf, p, e) < 0)
		return -1;
	w->pid = spawn_fork(&w->pidfd);
	if (w->pid == 0)
		child(w, p);
	if (w->pid < 0) {
		w->pid = 0;
		w->pidfd = -1;
		return err_sys(e, errno, "userworld %s: start in pool %s", w->conf.name,
			       w->conf.pool);
	}
	if (watch_add(t, w->pidfd, EPOLLIN, WATCH_PID, world_index(t, w)) < 0)
		return err_sys(e, errno, "userworld %s: watch", w->conf.name);
	if (w->ready >= 0 && watch_add(t, w->ready, EPOLLIN, WATCH_READY, world_index(t, w)) < 0)
		return err_sys(e, errno, "userworld %s: watch", w->conf.name);
	return 0;
}

int spawn(struct table *t, struct world *w, struct err *e)
{
	struct plan p = {
		.output = -1,
		.ready = -1,
		.address_space = pool_scaled(w->conf.address_space, w->conf.address_scale,
					     t->host.memory_total),
	};
	int rc;

	spawn_forget(w);
	rc = start(t, w, &p, e);
	close_fd(&p.output);
	close_fd(&p.ready);
	if (rc < 0)
		spawn_forget(w);
	return rc;
}

void spawn_ended(struct world *w)
{
	close_fd(&w->pidfd);
	close_fd(&w->ready);
	w->pid = 0;
}

void spawn_forget(struct world *w)
{
	spawn_ended(w);
	close_fd(&w->output);
}
