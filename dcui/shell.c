// SPDX-License-Identifier: Apache-2.0
/* A relay between the line and a pseudo terminal. */
#include "dcui/shell.h"

#include "cgroup.h"
#include "cleanup.h"
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define POOL "host/vim/vimuser/terminal/shell"
#define SHELL "/usr/lib/visoros/shell"

static void __attribute__((noreturn)) child(int group, const char *type)
{
	char *argv[] = { (char[]){ SHELL }, (char[]){ "here" }, NULL };
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	setenv("TERM", type, 1);
	/* Not the console's: the shell is no essential world, and has its pool's limits. */
	if (cgroup_attach(group, 0, NULL) < 0 ||
	    file_write_at(AT_FDCWD, "/proc/self/oom_score_adj", "500", NULL) < 0)
		_exit(126);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	execv(SHELL, argv);
	_exit(127);
}

/* Its pool, which has something in it only as long as the shell is enabled. */
static int open_pool(struct err *e)
{
	_cleanup_close_ int root = cgroup_open_root(CGROUP_ROOT, e);
	_cleanup_close_ int group = root < 0 ? -1 : cgroup_open(root, POOL, NULL);

	if (root < 0)
		return -1;
	if (group < 0 || cgroup_populated(group, NULL) != 1)
		return err_set(e, ERR_UNAVAILABLE,
			       "the shell is disabled: enable it under Troubleshooting (F2)");
	return fcntl(group, F_DUPFD_CLOEXEC, 0);
}

bool shell_enabled(void)
{
	_cleanup_close_ int group = open_pool(NULL);

	return group >= 0;
}

static int start(struct shell *s, int line, const char *type, struct err *e)
{
	_cleanup_close_ int group = open_pool(e);
	struct winsize size = { .ws_row = 24, .ws_col = 80 };

	if (group < 0)
		return -1;
	ioctl(line, TIOCGWINSZ, &size);
	s->pid = forkpty(&s->master, NULL, NULL, &size);
	if (s->pid == 0)
		child(group, type);
	if (s->pid < 0) {
		s->pid = 0;
		return err_sys(e, errno, "a process for the shell");
	}
	fcntl(s->master, F_SETFD, FD_CLOEXEC);
	return 0;
}

void shell_end(struct shell *s)
{
	if (!s->pid)
		return;
	close(s->master); /* hangs up */
	kill(s->pid, SIGHUP);
	s->pid = 0;
}

/* It is no process any more, or becomes none: everything has closed the terminal. */
static bool has_ended(struct shell *s, bool closed)
{
	if (s->pid && closed)
		kill(s->pid, SIGKILL);
	if (s->pid && waitpid(s->pid, NULL, closed ? 0 : WNOHANG) == 0)
		return false;
	shell_end(s);
	return true;
}

/* A signal to the console is the main loop's: it is put back. True if there was one. */
static bool for_the_console(int signals)
{
	struct signalfd_siginfo info;

	if (read(signals, &info, sizeof(info)) != sizeof(info) || info.ssi_signo == SIGCHLD ||
	    info.ssi_signo == SIGWINCH)
		return false;
	kill(getpid(), (int)info.ssi_signo);
	return true;
}

/* A shell that reads nothing must not make the console wait; one that has ended is seen later. */
static void pass_typed(void *shell, const unsigned char *bytes, int count)
{
	const struct shell *s = shell;

	if (poll(&(struct pollfd){ s->master, POLLOUT, 0 }, 1, 0) == 1 &&
	    write(s->master, bytes, (size_t)count) < 0)
		return;
}

/* What was typed; a hot key ends the reading, and what is behind it is for the console. */
static enum hot take_typed(struct shell *s, struct typed *t, int line, struct hotkey *keys)
{
	enum hot hot = HOT_NONE;

	while (typed_left(t) && hot == HOT_NONE) {
		hot = typed_take(t, keys, pass_typed, s);
		if (hot == HOT_HELP)
			dprintf(line, "\r\n[Ctrl-G Ctrl-B and then: " HOTKEY_HELP "]\r\n");
		if (hot == HOT_HELP || hot == HOT_SHELL)
			hot = HOT_NONE;
	}
	return hot;
}

static bool pass_output(struct shell *s, int line)
{
	char bytes[1024];
	ssize_t got = read(s->master, bytes, sizeof(bytes));

	return got > 0 && write(line, bytes, (size_t)got) >= 0;
}

static enum hot relay(struct shell *s, struct typed *t, int line, int signals)
{
	struct pollfd fds[] = { { line, POLLIN, 0 },
				{ s->master, POLLIN, 0 },
				{ signals, POLLIN, 0 } };
	struct hotkey keys = { 0 };
	/* What was typed right behind the hot key that led here. */
	enum hot hot = take_typed(s, t, line, &keys);

	while (hot == HOT_NONE) {
		if (poll(fds, ARRAY_SIZE(fds), -1) < 0 && errno != EINTR)
			return HOT_CONSOLE;
		if (fds[0].revents && typed_read(t, line) > 0)
			hot = take_typed(s, t, line, &keys);
		if (fds[1].revents && !pass_output(s, line) && has_ended(s, true))
			return HOT_CONSOLE;
		if (fds[2].revents && (for_the_console(signals) || has_ended(s, false)))
			return HOT_CONSOLE;
	}
	return hot;
}

enum hot shell_show(struct shell *s, struct typed *typed, int line, const char *type, int signals,
		    struct err *e)
{
	bool again = s->pid && !has_ended(s, false);
	struct termios t;

	if (!again && start(s, line, type, e) < 0) {
		typed_drop(typed); /* it was for nobody else */
		return HOT_NONE;
	}
	if (tcgetattr(line, &t) == 0) {
		cfmakeraw(&t);
		tcsetattr(line, TCSANOW, &t);
	}
	dprintf(line,
		"\033[0m\033[2J\033[H[Ctrl-G Ctrl-B 3 leads back to the console of the host]\r\n");
	/* It draws its prompt again; if it has ended meanwhile, the relay sees that. */
	if (again)
		dprintf(s->master, "\r");
	return relay(s, typed, line, signals);
}
