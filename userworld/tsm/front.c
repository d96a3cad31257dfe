// SPDX-License-Identifier: Apache-2.0
#include "front.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "complete.h"
#include "edit.h"
#include "pool.h"
#include "userworld/lib/cleanup.h"
#include "userworld/lib/file.h"
#include "userworld/lib/log.h"

#define SHELL_RC "/usr/lib/visoros/shellrc"

static struct front {
	int master, signals;
	pid_t child;
	struct termios own; /* of the real terminal, given back at the end */
	struct edit edit;
	struct own_pool pool;
	time_t last_key;
	bool tabbed; /* the last key was a tabulator: the next one lists */
	bool busy;   /* a command was given; not back at the prompt yet */
} front;

static void show(const struct screen *s)
{
	fd_write_all(STDOUT_FILENO, s->data, s->len);
}

/* Who has the terminal now, or -1. */
static pid_t foreground(void)
{
	pid_t pid = tcgetpgrp(front.master);

	return pid > 0 ? pid : -1;
}

static bool shell_in_front(void)
{
	char path[32], name[32];

	snprintf(path, sizeof(path), "/proc/%d/comm", foreground());
	if (file_read_at(AT_FDCWD, path, name, sizeof(name), NULL) < 0)
		return false;
	return !strcmp(name, "sh") || !strcmp(name, "ash") || !strcmp(name, "busybox");
}

/* LINES: we edit. SECRET: whole lines, but nobody may see them. KEYS: the program does it all. */
enum mode { MODE_LINES, MODE_SECRET, MODE_KEYS };

/*
 * Ours is a terminal with lines and without echo. Who asks for a password
 * switches off more than the echo, and that is how it is told.
 */
static enum mode mode_now(void)
{
	struct termios t;

	if (tcgetattr(front.master, &t) < 0 || !(t.c_lflag & ICANON))
		return MODE_KEYS;
	return t.c_lflag & ECHO || !(t.c_lflag & ECHOK) ? MODE_SECRET : MODE_LINES;
}

/* The user whom the shell in front belongs to: it may be one that su has started. */
static void log_line(const char *line)
{
	char path[32];
	struct passwd *pw;
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d", foreground());
	pw = getpwuid(stat(path, &st) == 0 ? st.st_uid : getuid());
	log_info("[%s]: %s", pw ? pw->pw_name : "?", line);
}

static void send_line(struct screen *out)
{
	bool command = shell_in_front();
	char line[EDIT_LINE_MAX + 2];

	if (command && front.edit.len)
		log_line(front.edit.line);
	snprintf(line, sizeof(line), "%s\n", front.edit.line);
	edit_next(&front.edit, command);
	front.busy |= command;
	show(out);
	out->len = 0;
	fd_write_all(front.master, line, strlen(line));
}

static void send_control(unsigned char key, struct screen *out)
{
	/* Its shells ignore the end of their input (shellrc), so it is said in words. */
	if (key == ('D' & 0x1f) && shell_in_front()) {
		edit_insert(&front.edit, "exit", out);
		screen_puts(out, "\r\n");
		send_line(out);
		return;
	}
	if (key == ('C' & 0x1f))
		screen_puts(out, "^C\r\n");
	edit_next(&front.edit, false);
	show(out);
	out->len = 0;
	fd_write_all(front.master, &key, 1);
}

static void complete_word(struct screen *out)
{
	char line[EDIT_LINE_MAX + 1], cwd[256], link[32], add[256], list[COMPLETE_LIST];
	const char *path = getenv("PATH");
	ssize_t n;
	int found;

	snprintf(link, sizeof(link), "/proc/%d/cwd", foreground());
	n = readlink(link, cwd, sizeof(cwd) - 1);
	cwd[n > 0 ? n : 0] = '\0';
	snprintf(line, sizeof(line), "%.*s", (int)front.edit.at, front.edit.line);
	found = complete(line, cwd, path ? path : "/usr/bin:/usr/sbin", add, sizeof(add), list);
	if (add[0]) {
		edit_insert(&front.edit, add, out);
	} else if (found > 1 && front.tabbed) {
		screen_puts(out, "\r\n");
		screen_puts(out, list);
		screen_puts(out, "\r\n");
		edit_show(&front.edit, out);
	}
	front.tabbed = true;
}

static void edit_bytes(const char *data, size_t len)
{
	struct screen out = { .len = 0 };

	for (size_t i = 0; i < len; i++) {
		unsigned char key = (unsigned char)data[i];

		if (key != '\t')
			front.tabbed = false;
		switch (edit_key(&front.edit, key, &out)) {
		case EDIT_DONE:
			send_line(&out);
			break;
		case EDIT_CONTROL:
			send_control(key, &out);
			break;
		case EDIT_COMPLETE:
			complete_word(&out);
			break;
		case EDIT_GOES_ON:
			break;
		}
	}
	show(&out);
}

static bool take_keys(void)
{
	char data[1024];
	ssize_t n = read(STDIN_FILENO, data, sizeof(data));

	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	front.last_key = time(NULL);
	if (mode_now() == MODE_LINES)
		edit_bytes(data, (size_t)n);
	else
		fd_write_all(front.master, data, (size_t)n);
	return true;
}

static void tell_news(bool forks, bool cpu)
{
	struct screen out = { .len = 0 };
	char text[640];

	if (mode_now() == MODE_KEYS)
		return;
	own_pool_news(&front.pool, forks, cpu, text, sizeof(text));
	if (!text[0])
		return;
	screen_puts(&out, text);
	if (front.edit.prompt[0] || front.edit.len)
		edit_show(&front.edit, &out);
	show(&out);
}

/*
 * When a job in the background ends, the shell takes that for the end of its
 * input, says that it ignores it, and prompts anew: only the prompt is of interest.
 */
static size_t without_notice(char *data, size_t len)
{
	static const char notice[] = "\r\nUse \"exit\" to leave shell.\r\n";
	size_t size = sizeof(notice) - 1;
	char *p = memmem(data, len, notice, size);

	if (!p)
		return len;
	*p++ = '\r';
	memmove(p, p + size - 1, len - (size_t)(p - data) - size + 1);
	return len - size + 1;
}

static bool take_output(void)
{
	struct screen out = { .len = 0 };
	char data[4096];
	ssize_t n = read(front.master, data, sizeof(data));
	bool lines = mode_now() == MODE_LINES;

	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	if (lines)
		edit_output(&front.edit, data, without_notice(data, (size_t)n), &out);
	else
		screen_put(&out, data, (size_t)n);
	show(&out);
	/* Back at the prompt is when a person wants to know why it took so long. */
	if (lines && front.busy && front.edit.prompt[0] && shell_in_front()) {
		front.busy = false;
		tell_news(false, true);
	}
	return true;
}

static void take_size(void)
{
	struct winsize size;

	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) < 0)
		return;
	front.edit.cols = size.ws_col ? size.ws_col : 80;
	ioctl(front.master, TIOCSWINSZ, &size);
}

static bool take_signal(void)
{
	struct signalfd_siginfo info;

	if (read(front.signals, &info, sizeof(info)) != sizeof(info))
		return true;
	if (info.ssi_signo == SIGWINCH)
		take_size();
	else if (info.ssi_signo == SIGCHLD)
		return waitpid(front.child, NULL, WNOHANG) != front.child;
	else
		return false;
	return true;
}

/* Milliseconds until it is idle for too long; -1: never. */
static int patience(unsigned int idle)
{
	time_t left = front.last_key + (time_t)idle - time(NULL);

	if (!idle)
		return -1;
	return left > 0 ? (int)(left < 3600 ? left : 3600) * 1000 : 0;
}

static bool too_idle(unsigned int idle)
{
	if (!idle || patience(idle) > 0)
		return false;
	/* A command that runs for long is not idleness. */
	if (!shell_in_front()) {
		front.last_key = time(NULL);
		return false;
	}
	dprintf(STDOUT_FILENO, "\r\n[Nothing was typed for %u s: the session is ended.]\r\n", idle);
	log_info("the session was idle for %u s and is ended", idle);
	return true;
}

static void loop(unsigned int idle)
{
	struct pollfd fds[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = front.master, .events = POLLIN },
		{ .fd = front.signals, .events = POLLIN },
		{ .fd = front.pool.events, .events = POLLPRI },
	};
	bool on = true;

	while (on && !too_idle(idle)) {
		int n = poll(fds, ARRAY_SIZE(fds), patience(idle));

		if (n < 0 && errno != EINTR)
			return;
		if (n <= 0)
			continue;
		if (fds[1].revents)
			on = take_output();
		if (on && fds[0].revents)
			on = take_keys();
		if (on && fds[2].revents)
			on = take_signal();
		if (on && fds[3].revents)
			tell_news(true, false);
	}
}

static void open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	front.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void __attribute__((noreturn)) become_shell(char *const *argv)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setenv("ENV", SHELL_RC, 1);
	execv("/bin/sh", argv);
	dprintf(STDERR_FILENO, "/bin/sh: %s\r\n", strerror(errno));
	_exit(127);
}

int front_run(char *const *argv, unsigned int idle)
{
	struct termios raw, inner;
	struct winsize size = { 0 };

	if (tcgetattr(STDIN_FILENO, &front.own) < 0)
		return 1;
	inner = raw = front.own;
	inner.c_lflag = (inner.c_lflag | ICANON | ISIG | IEXTEN | ECHOE | ECHOK) & ~(tcflag_t)ECHO;
	/* Also on a terminal that was left raw: a secret goes through as it is typed. */
	inner.c_iflag = (inner.c_iflag | ICRNL) & ~(tcflag_t)(INLCR | IGNCR);
	inner.c_oflag |= OPOST | ONLCR;
	ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
	open_signals();
	front.child = forkpty(&front.master, NULL, &inner, &size);
	if (front.child < 0) {
		fprintf(stderr, "tsm: no terminal for the shell: %s\n", strerror(errno));
		return 1;
	}
	if (front.child == 0)
		become_shell(argv);
	fcntl(front.master, F_SETFD, FD_CLOEXEC);
	cfmakeraw(&raw);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	take_size();
	own_pool_open(&front.pool);
	front.last_key = time(NULL);
	loop(idle);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &front.own);
	kill(front.child, SIGHUP);
	return 0;
}
