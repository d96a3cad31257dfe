// SPDX-License-Identifier: Apache-2.0
/*
 * Watches an image that was started for the first time (docs/banks.md): when everything has been
 * well for long enough its bank is confirmed; if that does not come the host is restarted, and the
 * loader starts the other bank. Until then the end of the log is written to the bank again and
 * again, so that it is there even if the host crashes. A bank that is confirmed needs no watcher.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "judge.h"
#include "kargs.h"
#include "log.h"
#include "look.h"
#include "program.h"
#include "userworld/bank/banks.h"
#include "version.h"

#define KERNEL_LOG "/var/log/vmkernel.log"
#define LOCALCLI "/usr/bin/localcli"
#define NOTE_EVERY 20u /* seconds between two records of the trial */

static const struct program self = {
	.name = "bootwatch",
	.usage = "",
	.help = "Confirms the bank that the host was started from, once the host is well.\n"
		"      --help, --version\n",
};

struct bootwatch {
	struct banks banks;
	struct limits limits;
	struct judge judge;
	struct trial trial;
	uint64_t noted; /* when the last record was written */
};

static uint64_t uptime(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec;
}

static bool on_trial(const struct banks *b)
{
	int state = b->bank[b->medium.bank].there ? b->bank[b->medium.bank].cfg.state : BANK_VALID;

	return state == BANK_DIRTY || state == BANK_UPGRADING;
}

/* Drivers may need their time, and the medium may be out: it is waited for, more and more
 * patiently. */
static void wait_for_medium(struct bootwatch *w)
{
	struct err e = ERR_INIT;

	for (unsigned int wait = 1; banks_look(NULL, &w->banks, &e) < 0;
	     wait = wait < 60 ? wait * 2 : 60) {
		log_info("waiting for the boot medium: %s", e.text);
		sleep(wait);
	}
}

/* A medium that is gone is no reason to stop: the record is for later. */
static void note(struct bootwatch *w, enum trial_outcome outcome)
{
	_cleanup_blkio_ struct blkio *io = banks_open(&w->banks, w->banks.medium.bank, true, NULL);
	const struct bank *own = &w->banks.bank[w->banks.medium.bank];

	w->noted = uptime();
	w->trial.outcome = outcome;
	w->trial.time = (uint64_t)time(NULL);
	memcpy(w->trial.build, own->cfg.build, sizeof(w->trial.build));
	memcpy(w->trial.reason, w->judge.reason, sizeof(w->trial.reason));
	look_at_log(&w->trial, KERNEL_LOG);
	if (io)
		trial_write(io, &w->trial, NULL);
}

/* Would the loader start the other bank, and that one for a good reason? */
static bool can_go_back(const struct banks *b)
{
	struct bank_view views[BANKS] = { b->view[0], b->view[1] };
	struct bank_choice next;

	views[b->medium.bank].state = BANK_DIRTY;
	bank_choose(views, &next);
	return next.reason == BANK_CONFIRMED || next.reason == BANK_ON_TRIAL;
}

static void fail(struct bootwatch *w)
{
	static const char *const argv[] = { LOCALCLI, "system",	  "shutdown",
					    "reboot", "--reason", "the new image is not healthy",
					    NULL };
	struct err e = ERR_INIT;

	/* An administrator may have confirmed it, or replaced the other one, in the meantime. */
	if (banks_look(NULL, &w->banks, &e) < 0) {
		log_warnx("this image is not healthy (%s), and the boot medium is not there: %s",
			  w->judge.reason, e.text);
	} else if (!can_go_back(&w->banks)) {
		log_warnx("this image is not healthy (%s), and no other one can be started",
			  w->judge.reason);
	} else if (on_trial(&w->banks)) {
		log_warnx("this image is not healthy: %s. The host restarts with the other one",
			  w->judge.reason);
		note(w, TRIAL_FAILED);
		run_within(argv, 60);
	}
	judge_start(&w->judge, uptime());
}

/* True when it is done. */
static bool confirm(struct bootwatch *w)
{
	static const char *const argv[] = { LOCALCLI, "system", "boot", "bank", "confirm", NULL };

	if (run_within(argv, 60) == 0)
		return true;
	log_warnx(
		"the image is healthy, and its bank could not be confirmed: is the medium there?");
	judge_start(&w->judge, uptime());
	return false;
}

static void watch(struct bootwatch *w)
{
	unsigned int pause = w->limits.window < 60 ? 1 : 5;

	for (;;) {
		_cleanup_free_ struct world_info *worlds = NULL;
		struct sight sight;

		look(&sight, &worlds);
		switch (judge_step(&w->judge, &w->limits, uptime(), &sight)) {
		case CONFIRM:
			if (confirm(w))
				return;
			break;
		case FAIL:
			fail(w);
			break;
		case GO_ON:
			break;
		}
		if (uptime() - w->noted >= NOTE_EVERY)
			note(w, TRIAL_RUNNING);
		sleep(pause);
	}
}

int main(int argc, char **argv)
{
	static const struct program_option none[] = { { 0 } };
	_cleanup_free_ struct bootwatch *w = calloc(1, sizeof(*w));
	int rc = program_options(&self, PROGRAM_VERSION, none, argc, argv);
	char cmdline[KARGS_MAX];
	struct err e = ERR_INIT;

	if (rc >= 0)
		return rc;
	log_open("bootwatch");
	if (!w)
		log_fatalx("out of memory");
	if (kargs_read(cmdline, &e) < 0)
		log_fatalx("%s", e.text);
	judge_limits(cmdline, &w->limits);
	wait_for_medium(w);
	if (on_trial(&w->banks)) {
		log_info("bank %u is on trial: it is confirmed after %u s without a complaint",
			 w->banks.medium.bank, w->limits.window);
		judge_start(&w->judge, 0);
		note(w, TRIAL_RUNNING);
		watch(w);
	}
	log_info("bank %u is confirmed", w->banks.medium.bank);
	return 0;
}
