// SPDX-License-Identifier: Apache-2.0
/* Home: what this host is, how to manage it, what is wrong with it. */
#include "dcui/screens/screens.h"
#include "dcui/text.h"
#include "dcui/warnings.h"
#include "dcui/welcome.h"

#include <stdio.h>
#include <string.h>

static int margin(int cols)
{
	return cols / 16;
}

static int upper_rows(int rows)
{
	return (rows - 1) / 2;
}

/* Below the product's name. */
struct rect home_welcome_area(int rows, int cols)
{
	return (struct rect){ 3, margin(cols), upper_rows(rows) - 3, cols - 2 * margin(cols) };
}

/* Instead of the hardware, which it can name; what does not fit ends in a mark. */
void home_welcome(const struct facts *f, const char *welcome, struct grid *g, struct rect r)
{
	char text[WELCOME_MAX];

	welcome_expand(welcome, f, text);
	draw_wrapped(g, r, STYLE_UPPER, text);
	draw_more(g, r, false, draw_wrapped_rows(text, r.cols) > r.rows);
}

static void render_upper(const struct facts *f, struct grid *g, int rows)
{
	int col = margin(g->cols), width = g->cols - 2 * col,
	    row = rows > 10 && !f->welcome[0] ? (rows - 6) / 2 : 1;
	char memory[32], available[32], uptime[32];

	draw_fill(g, (struct rect){ 0, 0, rows, g->cols }, STYLE_UPPER);
	if (!f->loaded) {
		draw_text(g, row, col, width, STYLE_UPPER, "Reading the state of this host ...");
		return;
	}
	draw_textf(g, row, col, width, STYLE_UPPER_STRONG, "%s %s (Build %s)", f->product,
		   f->version, f->build);
	row += 2;
	if (f->welcome[0]) {
		home_welcome(f, f->welcome, g, home_welcome_area(g->rows, g->cols));
		return;
	}
	if (f->vendor[0] || f->model[0])
		draw_textf(g, row++, col, width, STYLE_UPPER, "%s%s%s", f->vendor,
			   f->vendor[0] && f->model[0] ? " " : "", f->model);
	row++;
	if (f->cpu_count)
		draw_textf(g, row++, col, width, STYLE_UPPER, "%u x %s", f->cpu_count,
			   f->cpu_model);
	if (f->memory)
		draw_textf(g, row++, col, width, STYLE_UPPER, "%s memory, %s available",
			   text_size(f->memory, memory, sizeof(memory)),
			   text_size(f->memory_available, available, sizeof(available)));
	if (f->uptime)
		draw_textf(g, row, col, width, STYLE_UPPER, "Up %s",
			   text_uptime(f->uptime, uptime, sizeof(uptime)));
}

static int render_addresses(const struct facts *f, struct grid *g, int row, int col, int width)
{
	char from[24];
	int shown = 0;

	for (size_t i = 0; i < f->nic_count && shown < 4; i++) {
		const struct nic *n = &f->nics[i];

		if (!n->address[0])
			continue;
		facts_origin(n, from, sizeof(from));
		if (shown == 0)
			draw_text(g, row++, col, width, STYLE_LOWER,
				  "To manage this host, open in a browser:");
		draw_textf(g, row++, col, width, STYLE_LOWER_STRONG, "https://%s/%s%s%s",
			   n->address, from[0] ? " (" : "", from, from[0] ? ")" : "");
		shown++;
	}
	if (!shown)
		draw_text(g, row++, col, width, STYLE_LOWER,
			  "This host has no address to manage it by.");
	return row;
}

static void render_warnings(const struct facts *f, struct grid *g, int row, int end, int col,
			    int width)
{
	struct warning w[WARNINGS_MAX];
	size_t count = warnings_of(f, w);
	size_t room = row < end ? (size_t)(end - row) : 0;

	for (size_t i = 0; i < count && i < room; i++, row++) {
		if (i + 1 == room && count > room) {
			draw_textf(g, row, col, width, STYLE_LOWER,
				   "    and %zu more: <F2>, View Support Information", count - i);
			return;
		}
		draw_text(g, row, col, 3, w[i].notice ? STYLE_LOWER_STRONG : STYLE_LOWER_WARN,
			  w[i].notice ? " i " : " ! ");
		draw_text(g, row, col + 4, width - 4, STYLE_LOWER, w[i].text);
	}
}

void home_body(const struct model *m, struct grid *g)
{
	int upper = upper_rows(g->rows), col = margin(g->cols), width = g->cols - 2 * col, row;
	int lower = g->rows - 1 - upper;

	render_upper(&m->facts, g, upper);
	draw_fill(g, (struct rect){ upper, 0, lower, g->cols }, STYLE_LOWER);
	if (m->facts.loaded) {
		row = upper + (lower > 14 ? 2 : 1);
		row = render_addresses(&m->facts, g, row, col, width) + 1;
		draw_textf(g, row, col, width, STYLE_LOWER, "Host name: %s",
			   m->facts.hostname[0] ? m->facts.hostname : "not set");
		render_warnings(&m->facts, g, row + 2, g->rows - 1 - m->serial, col, width);
	}
}

static void render(const struct model *m, struct grid *g)
{
	int col = margin(g->cols);

	home_body(m, g);
	if (m->serial)
		draw_text(g, g->rows - 2, col, g->cols - 2 * col, STYLE_LOWER,
			  "No function keys? Esc 2 is F2, Esc @ is F12, Ctrl-L draws again, ? is "
			  "help");
	draw_footer(g, "<F2> Customize System/View Logs",
		    m->console ? "<F12> Shut Down/Restart" : "<Q> Quit  <F12> Shut Down/Restart");
}

static enum action handle(struct key key, struct model *m)
{
	if (key.code == KEY_F2 || key.code == KEY_F12) {
		m->login.then = key.code == KEY_F2 ? SCREEN_MENU : SCREEN_POWER;
		ui_push(m, SCREEN_LOGIN);
		return ACTION_NONE;
	}
	if (!m->console && (key_is(key, 'q') || key_is(key, 'Q')))
		return ACTION_QUIT;
	return ACTION_IGNORED;
}

const struct screen screen_home = {
	.help = "This is the console of the host. It works without a network and without the "
		"management agent.\n\n"
		"<F2>   log in to change the password, view logs, restart agents, see the network, "
		"install to a disk\n"
		"<F12>  log in to shut down or restart the host\n\n"
		"Where function keys do not get through (serial lines), press Esc and then a "
		"plain key: Esc 1 to Esc 9 for F1 to F9, Esc 0 for F10, Esc ! or Esc - for F11, "
		"Esc @ or Esc = for F12. Ctrl-L asks the terminal what it is and draws "
		"everything again.\n\n"
		"Consoles of the screen: Alt-F1 shell, Alt-F2 this one, Alt-F11 status, Alt-F12 "
		"live "
		"vmkernel.log. On a serial line: Ctrl-G Ctrl-B, then 1 for the log, 2 for the "
		"shell, "
		"3 for this.",
	.render = render,
	.handle = handle,
};
