// SPDX-License-Identifier: Apache-2.0
/* /dev/vcsaN: four bytes (rows, columns, cursor), then a character and its colours for each cell.
 */
#include "dcui/consoles.h"
#include "dcui/look.h"
#include "dcui/screens/screens.h"
#include "dcui/shell.h"

#include "cleanup.h"
#include "log.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define ACTIVE "/sys/class/tty/tty0/active"
#define SHELL_CONSOLE "/dev/tty1"
#define HEADER 4
#define CURSOR_COL 2

static const struct {
	int number;
	const struct screen *screen;
} views[] = { { 11, &screen_status }, { CONSOLE_MESSAGES, &screen_live } };

/* Its palette is that of term.c; typing neither shows nor ends anything. */
static void prepare(int tty)
{
	char text[16 * COLOUR_COUNT + 16] = "\033[?25l";
	size_t len = strlen(text);
	struct termios t;

	for (int i = 0; i < COLOUR_COUNT; i++) {
		struct shade s = look_shade((enum colour)i);

		len += (size_t)snprintf(text + len, sizeof(text) - len, "\033]P%x%02x%02x%02x",
					(unsigned int)i, (unsigned int)s.red * 255 / 1000,
					(unsigned int)s.green * 255 / 1000,
					(unsigned int)s.blue * 255 / 1000);
	}
	if (write(tty, text, len) < 0)
		log_info("a virtual console takes no colours");
	if (tcgetattr(tty, &t) < 0)
		return;
	t.c_iflag = IGNBRK | IGNPAR;
	t.c_lflag = 0;
	tcsetattr(tty, TCSANOW, &t);
}

static int open_device(const char *kind, int number, int flags)
{
	struct err e = ERR_INIT;
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/dev/%s%d", kind, number);
	fd = open(path, flags | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		err_sys(&e, errno, "%s: this console stays empty", path);
		log_err(&e);
	}
	return fd;
}

void consoles_open(struct consoles *c)
{
	*c = (struct consoles){ .active = open(ACTIVE, O_RDONLY | O_CLOEXEC) };
	for (size_t i = 0; i < ARRAY_SIZE(views); i++) {
		c->view[i].screen = -1;
		c->view[i].tty = open_device("tty", views[i].number, O_RDWR | O_NONBLOCK);
		if (c->view[i].tty < 0)
			continue;
		prepare(c->view[i].tty);
		c->view[i].screen = open_device("vcsa", views[i].number, O_RDWR);
	}
	consoles_switched(c);
}

void consoles_close(struct consoles *c)
{
	for (size_t i = 0; i < ARRAY_SIZE(views); i++) {
		if (c->view[i].tty >= 0)
			close(c->view[i].tty);
		if (c->view[i].screen >= 0)
			close(c->view[i].screen);
	}
	if (c->active >= 0)
		close(c->active);
}

/* Index of the view that shows, or -1. */
static int view_in_front(const struct consoles *c)
{
	for (size_t i = 0; i < ARRAY_SIZE(views); i++)
		if (c->front == views[i].number && c->view[i].screen >= 0)
			return (int)i;
	return -1;
}

bool consoles_switched(struct consoles *c)
{
	char text[16] = "";
	int view;

	if (c->active < 0 || pread(c->active, text, sizeof(text) - 1, 0) <= 0)
		return false;
	c->front = strncmp(text, "tty", 3) ? 0 : atoi(text + 3);
	view = view_in_front(c);
	/* What was typed there meanwhile is for nobody. */
	if (view >= 0)
		tcflush(c->view[view].tty, TCIFLUSH);
	return view >= 0;
}

/* The hardware's order of the eight colours has red and blue the other way round. */
static unsigned char colours_of(enum style style)
{
	static const unsigned char order[COLOUR_COUNT] = { 0, 4, 2, 6, 1, 5, 3, 7 };
	struct look look = look_of(style);

	return (unsigned char)(order[look.paper] << 4 | order[look.ink]);
}

static void put_on_screen(int screen, const struct model *m, const struct screen *s)
{
	unsigned char header[HEADER];
	_cleanup_free_ unsigned char *bytes = NULL;
	struct grid *g = NULL;
	size_t cells;

	if (pread(screen, header, sizeof(header), 0) != HEADER)
		return;
	cells = (size_t)header[0] * header[1];
	g = grid_new(header[0], header[1]);
	bytes = malloc(HEADER + 2 * cells);
	if (g && bytes) {
		s->render(m, g);
		memcpy(bytes, header, HEADER);
		for (size_t i = 0; i < cells; i++) {
			bytes[HEADER + 2 * i] =
				g->cells[i].ch < 0x7f ? (unsigned char)g->cells[i].ch : '?';
			bytes[HEADER + 2 * i + 1] = colours_of((enum style)g->cells[i].style);
		}
		if (pwrite(screen, bytes, HEADER + 2 * cells, 0) < 0)
			log_info("a virtual console cannot be drawn: %s", strerror(errno));
	}
	grid_free(g);
}

/* Without a shell its console is empty: neither the kernel's words nor the last session stay there.
 * A session may have been shorter than the time between two looks, so this is done at each one. */
static void blank_without_shell(const struct facts *f)
{
	static const char blank[] = "\033c\033[3J";
	const struct service *s = facts_service(f, "shell");
	int fd;

	if (!s || s->pid || shell_enabled())
		return;
	fd = open(SHELL_CONSOLE, O_WRONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return;
	if (write(fd, blank, sizeof(blank) - 1) < 0)
		log_info(SHELL_CONSOLE " cannot be emptied: %s", strerror(errno));
	close(fd);
}

void consoles_draw(struct consoles *c, struct model *m, bool facts_changed)
{
	int view = view_in_front(c);

	if (c->active < 0)
		return;
	if (facts_changed)
		blank_without_shell(&m->facts);
	if (view < 0)
		return;
	if (views[view].screen == &screen_live)
		facts_changed |= live_read(&m->live, LIVE_LOG);
	if (facts_changed)
		put_on_screen(c->view[view].screen, m, views[view].screen);
}

uint64_t consoles_due(const struct consoles *c, const struct model *m)
{
	int view = c->active < 0 ? -1 : view_in_front(c);

	return view >= 0 && views[view].screen == &screen_live ? m->now + 1 : UINT64_MAX;
}
