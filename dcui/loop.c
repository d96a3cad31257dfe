// SPDX-License-Identifier: Apache-2.0
/* One poll() over everything that can happen. */
#include "dcui/loop.h"
#include "dcui/consoles.h"
#include "dcui/hotkey.h"
#include "dcui/keyseq.h"
#include "dcui/shed.h"
#include "dcui/shell.h"
#include "dcui/term.h"
#include "dcui/typed.h"

#include "cleanup.h"
#include "log.h"
#include "ready.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>

#define PAUSE_SECONDS 60

enum { FD_TTY, FD_SIGNAL, FD_TIMER, FD_CONSOLES, FD_CALLS, FD_COUNT = FD_CALLS + DRIVER_FDS };

struct loop {
	struct driver *d;
	const struct loop_options *options;
	struct line line;
	struct grid *grid;
	struct typed typed;
	struct keyseq keys;
	struct consoles consoles;
	struct hotkey hot;
	struct shell shell;
	int signals, timer;
	bool done, dirty;
	bool shed; /* what only a start needs is let go */
};

static uint64_t seconds_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec;
}

static int open_screen(struct loop *l, struct err *e)
{
	struct term_options options = { .fd = l->line.fd,
					.type = l->line.type,
					.mono = l->options->mono,
					.teach = l->line.kind == LINE_VT };

	options.utf8 = l->line.utf8 && !l->options->ascii;
	return term_open(&options, e);
}

/* The grid follows the terminal's size. */
static int fit(struct loop *l, struct err *e)
{
	struct model *m = &l->d->m;
	struct grid *g;

	term_size(&m->rows, &m->cols);
	g = grid_new(m->rows, m->cols);
	if (!g)
		return err_set(e, ERR_NO_SPACE, "no memory for a screen of %dx%d", m->cols,
			       m->rows);
	grid_free(l->grid);
	l->grid = g;
	l->dirty = true;
	return 0;
}

/* Ctrl-L: on a serial line another terminal may have been attached; ask again. */
static void start_over(struct loop *l)
{
	struct err e = ERR_INIT;

	if (l->line.kind != LINE_SERIAL) {
		term_repaint();
		l->dirty = true;
		return;
	}
	term_close();
	line_prepare(&l->line, l->options->type, false);
	if (open_screen(l, &e) < 0 || fit(l, &e) < 0) {
		log_err(&e);
		l->done = true;
	}
}

/* After a pause on a serial line somebody else, with another terminal, may be at its end. */
static bool back_from_pause(const struct loop *l)
{
	return l->line.kind == LINE_SERIAL && seconds_now() - l->d->m.last_key >= PAUSE_SECONDS;
}

static void take_key(struct loop *l, struct key key)
{
	bool again = key.code == KEY_CTRL && key.ch == 'l';

	if (again || back_from_pause(l))
		start_over(l);
	l->d->m.now = seconds_now();
	if (again)
		l->d->m.last_key = l->d->m.now;
	else if (key.code == KEY_CTRL && key.ch == 'c' && !l->d->m.console)
		l->done = true;
	else
		driver_key(l->d, key);
	l->dirty = true;
}

/* A serial line is all that such a host has: log, shell and console share it. */
static bool has_hot_keys(const struct loop *l)
{
	return l->line.kind == LINE_SERIAL && l->d->m.console;
}

/* The terminal is the shell's, until it is ours again. */
static enum hot show_shell(struct loop *l)
{
	struct model *m = &l->d->m;
	struct err e = ERR_INIT;
	enum hot hot;

	term_close();
	hot = shell_show(&l->shell, &l->typed, l->line.fd, l->line.type, l->signals, &e);
	start_over(l);
	m->now = seconds_now();
	if (hot == HOT_NONE) {
		log_err(&e);
		ui_result(m, false, "Shell");
		ui_result_line(m, false, "%s", e.text);
	}
	return hot;
}

static void take_hot(struct loop *l, enum hot hot)
{
	struct model *m = &l->d->m;

	m->now = seconds_now();
	if (m->busy != ACTION_NONE)
		return;
	if (hot == HOT_SHELL)
		hot = show_shell(l);
	else
		m->last_key = m->now;
	if (hot == HOT_LOG && ui_top(m) != SCREEN_LIVE) {
		live_read(&m->live, LIVE_LOG);
		ui_push(m, SCREEN_LIVE);
	} else if (hot == HOT_CONSOLE && ui_top(m) == SCREEN_LIVE) {
		ui_pop(m);
	} else if (hot == HOT_HELP) {
		ui_result(m, false, "Ctrl-G Ctrl-B and then");
		ui_result_line(m, true, HOTKEY_HELP);
	}
	l->dirty = true;
}

static void take_byte(struct loop *l, unsigned char byte)
{
	struct key keys[2];
	int count = keyseq_feed(&l->keys, byte, keys);

	for (int k = 0; k < count && !l->done; k++)
		take_key(l, keys[k]);
}

static void take_bytes(void *loop, const unsigned char *bytes, int count)
{
	struct loop *l = loop;

	for (int i = 0; i < count && !l->done; i++)
		take_byte(l, bytes[i]);
}

static void take_input(struct loop *l)
{
	ssize_t got = typed_read(&l->typed, l->line.fd);

	if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) {
		log_info("the terminal is gone");
		l->done = true;
		return;
	}
	while (typed_left(&l->typed) && !l->done) {
		struct hotkey *keys = has_hot_keys(l) ? &l->hot : NULL;
		enum hot hot = typed_take(&l->typed, keys, take_bytes, l);

		if (hot != HOT_NONE)
			take_hot(l, hot);
	}
}

static void take_signal(struct loop *l)
{
	struct signalfd_siginfo info;
	struct err e = ERR_INIT;

	if (read(l->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGCHLD)
		return; /* the call's pipe says more */
	if (info.ssi_signo != SIGWINCH) {
		l->done = true;
		return;
	}
	term_resize();
	if (fit(l, &e) < 0) {
		log_err(&e);
		l->done = true;
	}
}

static void take_time(struct loop *l)
{
	uint64_t ticks;
	const struct model *m = &l->d->m;
	int depth = m->depth;

	if (read(l->timer, &ticks, sizeof(ticks)) != sizeof(ticks))
		return;
	driver_tick(l->d, seconds_now());
	if (m->busy != ACTION_NONE || m->depth != depth || ui_top(m) == SCREEN_TRIAL)
		l->dirty = true;
	if (ui_top(m) == SCREEN_LIVE && !line_behind(&l->line))
		l->dirty |= live_read(&l->d->m.live, LIVE_LOG);
}

/* Whoever looks at another console wants to know how it stands now. */
static void take_switch(struct loop *l)
{
	if (!consoles_switched(&l->consoles))
		return;
	l->d->m.now = seconds_now();
	driver_refresh(l->d);
	consoles_draw(&l->consoles, &l->d->m, true);
}

static int open_events(struct loop *l, struct err *e)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGWINCH);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	l->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	l->timer = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	if (l->signals < 0 || l->timer < 0)
		return err_sys(e, errno, "signals and timer of the main loop");
	return 0;
}

/* Wakes up only when there is something to do: consoles stand idle for months. */
static void set_timer(const struct loop *l)
{
	uint64_t driver = driver_due(l->d), consoles = consoles_due(&l->consoles, &l->d->m);
	struct itimerspec due = { .it_value.tv_sec =
					  (time_t)(driver < consoles ? driver : consoles) };

	timerfd_settime(l->timer, TFD_TIMER_ABSTIME, &due, NULL);
}

static void wait_once(struct loop *l)
{
	struct pollfd fds[FD_COUNT] = { [FD_TTY] = { l->line.fd, POLLIN, 0 },
					[FD_SIGNAL] = { l->signals, POLLIN, 0 },
					[FD_TIMER] = { l->timer, POLLIN, 0 },
					[FD_CONSOLES] = { l->consoles.active, POLLPRI, 0 } };
	int calls[DRIVER_FDS];
	int count;

	set_timer(l);
	driver_fds(l->d, calls);
	for (int i = 0; i < DRIVER_FDS; i++)
		fds[FD_CALLS + i] = (struct pollfd){ calls[i], POLLIN, 0 };
	count = poll(fds, FD_COUNT, keyseq_pending(&l->keys) ? l->line.escape_ms : -1);
	if (count == 0) {
		struct key key;

		if (keyseq_expire(&l->keys, &key))
			take_key(l, key);
	}
	if (count <= 0)
		return;
	if (fds[FD_SIGNAL].revents)
		take_signal(l);
	if (fds[FD_TIMER].revents)
		take_time(l);
	if (fds[FD_TTY].revents)
		take_input(l);
	if (fds[FD_CONSOLES].revents)
		take_switch(l);
}

static void show(struct loop *l)
{
	ui_render(&l->d->m, l->grid);
	term_show(l->grid);
	l->dirty = false;
	/* The first screen with something on it is the end of the start. */
	if (!l->shed && l->d->m.facts.loaded) {
		shed_pages();
		l->shed = true;
	}
}

static int run(struct loop *l, struct err *e)
{
	bool changed;

	if (fit(l, e) < 0)
		return -1;
	l->d->m.serial = l->line.kind == LINE_SERIAL;
	l->d->m.now = l->d->m.last_key = seconds_now();
	driver_refresh(l->d);
	consoles_draw(&l->consoles, &l->d->m, driver_continue(l->d));
	show(l);
	ready_notify();
	while (!l->done && !l->d->quit) {
		wait_once(l);
		changed = driver_continue(l->d);
		consoles_draw(&l->consoles, &l->d->m, changed);
		l->dirty |= changed;
		if (l->dirty && !l->done)
			show(l);
	}
	return 0;
}

int loop_run(struct driver *d, const struct loop_options *options, struct err *e)
{
	struct loop l = {
		.d = d, .options = options, .signals = -1, .timer = -1, .consoles = CONSOLES_NONE
	};
	int rc;

	if (line_open(&l.line, options->tty, e) < 0)
		return -1;
	/* Before the terminal is asked what it is: a signal must not leave it raw. */
	rc = open_events(&l, e);
	if (rc == 0 && l.line.kind == LINE_VT && d->m.console)
		consoles_open(&l.consoles);
	if (rc == 0) {
		line_prepare(&l.line, options->type, d->m.console);
		rc = open_screen(&l, e);
	}
	if (rc == 0) {
		rc = run(&l, e);
		term_close();
	}
	line_close(&l.line);
	consoles_close(&l.consoles);
	shell_end(&l.shell);
	if (l.signals >= 0)
		close(l.signals);
	if (l.timer >= 0)
		close(l.timer);
	grid_free(l.grid);
	return rc;
}
