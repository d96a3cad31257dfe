// SPDX-License-Identifier: Apache-2.0
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "frame.h"

struct command {
	pid_t pid;
	int pidfd;
	int in, out, err;    /* our ends of its pipes, -1 once closed */
	struct frame *input; /* what it has not taken yet */
	size_t taken, given; /* of input: bytes written to the pipe, bytes there are */
	bool input_ends;
};

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void command_end(struct command *c)
{
	if (c->pid > 0) {
		kill(-c->pid, SIGKILL);
		waitpid(c->pid, NULL, 0);
	}
	close_end(&c->pidfd);
	close_end(&c->in);
	close_end(&c->out);
	close_end(&c->err);
	free(c->input);
}

static void __attribute__((noreturn)) child(const char *line, int in, int out, int err)
{
	sigset_t none;

	setsid();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	if (chdir("/root") < 0 && chdir("/") < 0)
		_exit(126);
	setenv("PATH", "/usr/bin:/usr/sbin", 1);
	setenv("HOME", "/root", 1);
	setenv("TERM", "dumb", 1);
	execl("/bin/sh", "sh", "-c", line, NULL);
	_exit(127);
}

static int command_start(struct command *c, const char *line, struct err *e)
{
	int in[2] = { -1, -1 }, out[2] = { -1, -1 }, err[2] = { -1, -1 };
	int failed = 0;

	c->input = malloc(sizeof(*c->input));
	if (!c->input || pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0 ||
	    pipe2(err, O_CLOEXEC) < 0)
		failed = errno;
	else if ((c->pid = fork()) == 0)
		child(line, in[0], out[1], err[1]);
	else if (c->pid < 0 || (c->pidfd = pidfd_open(c->pid, 0)) < 0)
		failed = errno;
	c->in = in[1];
	c->out = out[0];
	c->err = err[0];
	close_end(&in[0]);
	close_end(&out[1]);
	close_end(&err[1]);
	if (failed)
		return err_sys(e, failed, "start a shell");
	fcntl(c->in, F_SETFL, O_NONBLOCK);
	fcntl(c->out, F_SETFL, O_NONBLOCK);
	fcntl(c->err, F_SETFL, O_NONBLOCK);
	return 0;
}

/* Passes on what is in a pipe now. Closes our end when the writers have gone. */
static int drain(int *fd, enum frame_type type, int port, struct err *e)
{
	static char buf[FRAME_MAX];

	while (*fd >= 0) {
		ssize_t n = read(*fd, buf, sizeof(buf));

		if (n < 0)
			return 0;
		if (n == 0)
			close_end(fd);
		else if (frame_write(port, type, buf, n, e) < 0)
			return -1;
	}
	return 0;
}

static int take_frame(struct command *c, int port, struct err *e)
{
	if (frame_read(port, c->input, e) < 0)
		return -1;
	if (c->input->type == FRAME_KILL)
		kill(-c->pid, SIGKILL);
	if (c->input->type != FRAME_STDIN)
		return 0;
	c->taken = 0;
	c->given = c->input->len;
	c->input_ends = c->given == 0;
	return 0;
}

/* Gives the command the rest of the last input frame, as far as the pipe has room. */
static void feed(struct command *c)
{
	while (c->in >= 0 && c->taken < c->given) {
		ssize_t n = write(c->in, c->input->data + c->taken, c->given - c->taken);

		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0) /* nobody reads: the rest is of no interest */
			close_end(&c->in);
		else
			c->taken += n;
	}
	c->taken = c->given = 0;
	if (c->input_ends)
		close_end(&c->in);
}

/* Waits for something to happen and deals with it. 1: the shell has ended, 0: it goes on. */
static int command_step(struct command *c, int port, struct err *e)
{
	bool full = c->in >= 0 && c->taken < c->given;
	struct pollfd fds[] = {
		{ .fd = full ? -1 : port, .events = POLLIN },
		{ .fd = full ? c->in : -1, .events = POLLOUT },
		{ .fd = c->out, .events = POLLIN },
		{ .fd = c->err, .events = POLLIN },
		{ .fd = c->pidfd, .events = POLLIN },
	};

	if (poll(fds, ARRAY_SIZE(fds), -1) < 0)
		return errno == EINTR ? 0 : err_sys(e, errno, "poll");
	if (fds[0].revents && take_frame(c, port, e) < 0)
		return -1;
	feed(c);
	if (drain(&c->out, FRAME_STDOUT, port, e) < 0 || drain(&c->err, FRAME_STDERR, port, e) < 0)
		return -1;
	return fds[4].revents != 0;
}

/* Reaps the shell and tells the host how it ended. */
static int report(struct command *c, int port, struct err *e)
{
	int status = 0, len;
	char text[16];

	waitpid(c->pid, &status, 0);
	c->pid = 0;
	/* Output written just before the end may still be in the pipes. */
	if (drain(&c->out, FRAME_STDOUT, port, e) < 0 || drain(&c->err, FRAME_STDERR, port, e) < 0)
		return -1;
	status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	len = snprintf(text, sizeof(text), "%d", status);
	return frame_write(port, FRAME_STATUS, text, len, e);
}

int command_run(int port, const char *line, struct err *e)
{
	_cleanup_(command_end) struct command c = { .pidfd = -1, .in = -1, .out = -1, .err = -1 };
	int ended = command_start(&c, line, e);

	if (ended < 0) {
		if (frame_write(port, FRAME_STDERR, e->text, strlen(e->text), e) < 0)
			return -1;
		return frame_write(port, FRAME_STATUS, "126", 3, e);
	}
	while (ended == 0)
		ended = command_step(&c, port, e);
	return ended < 0 ? -1 : report(&c, port, e);
}
