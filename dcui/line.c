// SPDX-License-Identifier: Apache-2.0
/* Virtual terminals, serial lines, and the rest. */
#include "dcui/line.h"
#include "dcui/consoles.h"
#include "dcui/probe.h"

#include "cleanup.h"

#include <fcntl.h>
#include <linux/kd.h>
#include <linux/tiocl.h>
#include <linux/vt.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#define PROBE_MS 700	   /* a slow line and a terminal server in between */
#define ESCAPE_LINE_MS 50  /* sequences arrive in one piece */
#define ESCAPE_HAND_MS 700 /* Esc, and then a digit, typed by hand */

static enum line_kind kind_of(int fd)
{
	struct winsize size = { 0 };
	char type;

	if (ioctl(fd, KDGKBTYPE, &type) == 0)
		return LINE_VT;
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && (size.ws_row == 0 || size.ws_col == 0))
		return LINE_SERIAL;
	return LINE_OTHER;
}

int line_open(struct line *line, const char *path, struct err *e)
{
	const char *name = path ? path : "/dev/tty";

	memset(line, 0, sizeof(*line));
	line->fd = open(name, O_RDWR | O_CLOEXEC | (path ? O_NOCTTY : 0));
	if (line->fd < 0 && !path && isatty(STDIN_FILENO))
		line->fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	if (line->fd < 0)
		return err_sys(e, errno, "%s: the console needs a terminal", name);
	if (!isatty(line->fd)) {
		line_close(line);
		return err_set(e, ERR_USAGE, "%s is not a terminal", name);
	}
	line->kind = kind_of(line->fd);
	return 0;
}

bool line_behind(const struct line *line)
{
	int bytes = 0;

	return ioctl(line->fd, TIOCOUTQ, &bytes) == 0 && bytes > 0;
}

void line_close(struct line *line)
{
	if (line->fd >= 0)
		close(line->fd);
	line->fd = -1;
}

static void prepare_vt(struct line *line, bool front)
{
	static const char utf8[] = "\033%G";
	char redirect[] = { TIOCL_SETKMSGREDIRECT, CONSOLE_MESSAGES };
	struct stat st;

	snprintf(line->type, sizeof(line->type), "linux");
	line->utf8 = true;
	line->escape_ms = ESCAPE_LINE_MS;
	if (write(line->fd, utf8, sizeof(utf8) - 1) < 0 || !front)
		return;
	ioctl(line->fd, TIOCLINUX, redirect);
	if (fstat(line->fd, &st) == 0)
		ioctl(line->fd, VT_ACTIVATE, (long)minor(st.st_rdev));
}

static void prepare_serial(struct line *line)
{
	struct probe p = probe_terminal(line->fd, PROBE_MS);
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	const char *type = getenv("TERM");

	line->escape_ms = ESCAPE_HAND_MS;
	line->utf8 = p.utf8;
	/* Whoever shows UTF-8 is an emulator of our days and has colours. */
	snprintf(line->type, sizeof(line->type), "%s",
		 p.utf8		 ? "xterm-256color"
		 : type && *type ? type
				 : "vt100");
	if (p.rows > 0 && p.cols > 0) {
		size.ws_row = (unsigned short)p.rows;
		size.ws_col = (unsigned short)p.cols;
	}
	ioctl(line->fd, TIOCSWINSZ, &size);
}

static void prepare_other(struct line *line)
{
	const char *type = getenv("TERM");

	snprintf(line->type, sizeof(line->type), "%s", type && *type ? type : "vt100");
	line->utf8 = strncmp(line->type, "vt", 2) != 0;
	line->escape_ms = ESCAPE_HAND_MS;
}

void line_prepare(struct line *line, const char *wanted, bool front)
{
	if (line->kind == LINE_VT)
		prepare_vt(line, front);
	else if (line->kind == LINE_SERIAL)
		prepare_serial(line);
	else
		prepare_other(line);
	if (wanted)
		snprintf(line->type, sizeof(line->type), "%s", wanted);
}
