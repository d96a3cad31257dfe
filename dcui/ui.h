/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stack of screens: which is on top, what a key does on all of them, and
 * which actions may be performed. All of it pure: model in, model out.
 *
 * A screen is one file in dcui/screens/. It draws itself from the model and
 * changes the model by keys; what it cannot do by that it returns as an
 * action for the caller to perform.
 */
#ifndef DCUI_UI_H
#define DCUI_UI_H

#include "dcui/cell.h"
#include "dcui/key.h"
#include "dcui/model.h"

struct screen {
	bool dialog;	  /* drawn over the screen beneath */
	const char *help; /* paragraphs, separated by newlines */
	void (*render)(const struct model *m, struct grid *g);
	enum action (*handle)(struct key key, struct model *m);
	void (*enter)(struct model *m); /* NULL: nothing to prepare */
	void (*leave)(struct model *m); /* NULL: nothing to wipe */
};

/* The smallest terminal that screens are made for. */
#define UI_MIN_ROWS 20
#define UI_MIN_COLS 72

/* Draws the screen on top, with what shows beneath it. */
void ui_render(const struct model *m, struct grid *g);

/*
 * A key. F1 (? or h where no text is typed) is help and Esc goes back on
 * every screen. While an action is in progress, or when the terminal is too
 * small to show anything, keys are dropped.
 */
enum action ui_handle(struct key key, struct model *m);

/* Time has passed (model.now is set): ends idle sessions, follows a log. */
enum action ui_tick(struct model *m);

/* There was no key for as long as a session lasts without one. */
bool ui_abandoned(const struct model *m);

/* When ui_tick() has something to do next, unless an action is in progress. */
uint64_t ui_due(const struct model *m);

/*
 * Whether an action may be performed now. What needs a login is refused
 * without one; what cannot be undone needs the confirmation that the dialog
 * gave just before, which is used up by this.
 */
bool ui_permit(struct model *m, enum action action);

/* Help of the screen beneath the top one. */
const char *ui_help(const struct model *m);

/* What an action is called, for the log. */
const char *ui_action_name(enum action action);

enum screen_id ui_top(const struct model *m);

/* Opens a screen. A full stack refuses; its last entry stays. */
void ui_push(struct model *m, enum screen_id id);

/* Closes the top screen; back on the home screen the session has ended (ACTION_LOGOUT). */
enum action ui_pop(struct model *m);

/* Puts another screen in the place of the top one. */
void ui_replace(struct model *m, enum screen_id id);

/* Asks before an action. */
void ui_confirm(struct model *m, enum action action, bool f11, const char *title, const char *fmt,
		...) __attribute__((format(printf, 5, 6)));

/*
 * Prepares ACTION_CHANGE: params is taken over. title stands over what comes of it, what is for the
 * log, and the screen says busy and then done.
 */
void ui_change(struct model *m, const char *op, json_t *params, const char *title);
void ui_change_words(struct model *m, const char *busy, const char *done, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* An action begins or ends; text says what is being done. */
void ui_busy(struct model *m, enum action action, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void ui_idle(struct model *m);

/* An error's text as a sentence: a path stays as it is, words begin with a capital. */
void ui_sentence(char *buf, size_t len, const char *text);

/* Opens the result dialog, empty, over the top screen or in its place; then adds lines to it. */
void ui_result(struct model *m, bool in_place, const char *title);
void ui_result_line(struct model *m, bool good, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
