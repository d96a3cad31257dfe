// SPDX-License-Identifier: Apache-2.0
/* Who uses the host right now: a screen that goes on, or lines for a spreadsheet. */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "sample.h"
#include "userworld/lib/cleanup.h"
#include "userworld/lib/program.h"
#include "version.h"

static const struct program self = {
	.name = "visortop",
	.usage = "[-b] [-d SECONDS] [-n COUNT]",
	.help = "Shows what each userworld uses, as esxtop does.\n"
		"  -b, --batch          lines of CSV instead of a screen\n"
		"  -d, --delay SECONDS  between two samples (5)\n"
		"  -n, --count COUNT    so many samples, then end (0: go on)\n"
		"      --help, --version\n"
		"Keys: c CPU, m memory, U by CPU, M by memory, N by name, s delay, q end.\n",
};

struct options {
	bool batch;
	unsigned int delay, count;
};

static struct top_sample samples[2];
static struct top_view view, first;
static struct termios saved;
static volatile sig_atomic_t ended;

static void on_end(int sig)
{
	(void)sig;
	ended = 1;
}

static int batch(const struct options *o, struct err *e)
{
	static struct top_sample base;
	char host[65] = "localhost";

	gethostname(host, sizeof(host) - 1);
	if (top_sample(&base, e) < 0)
		return -1;
	top_rates(NULL, &base, &first);
	for (unsigned int i = 0; !o->count || i < o->count; i++) {
		const struct top_sample *old = i ? &samples[(i + 1) % 2] : &base;
		_cleanup_free_ char *text = i ? NULL : top_csv_titles(&first, host);
		_cleanup_free_ char *line = NULL;

		if (text)
			fputs(text, stdout);
		sleep(o->delay);
		if (top_sample(&samples[i % 2], e) < 0)
			return -1;
		top_rates(old, &samples[i % 2], &view);
		line = top_csv_line(&first, &view);
		if (!line)
			return err_set(e, ERR_NO_SPACE, "out of memory");
		fputs(line, stdout);
		if (fflush(stdout) == EOF)
			return err_sys(e, errno, "standard output");
	}
	return 0;
}

struct look {
	enum top_page page;
	enum top_sort sort;
	unsigned int delay;
};

static void draw(const struct look *l)
{
	static char lines[TOP_LINES][TOP_WIDTH];
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	char note[TOP_WIDTH];
	size_t n;

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	snprintf(note, sizeof(note), "c CPU  m memory  U M N order  s delay (%u s)  q end",
		 l->delay);
	top_sort(&view, l->sort);
	n = top_render(&view, l->page, note, lines, TOP_LINES);
	if (n > size.ws_row)
		n = size.ws_row;
	fputs("\x1b[H", stdout);
	for (size_t i = 0; i < n; i++)
		printf("%s%.*s\x1b[K\x1b[0m%s", i == 3 ? "\x1b[7m" : "", (int)size.ws_col, lines[i],
		       i + 1 < n ? "\r\n" : "");
	fputs("\x1b[J", stdout);
	fflush(stdout);
}

/* False to end. */
static bool take_key(struct look *l, char key)
{
	static const unsigned int delays[] = { 2, 5, 10, 30, 1 };

	switch (key) {
	case 'c':
		l->page = TOP_PAGE_CPU;
		break;
	case 'm':
		l->page = TOP_PAGE_MEMORY;
		break;
	case 'U':
		l->sort = TOP_BY_CPU;
		break;
	case 'M':
		l->sort = TOP_BY_MEMORY;
		break;
	case 'N':
		l->sort = TOP_BY_NAME;
		break;
	case 's':
		for (size_t i = 0; i < ARRAY_SIZE(delays); i++)
			if (delays[i] == l->delay || i + 1 == ARRAY_SIZE(delays)) {
				l->delay = delays[(i + 1) % ARRAY_SIZE(delays)];
				break;
			}
		break;
	case 'q':
	case 3: /* ^C */
		return false;
	}
	return true;
}

static void screen_on(void)
{
	struct termios raw;

	tcgetattr(STDIN_FILENO, &saved);
	raw = saved;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw);
	fputs("\x1b[?1049h\x1b[?25l\x1b[2J", stdout);
}

static void screen_off(void)
{
	fputs("\x1b[?25h\x1b[?1049l", stdout);
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved);
}

static int screen(const struct options *o, struct err *e)
{
	struct look l = { .delay = o->delay };
	struct pollfd keys = { .fd = STDIN_FILENO, .events = POLLIN };
	unsigned int seen = 0;
	bool on = true;
	char key;

	while (on && !ended && (!o->count || seen < o->count)) {
		if (top_sample(&samples[seen % 2], e) < 0)
			return -1;
		top_rates(seen ? &samples[(seen + 1) % 2] : NULL, &samples[seen % 2], &view);
		seen++;
		draw(&l);
		/* A key changes the look, not the rhythm: the same sample is shown anew. */
		while (on && !ended && poll(&keys, 1, (int)l.delay * 1000) > 0) {
			on = read(STDIN_FILENO, &key, 1) == 1 && take_key(&l, key);
			draw(&l);
		}
	}
	return 0;
}

static int seconds(const char *text, unsigned int least, unsigned int *value)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (end == text || *end || n < least || n > 86400)
		return -1;
	*value = (unsigned int)n;
	return 0;
}

static int parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "batch", no_argument, NULL, 'b' },
		{ "delay", required_argument, NULL, 'd' },
		{ "count", required_argument, NULL, 'n' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "bd:n:", longs, NULL)) != -1) {
		if (c == 'h')
			return program_help(&self);
		if (c == 'V')
			return program_version(&self, PROGRAM_VERSION);
		if (c == 'b')
			o->batch = true;
		else if (c != 'd' && c != 'n')
			return program_usage(&self, NULL);
		else if (seconds(optarg, c == 'd', c == 'd' ? &o->delay : &o->count) < 0)
			return program_usage(&self, "'%s' is not a number for -%c", optarg, c);
	}
	return optind == argc ? -1 : program_usage(&self, "unexpected '%s'", argv[optind]);
}

int main(int argc, char **argv)
{
	struct options o = { .delay = 5 };
	struct err e = ERR_INIT;
	int rc = parse(argc, argv, &o);

	if (rc >= 0)
		return rc;
	if (!o.batch && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)))
		return program_usage(&self, "this is no terminal: use --batch");
	signal(SIGTERM, on_end);
	signal(SIGHUP, on_end);
	if (o.batch) {
		rc = batch(&o, &e);
	} else {
		screen_on();
		rc = screen(&o, &e);
		screen_off();
	}
	return rc < 0 ? program_fail(&self, &e) : program_end(&self);
}
