// SPDX-License-Identifier: Apache-2.0
/*
 * Commit-confirm. While a trial runs nothing is saved: a cut of the power, too, brings back what
 * was before. What was before is kept in memory, so that it works without a medium.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "userworld/stated/keeper.h"

#define BEFORE KEEP_RUN "/trial"
#define BEFORE_MAX (64u << 20)

/* The host as it is now, to a file. */
static int keep_before(struct err *e)
{
	struct state_snapshot now = { 0 };
	_cleanup_free_ uint8_t *data = NULL;
	uint64_t generation;
	size_t len;
	int rc;

	rc = state_snapshot_take(&now, "", &generation, e);
	if (rc == 0)
		rc = state_snapshot_pack(&now, STATE_ZSTD, &data, &len, e);
	state_snapshot_free(&now);
	return rc < 0 ? -1 : file_write_atomic(BEFORE, data, len, 0600, e);
}

int keeper_try(struct keeper *k, unsigned int seconds, const char *who, struct err *e)
{
	if (k->trial)
		return err_set(e, ERR_CONFLICT,
			       "a trial is running: confirm it, or let it run out");
	if (keeper_save(k, NULL, NULL, e) < 0 || keep_before(e) < 0)
		return -1;
	k->trial = keeper_now() + (int64_t)seconds * 1000;
	snprintf(k->trial_who, sizeof(k->trial_who), "%s", who);
	keeper_say(EVENT_STATE_TRIAL,
		   "Changes of the state are on trial for %u seconds, asked for by %s", seconds,
		   who);
	return 0;
}

static int end_trial(struct keeper *k, struct err *e)
{
	if (!k->trial)
		return err_set(e, ERR_CONFLICT, "no trial is running");
	k->trial = 0;
	unlink(BEFORE);
	return 0;
}

int keeper_confirm(struct keeper *k, struct err *e)
{
	if (end_trial(k, e) < 0)
		return -1;
	keeper_say(EVENT_STATE_TRIAL, "The changes on trial are confirmed");
	return keeper_save(k, k->trial_who, NULL, e);
}

/* Everything as before the trial, which is over then. Returns how many files that were. */
static int take_back(struct keeper *k, struct err *e)
{
	struct state_snapshot before = { 0 };
	_cleanup_free_ char *data = NULL;
	size_t len;
	int rc;

	rc = file_read(BEFORE, BEFORE_MAX, &data, &len, e);
	if (rc == 0)
		rc = state_snapshot_unpack(&before, BEFORE, data, len, e);
	if (rc == 0)
		rc = keeper_apply(k, &before, NULL, e);
	state_snapshot_free(&before);
	end_trial(k, NULL);
	return rc;
}

int keeper_cancel(struct keeper *k, const char *who, struct err *e)
{
	int rc;

	if (!k->trial)
		return err_set(e, ERR_CONFLICT, "no trial is running");
	rc = take_back(k, e);
	if (rc < 0)
		return -1;
	keeper_say(EVENT_STATE_TRIAL_OVER,
		   "The changes on trial were taken back: %d files are as before, asked for by %s",
		   rc, who);
	return keeper_save(k, who, "changes on trial were taken back", e) < 0 ? -1 : rc;
}

int keeper_trial_over(struct keeper *k, struct err *e)
{
	int rc = take_back(k, e);

	if (rc < 0)
		return -1;
	keeper_say(EVENT_STATE_TRIAL_OVER,
		   "The changes on trial were not confirmed in time: %d files are as before", rc);
	return keeper_save(k, "stated", "a trial was not confirmed", e) < 0 ? -1 : rc;
}
