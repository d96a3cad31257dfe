// SPDX-License-Identifier: Apache-2.0
/*
 * system.boot.failure.note: an image on trial that died at once could not write down why. The one
 * that comes after it does, with what the kernel said last. In any case: so a panic of later is not
 * taken for the end of that trial.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot.h"
#include "cleanup.h"
#include "log.h"
#include "userworld/core/internal.h"
#include "userworld/core/panic/panic.h"

/* The end of it, from the begin of a line on. */
static void keep_text(struct trial *t, const char *text, size_t len)
{
	const char *newline;

	if (len > sizeof(t->text)) {
		text += len - sizeof(t->text);
		len = sizeof(t->text);
		newline = memchr(text, '\n', len);
		if (newline) {
			len -= (size_t)(newline + 1 - text);
			text = newline + 1;
		}
	}
	memcpy(t->text, text, len);
	t->len = len;
}

static void put_end(struct trial *t)
{
	struct panic_last panic;

	if (panic_last(&panic)) {
		snprintf(t->reason, sizeof(t->reason), "it ended with a panic: %s", panic.reason);
		t->time = (uint64_t)panic.time;
		keep_text(t, panic.text, panic.len);
		free(panic.text);
	} else {
		snprintf(t->reason, sizeof(t->reason), "%s", boot_failure_reason(t));
	}
	t->outcome = TRIAL_FAILED;
}

static void write_down(const struct banks *b, struct trial *t)
{
	_cleanup_blkio_ struct blkio *io = NULL;
	struct err e = ERR_INIT;

	put_end(t);
	io = banks_open(b, 1 - b->medium.bank, true, &e);
	/* A medium that refuses it, or has no room for it, is no reason not to tell. */
	if (!io || trial_write(io, t, &e) < 0)
		log_warnx("the end of the trial is not in its record: %s", e.text);
}

static int failure_note(json_t *params, json_t **result, struct err *e)
{
	_cleanup_free_ struct trial *t = malloc(sizeof(*t));
	_cleanup_free_ struct banks *b = NULL;
	_cleanup_close_ int lock = -1;
	int failed;

	(void)params;
	if (!t)
		return core_nomem(e);
	if (!boot_has_medium())
		return 0;
	if (boot_look_locked(&b, &lock, e) < 0 || (failed = boot_failure(b, t, e)) < 0)
		return -1;
	if (!failed)
		return 0;
	if (t->outcome == TRIAL_RUNNING)
		write_down(b, t);
	return core_give(result, boot_pack_failure(b, t), e);
}

const struct core_op core_boot_note_ops[] = {
	{
		.name = "system.boot.failure.note",
		.method = "POST",
		.path = "/system/boot/failure",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW | CORE_QUIET,
		.run = failure_note,
		.help = "Writes down why the image that failed ended, if it could not",
	},
	{ 0 },
};
