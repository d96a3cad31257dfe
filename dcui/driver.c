// SPDX-License-Identifier: Apache-2.0
/* Model, actions and time. */
#include "dcui/driver.h"
#include "dcui/gather.h"
#include "dcui/pace.h"

#include "log.h"

#define GATHER_SECONDS 20
#define ATTENTION 60 /* seconds after a key in which somebody is there */

void driver_init(struct driver *d, call_fn core, bool in_process, int rows, int cols)
{
	*d = (struct driver){ 0 };
	model_init(&d->m, rows, cols);
	d->performer = (struct performer){ .m = &d->m, .core = core, .in_process = in_process };
	gather_from(core);
}

void driver_free(struct driver *d)
{
	call_cancel(d->gather);
	json_decref(d->answers);
	actions_cancel(&d->performer);
	model_free(&d->m);
}

static void perform(struct driver *d, enum action action)
{
	if (action == ACTION_QUIT)
		d->quit = true;
	else if (action != ACTION_NONE)
		actions_start(&d->performer, action);
}

/* Somebody looks at the screen, or has left it with a session open. */
static bool attended(const struct driver *d)
{
	return (d->m.depth > 1 && ui_top(&d->m) != SCREEN_LIVE) ||
	       d->m.now - d->m.last_key < ATTENTION;
}

void driver_key(struct driver *d, struct key key)
{
	perform(d, ui_handle(key, &d->m));
}

static void look(struct driver *d, bool all)
{
	if (d->gather)
		return;
	/* What hardly changes is missing, or old, until such a look has come to its end. */
	all |= !d->whole;
	d->gather_all = all;
	d->gather = call_start(all ? gather_all : gather_changing, "gather", NULL, GATHER_SECONDS,
			       d->m.now, d->performer.in_process);
	d->gathered_at = d->m.now;
	if (all)
		d->gathered_all_at = d->m.now;
}

void driver_refresh(struct driver *d)
{
	call_cancel(d->gather);
	d->gather = NULL;
	look(d, true);
}

/* The last facts stay, with a word that they are old; the next good look replaces all. */
static void say_stale(struct facts *f, const char *why)
{
	char text[256];

	snprintf(text, sizeof(text), "What is shown here is old: %.200s", why);
	if (!facts_error(f, ""))
		facts_add_error(f, "", text);
	f->loaded = true;
}

static void take_answers(struct driver *d, json_t *answers)
{
	uint64_t digest;

	if (!d->answers)
		d->answers = json_object();
	json_object_update(d->answers, answers);
	facts_load(&d->m.facts, d->answers);
	digest = pace_digest(&d->m.facts);
	d->pace = pace_after(d->pace, digest != d->digest);
	d->digest = digest;
}

static bool take_gathered(struct driver *d)
{
	struct err e = ERR_INIT;
	json_t *answers = NULL;

	if (!d->gather || !call_ready(d->gather, d->m.now))
		return false;
	if (call_finish(d->gather, &answers, &e) < 0) {
		say_stale(&d->m.facts, e.text);
		d->whole = false;
	} else {
		take_answers(d, answers);
		d->whole |= d->gather_all;
	}
	d->gather = NULL;
	json_decref(answers);
	return true;
}

bool driver_continue(struct driver *d)
{
	bool changed = take_gathered(d);
	enum action busy = d->m.busy;

	if (d->performer.front.step != STEP_END || d->performer.back.step != STEP_END) {
		actions_continue(&d->performer);
		changed = true;
	}
	/* What has just been done shows at once. */
	if (busy != ACTION_NONE && d->m.busy == ACTION_NONE)
		driver_refresh(d);
	return changed;
}

static uint64_t look_due(const struct driver *d)
{
	return d->gathered_at + (attended(d) || !d->pace ? PACE_FAST : d->pace);
}

void driver_tick(struct driver *d, uint64_t now)
{
	d->m.now = now;
	if (now >= look_due(d))
		look(d, now - d->gathered_all_at >= (attended(d) ? PACE_ALL : PACE_ALL_SLOW));
	perform(d, ui_tick(&d->m));
}

/* Operations in progress have deadlines, and the screen counts the seconds. */
static bool in_progress(const struct driver *d)
{
	return d->gather || d->performer.front.call || d->performer.back.call ||
	       d->m.busy != ACTION_NONE;
}

uint64_t driver_due(const struct driver *d)
{
	uint64_t due = look_due(d), screen = ui_due(&d->m);

	if (in_progress(d))
		return d->m.now + 1;
	return screen < due ? screen : due;
}

void driver_fds(const struct driver *d, int fds[static DRIVER_FDS])
{
	const struct call *calls[DRIVER_FDS] = { d->gather, d->performer.front.call,
						 d->performer.back.call };

	for (int i = 0; i < DRIVER_FDS; i++)
		fds[i] = calls[i] ? call_fd(calls[i]) : -1;
}
