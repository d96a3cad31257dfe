// SPDX-License-Identifier: Apache-2.0
/* Loads state at boot, and saves it whenever it changes. */
#include "userworld/stated/stated.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "kargs.h"
#include "log.h"
#include "program.h"
#include "ready.h"
#include "userworld/core/event.h"
#include "userworld/core/core.h"
#include "userworld/core/state/state.h"
#include "userworld/medium/medium.h"
#include "userworld/stated/wait.h"
#include "version.h"

static const struct program self = {
	.name = "stated",
	.usage = "",
	.help = "Loads the state of the host from the boot medium and saves what changes.\n"
		"      --help, --version\n",
};

static struct timeval in_ms(int64_t ms)
{
	return (struct timeval){ .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };
}

/* Once a change waits because there were so many, that is said. */
static void plan_save(struct stated *s)
{
	int64_t due = pace_due(&s->pace, keeper_now());
	struct timeval wait = in_ms(due);

	if (due < 0)
		return;
	if (due > PACE_MOST && !s->pace.retry && !s->held) {
		s->held = true;
		keeper_say(EVENT_STATE_OFTEN,
			   "State changes so often that it is saved every %d seconds only",
			   PACE_EACH / 1000);
	}
	event_add(s->save, &wait);
}

void stated_changed(struct stated *s)
{
	pace_change(&s->pace, keeper_now());
	plan_save(s);
}

/* Saving failed: said once, tried again and again. */
static void failed(struct stated *s, const struct err *e)
{
	struct keeper *k = &s->keeper;
	bool news = k->mode != KEEP_FAILED;

	if (k->mode == KEEP_READY)
		k->mode = KEEP_FAILED;
	keeper_look(k); /* is it still there? */
	if (k->mode == KEEP_READY)
		k->mode = KEEP_FAILED;
	if (k->mode == KEEP_FAILED)
		snprintf(k->why, sizeof(k->why), "saving fails: %.280s", e->text);
	if (news)
		keeper_say(k->mode == KEEP_GONE ? EVENT_MEDIUM_LOST : EVENT_STATE_FAILED,
			   "State is not saved: %s", k->why);
	pace_failed(&s->pace, keeper_now());
}

int stated_save(struct stated *s, const char *who, const char *why, struct err *e)
{
	int rc = keeper_save(&s->keeper, who ? who : s->note.who, why ? why : s->note.what, e);

	if (rc < 0) {
		failed(s, e);
	} else {
		pace_saved(&s->pace, keeper_now(), rc > 0);
		note_clear(&s->note);
	}
	keeper_status(&s->keeper);
	return rc;
}

static void on_save(evutil_socket_t fd, short what, void *arg)
{
	struct stated *s = arg;
	struct err e = ERR_INIT;

	(void)fd, (void)what;
	if (pace_due(&s->pace, keeper_now()) > 0) {
		plan_save(s); /* something has changed meanwhile */
		return;
	}
	s->held = false;
	if (stated_save(s, NULL, NULL, &e) < 0 && s->keeper.mode == KEEP_FAILED)
		plan_save(s);
}

/* After every look that found something new. */
static void say_mode(const struct keeper *k)
{
	if (k->mode == KEEP_GONE) {
		keeper_say(EVENT_MEDIUM_LOST, "State is not saved: %s", k->why);
	} else if (k->mode == KEEP_READY) {
		keeper_say(EVENT_MEDIUM_BACK, "The medium for state is there: %s", k->device);
		core_event(EVENT_STATE_SAVED, NULL, "State can be saved again");
	} else {
		core_event(EVENT_MEDIUM_BACK, NULL, "A medium is there: %s", k->device);
		keeper_say(k->locked ? EVENT_STATE_LOCKED : EVENT_STATE_FAILED,
			   "State is not saved: %s", k->why);
	}
}

static void on_look(evutil_socket_t fd, short what, void *arg)
{
	struct stated *s = arg;
	struct keeper *k = &s->keeper;
	struct err e = ERR_INIT;

	(void)fd, (void)what;
	if (!keeper_look(k)) {
		keeper_status(k);
		return;
	}
	if (k->base.number && !k->base.slot && keeper_resume(k, &e) < 0) {
		k->mode = KEEP_REFUSED;
		snprintf(k->why, sizeof(k->why), "%.280s", e.text);
	}
	say_mode(k);
	s->pace.retry = 0;
	if (k->mode == KEEP_READY)
		stated_changed(s);
	keeper_status(k);
}

void stated_trial(struct stated *s)
{
	struct timeval wait = in_ms(s->keeper.trial - keeper_now());

	event_del(s->trial);
	if (s->keeper.trial)
		event_add(s->trial, wait.tv_sec >= 0 ? &wait : &(struct timeval){ 0 });
}

static void on_trial(evutil_socket_t fd, short what, void *arg)
{
	struct stated *s = arg;
	struct err e = ERR_INIT;

	(void)fd, (void)what;
	if (keeper_trial_over(&s->keeper, &e) < 0)
		keeper_say(EVENT_STATE_DAMAGED,
			   "A trial is over, and the state is not as before: %s", e.text);
	keeper_status(&s->keeper);
}

static void on_term(evutil_socket_t fd, short what, void *arg)
{
	struct stated *s = arg;
	struct err e = ERR_INIT;

	(void)fd, (void)what;
	if (stated_save(s, NULL, NULL, &e) < 0)
		log_err(&e);
	event_base_loopexit(s->base, NULL);
}

/* Why there is no medium, and whether somebody wanted it so. False: there should be one. */
static bool stateless(struct keeper *k)
{
	char cmdline[KARGS_MAX], value[sizeof(k->url)], guid[MEDIUM_GUID];

	if (kargs_read(cmdline, NULL) == 0 &&
	    kargs_value(cmdline, "visoros.state", value, sizeof(value))) {
		k->on_purpose = true;
		if (strcmp(value, "none") != 0)
			snprintf(k->url, sizeof(k->url), "%s", value);
		snprintf(k->why, sizeof(k->why),
			 "visoros.state=%.250s: changes are lost with the next "
			 "start",
			 value);
		return true;
	}
	if (medium_expected(NULL, guid))
		return false;
	snprintf(k->why, sizeof(k->why),
		 "this host was not started from a medium: changes are lost with the next start");
	return true;
}

static void read_wish(struct keeper *k)
{
	char cmdline[KARGS_MAX], value[32];
	struct err e = ERR_INIT;

	if (kargs_read(cmdline, NULL) == 0 &&
	    kargs_value(cmdline, "visoros.seal", value, sizeof(value)) &&
	    seal_wish_read(value, &k->seal, &e) < 0)
		keeper_say(EVENT_STATE_PLAIN, "%s", e.text);
}

static void boot(struct keeper *k)
{
	struct err e = ERR_INIT;

	if (stateless(k)) {
		k->mode = KEEP_STATELESS;
		if (k->on_purpose)
			log_info("Stateless: %s", k->why);
		else
			keeper_say(EVENT_STATE_STATELESS, "Stateless: %s", k->why);
		return;
	}
	k->mode = KEEP_GONE;
	k->booting = true;
	wait_for_medium(k);
	if (k->mode == KEEP_READY && keeper_load(k, &e) < 0) {
		k->mode = KEEP_REFUSED;
		snprintf(k->why, sizeof(k->why), "state could not be loaded: %.280s", e.text);
	}
	k->booting = false;
	if (k->mode != KEEP_READY)
		keeper_say(k->mode == KEEP_GONE ? EVENT_MEDIUM_LOST
			   : k->locked		? EVENT_STATE_LOCKED
						: EVENT_STATE_FAILED,
			   "The host runs without its state: %s", k->why);
}

/* Not the boot, but a stated that comes after another one. */
static void resume(struct keeper *k)
{
	struct err e = ERR_INIT;

	keeper_look(k);
	if (keeper_resume(k, &e) < 0) {
		k->mode = KEEP_REFUSED;
		snprintf(k->why, sizeof(k->why), "%.280s", e.text);
	}
	log_info("goes on after generation %llu, %s", (unsigned long long)k->base.number,
		 keeper_mode_word(k->mode));
}

static int start(struct stated *s, struct err *e)
{
	struct event *term;

	s->base = event_base_new();
	if (!s->base)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	s->save = evtimer_new(s->base, on_save, s);
	s->look = evtimer_new(s->base, on_look, s);
	s->trial = evtimer_new(s->base, on_trial, s);
	term = evsignal_new(s->base, SIGTERM, on_term, s);
	if (!s->save || !s->look || !s->trial || !term || event_add(term, NULL) < 0)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	/* Before the boot, so that nothing is missed in between. */
	return changes_watch(s, e) < 0 || devices_watch(s, e) < 0 ? -1 : 0;
}

static int run(struct stated *s, struct err *e)
{
	bool again = keeper_was_here(&s->keeper);

	if (start(s, e) < 0)
		return -1;
	read_wish(&s->keeper);
	if (again)
		resume(&s->keeper);
	else
		boot(&s->keeper);
	keeper_status(&s->keeper);
	if (serve_start(s, STATE_SOCKET, e) < 0)
		return -1;
	if (s->keeper.url[0] && !s->keeper.loaded && url_start(s, e) < 0)
		return -1;
	stated_trial(s);
	stated_changed(s);
	ready_notify();
	event_base_dispatch(s->base);
	return 0;
}

int main(int argc, char **argv)
{
	const struct program_option none[] = { { 0 } };
	static struct stated s;
	struct err e = ERR_INIT;
	int rc = program_options(&self, PROGRAM_VERSION, none, argc, argv);

	if (rc >= 0)
		return rc;
	signal(SIGPIPE, SIG_IGN);
	log_open(self.name);
	snprintf(s.keeper.build, sizeof(s.keeper.build), "%s", VISOROS_VERSION "-" VISOROS_BUILD);
	if (core_init(NULL, &e) < 0 || run(&s, &e) < 0) {
		log_err(&e);
		return program_fail(&self, &e);
	}
	return 0;
}
