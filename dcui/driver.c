// SPDX-License-Identifier: Apache-2.0
/* Model, actions and time. */
#include "dcui/driver.h"
#include "dcui/gather.h"

#include "log.h"

#define GATHER_SECONDS 20

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

void driver_key(struct driver *d, struct key key)
{
	perform(d, ui_handle(key, &d->m));
}

void driver_refresh(struct driver *d)
{
	if (d->gather)
		return;
	d->gather = call_start(gather_call, "gather", NULL, GATHER_SECONDS, d->m.now,
			       d->performer.in_process);
	d->gathered_at = d->m.now;
}

/* Once is enough: the next good look replaces all. */
static void say_stale(struct facts *f, const char *why)
{
	char text[256];

	snprintf(text, sizeof(text), "What is shown here is old: %.200s", why);
	if (!facts_error(f, ""))
		facts_add_error(f, "", text);
	f->loaded = true;
}

static bool take_gathered(struct driver *d)
{
	struct err e = ERR_INIT;
	json_t *answers = NULL;

	if (!d->gather || !call_ready(d->gather, d->m.now))
		return false;
	/* The last facts stay, with a word that they are old. */
	if (call_finish(d->gather, &answers, &e) < 0)
		say_stale(&d->m.facts, e.text);
	else
		facts_load(&d->m.facts, answers);
	d->gather = NULL;
	json_decref(answers);
	return true;
}

bool driver_continue(struct driver *d)
{
	bool changed = take_gathered(d);
	const struct task *front = &d->performer.front, *back = &d->performer.back;

	if (front->step != STEP_END || back->step != STEP_END) {
		actions_continue(&d->performer);
		changed = true;
	}
	return changed;
}

void driver_tick(struct driver *d, uint64_t now)
{
	d->m.now = now;
	if (now - d->gathered_at >= DRIVER_REFRESH)
		driver_refresh(d);
	perform(d, ui_tick(&d->m));
}

void driver_fds(const struct driver *d, int fds[static DRIVER_FDS])
{
	const struct call *calls[DRIVER_FDS] = { d->gather, d->performer.front.call,
						 d->performer.back.call };

	for (int i = 0; i < DRIVER_FDS; i++)
		fds[i] = calls[i] ? call_fd(calls[i]) : -1;
}
