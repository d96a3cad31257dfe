// SPDX-License-Identifier: Apache-2.0
/* The stack of screens and the rules that hold on all of them. */
#include "dcui/ui.h"
#include "dcui/draw.h"
#include "dcui/screens/screens.h"

#include "cleanup.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FOLLOW_SECONDS 2

static const struct screen *const screens[SCREEN_COUNT] = {
	[SCREEN_HOME] = &screen_home,		[SCREEN_LOGIN] = &screen_login,
	[SCREEN_MENU] = &screen_menu,		[SCREEN_PASSWORD] = &screen_password,
	[SCREEN_LOGS] = &screen_logs,		[SCREEN_VIEWER] = &screen_viewer,
	[SCREEN_AGENTS] = &screen_agents,	[SCREEN_INSTALL] = &screen_install,
	[SCREEN_IMAGE] = &screen_image,		[SCREEN_ERASE] = &screen_erase,
	[SCREEN_NETWORK] = &screen_network,	[SCREEN_SUPPORT] = &screen_support,
	[SCREEN_POWER] = &screen_power,		[SCREEN_CONFIRM] = &screen_confirm,
	[SCREEN_TROUBLE] = &screen_trouble,	[SCREEN_RAMDISKS] = &screen_ramdisks,
	[SCREEN_FILES] = &screen_files,		[SCREEN_POOLS] = &screen_pools,
	[SCREEN_SHORTAGES] = &screen_shortages, [SCREEN_SETTINGS] = &screen_settings,
	[SCREEN_BUNDLES] = &screen_bundles,	[SCREEN_BANKS] = &screen_banks,
	[SCREEN_HISTORY] = &screen_history,	[SCREEN_CHANGES] = &screen_changes,
	[SCREEN_NETTEST] = &screen_nettest,	[SCREEN_ADAPTERS] = &screen_adapters,
	[SCREEN_ADDRESSES] = &screen_addresses, [SCREEN_TRIAL] = &screen_trial,
	[SCREEN_KEYBOARD] = &screen_keyboard,	[SCREEN_LIVE] = &screen_live,
	[SCREEN_STATUS] = &screen_status,	[SCREEN_FORM] = &screen_form,
	[SCREEN_DIFF] = &screen_diff,		[SCREEN_RESULT] = &screen_result,
	[SCREEN_WELCOME] = &screen_welcome,	[SCREEN_HELP] = &screen_help,
};

/* What an action needs before it may be performed. */
static const struct {
	const char *name;
	bool login;
	bool confirmation;
} rules[ACTION_COUNT] = {
	[ACTION_NONE] = { "nothing", false, false },
	[ACTION_IGNORED] = { "nothing", false, false },
	[ACTION_QUIT] = { "quit", false, false },
	[ACTION_LOGIN] = { "log in", false, false },
	[ACTION_LOGOUT] = { "log out", false, false },
	[ACTION_SET_PASSWORD] = { "change password", true, false },
	[ACTION_READ_LOG] = { "read log", true, false },
	[ACTION_RESTART_AGENTS] = { "restart agents", true, true },
	[ACTION_LIST_DISKS] = { "list disks", true, false },
	[ACTION_CHECK_DISK] = { "check disk", true, false },
	[ACTION_INSTALL] = { "install", true, true },
	[ACTION_READ] = { "read", true, false },
	[ACTION_CHANGE] = { "change", true, true },
	[ACTION_SHUTDOWN] = { "shut down", true, true },
	[ACTION_REBOOT] = { "restart host", true, true },
};

const char *ui_action_name(enum action action)
{
	return rules[action].name;
}

bool ui_permit(struct model *m, enum action action)
{
	bool confirmed = m->granted == action;

	m->granted = ACTION_NONE;
	if (rules[action].login && !m->logged_in)
		return false;
	return confirmed || !rules[action].confirmation;
}

enum screen_id ui_top(const struct model *m)
{
	return m->stack[m->depth - 1];
}

void ui_push(struct model *m, enum screen_id id)
{
	if (m->depth == UI_DEPTH)
		return;
	m->stack[m->depth++] = id;
	if (screens[id]->enter)
		screens[id]->enter(m);
}

enum action ui_pop(struct model *m)
{
	const struct screen *s = screens[ui_top(m)];

	if (m->depth == 1)
		return ACTION_NONE;
	m->depth--;
	if (s->leave)
		s->leave(m);
	return m->depth == 1 && m->logged_in ? ACTION_LOGOUT : ACTION_NONE;
}

void ui_replace(struct model *m, enum screen_id id)
{
	const struct screen *s = screens[ui_top(m)];

	m->depth--;
	if (s->leave)
		s->leave(m);
	ui_push(m, id);
}

static enum action go_home(struct model *m)
{
	enum action action = ACTION_NONE;

	while (m->depth > 1)
		action = ui_pop(m);
	return action;
}

static bool fits(int rows, int cols)
{
	return rows >= UI_MIN_ROWS && cols >= UI_MIN_COLS;
}

enum action ui_handle(struct key key, struct model *m)
{
	enum action action;

	m->last_key = m->now;
	m->granted = ACTION_NONE;
	/* Nobody answers a question that the window is too small to show. */
	if (m->busy != ACTION_NONE || key.code == KEY_NONE || !fits(m->rows, m->cols))
		return ACTION_NONE;
	action = screens[ui_top(m)]->handle(key, m);
	if (action != ACTION_IGNORED)
		return action;
	if (key.code == KEY_F1 || key_is(key, '?') || key_is(key, 'h')) {
		ui_push(m, SCREEN_HELP);
		return ACTION_NONE;
	}
	return key.code == KEY_ESC ? ui_pop(m) : ACTION_NONE;
}

static bool follows(const struct model *m)
{
	return ui_top(m) == SCREEN_VIEWER && m->viewer.follow;
}

static bool is_open(const struct model *m, enum screen_id id)
{
	for (int i = 0; i < m->depth; i++)
		if (m->stack[i] == id)
			return true;
	return false;
}

/* Whatever was open over it: a question about the trial has no answer any more. */
static void lapse(struct model *m)
{
	while (is_open(m, SCREEN_TRIAL))
		ui_pop(m);
	ui_result(m, false, m->trial.title);
	ui_result_line(m, true, "The time is up: what was before comes back.");
}

/* A log that nobody logged in for may be left on the screen. */
static bool expires(const struct model *m)
{
	return m->depth > 1 && (m->logged_in || ui_top(m) != SCREEN_LIVE);
}

/* Until the host was looked at what is shipped counts. */
static uint64_t idle_seconds(const struct model *m)
{
	return m->facts.idle_seconds ? m->facts.idle_seconds : UI_IDLE_SECONDS;
}

bool ui_abandoned(const struct model *m)
{
	return m->now - m->last_key >= idle_seconds(m);
}

static uint64_t idle_due(const struct model *m)
{
	uint64_t seconds = idle_seconds(m);

	return expires(m) && seconds != FACTS_NEVER ? m->last_key + seconds : UINT64_MAX;
}

uint64_t ui_due(const struct model *m)
{
	uint64_t idle = idle_due(m);
	uint64_t read = follows(m) ? m->viewer.read_at + FOLLOW_SECONDS : UINT64_MAX;

	if (is_open(m, SCREEN_TRIAL) || ui_top(m) == SCREEN_LIVE)
		return m->now + 1; /* it counts down, it grows */
	return read < idle ? read : idle;
}

enum action ui_tick(struct model *m)
{
	if (m->busy != ACTION_NONE)
		return ACTION_NONE;
	if (expires(m) && ui_abandoned(m))
		return go_home(m);
	if (is_open(m, SCREEN_TRIAL) && m->now >= m->trial.until)
		lapse(m);
	if (follows(m) && m->now - m->viewer.read_at >= FOLLOW_SECONDS)
		return ACTION_READ_LOG;
	return ACTION_NONE;
}

void ui_confirm(struct model *m, enum action action, bool f11, const char *title, const char *fmt,
		...)
{
	va_list ap;

	m->confirm.action = action;
	m->confirm.f11 = f11;
	snprintf(m->confirm.title, sizeof(m->confirm.title), "%s", title);
	va_start(ap, fmt);
	vsnprintf(m->confirm.text, sizeof(m->confirm.text), fmt, ap);
	va_end(ap);
	ui_push(m, SCREEN_CONFIRM);
}

void ui_change(struct model *m, const char *op, json_t *params, const char *title)
{
	json_decref(m->change.params);
	m->change = (struct change){ .op = op, .params = params };
	snprintf(m->change.title, sizeof(m->change.title), "%s", title);
}

void ui_change_words(struct model *m, const char *busy, const char *done, const char *fmt, ...)
{
	va_list ap;

	snprintf(m->change.busy, sizeof(m->change.busy), "%s ...", busy);
	snprintf(m->change.done, sizeof(m->change.done), "%s", done);
	va_start(ap, fmt);
	vsnprintf(m->change.what, sizeof(m->change.what), fmt, ap);
	va_end(ap);
}

void ui_busy(struct model *m, enum action action, const char *fmt, ...)
{
	va_list ap;

	m->busy = action;
	m->busy_since = m->now;
	m->busy_percent = -1;
	va_start(ap, fmt);
	vsnprintf(m->busy_text, sizeof(m->busy_text), fmt, ap);
	va_end(ap);
}

void ui_idle(struct model *m)
{
	m->busy = ACTION_NONE;
	/* However long it took, who waited for it has time to read what came of it. */
	m->last_key = m->now;
}

void ui_sentence(char *buf, size_t len, const char *text)
{
	size_t word = strspn(text, "abcdefghijklmnopqrstuvwxyz");
	bool words = word > 1 && (text[word] == ' ' || text[word] == ':');

	snprintf(buf, len, "%s%s", text, words && !strchr(text, '/') ? "." : "");
	if (words)
		buf[0] = (char)(text[0] - 'a' + 'A');
}

void ui_result(struct model *m, bool in_place, const char *title)
{
	memset(&m->result, 0, sizeof(m->result));
	snprintf(m->result.title, sizeof(m->result.title), "%s", title);
	if (in_place)
		ui_replace(m, SCREEN_RESULT);
	else
		ui_push(m, SCREEN_RESULT);
}

void ui_result_line(struct model *m, bool good, const char *fmt, ...)
{
	va_list ap;

	if (m->result.count == RESULT_LINES)
		return;
	m->result.line[m->result.count].style = good ? STYLE_DIALOG : STYLE_ALERT;
	va_start(ap, fmt);
	vsnprintf(m->result.line[m->result.count].text, sizeof(m->result.line[0].text), fmt, ap);
	va_end(ap);
	m->result.count++;
}

#define BUSY_WIDTH 50

static void render_busy(const struct model *m, struct grid *g)
{
	unsigned long long seconds = m->now - m->busy_since;
	bool known = m->busy_percent >= 0;
	struct rect r = draw_dialog(g, known ? 3 : 1, BUSY_WIDTH, "Please wait", "");

	if (known) {
		unsigned int percent = (unsigned int)m->busy_percent;

		draw_gauge(g, r.row + 2, r.col, BUSY_WIDTH - 6, percent, false);
		draw_textf(g, r.row + 2, r.col + BUSY_WIDTH - 5, 5, STYLE_DIALOG, "%3u %%",
			   percent);
	}
	if (seconds < 2)
		draw_text(g, r.row, r.col, r.cols, STYLE_DIALOG, m->busy_text);
	else
		draw_textf(g, r.row, r.col, r.cols, STYLE_DIALOG, "%s (%llu s)", m->busy_text,
			   seconds);
}

void ui_render(const struct model *m, struct grid *g)
{
	int bottom = m->depth - 1;

	grid_clear(g, STYLE_BODY);
	if (!fits(g->rows, g->cols)) {
		draw_textf(g, 0, 0, g->cols, STYLE_BODY, "Terminal too small: %dx%d", g->cols,
			   g->rows);
		draw_textf(g, 1, 0, g->cols, STYLE_BODY, "Needs at least %dx%d", UI_MIN_COLS,
			   UI_MIN_ROWS);
		return;
	}
	while (bottom > 0 && screens[m->stack[bottom]]->dialog)
		bottom--;
	for (int i = bottom; i < m->depth; i++)
		screens[m->stack[i]]->render(m, g);
	if (m->busy != ACTION_NONE)
		render_busy(m, g);
}

const char *ui_help(const struct model *m)
{
	return m->depth > 1 ? screens[m->stack[m->depth - 2]]->help : "";
}
