// SPDX-License-Identifier: Apache-2.0
/* system.boot.bank: the images on the boot medium, and which of them is started. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "boot.h"
#include "scrub.h"
#include "cleanup.h"
#include "userworld/core/bundle/image.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"

/* What no file has; of an empty bank all of it. */
static uint64_t room_in(const struct bank *bank, struct blkio *io)
{
	uint64_t room;

	if (io && bank_free(io, &room, NULL) == 0)
		return room;
	return bank->size;
}

/* What cannot be read has none to show; that it is damaged is for verify and scrub to say. */
static json_t *bundles_in(const struct bank *bank, struct blkio *io)
{
	json_t *ids = NULL;

	if (!bank->there || !io || bundle_image_list(io, &ids, NULL) < 0)
		return json_array();
	return ids;
}

static json_t *pack_bank(const struct banks *b, unsigned int i, const json_t *scrubbed)
{
	_cleanup_blkio_ struct blkio *io = banks_open(b, i, false, NULL);
	const struct bank *bank = &b->bank[i];
	uint64_t room = room_in(bank, io);
	char problem[320];
	bool running = i == b->medium.bank;
	bool next = b->next.reason != BANK_NONE && b->next.bank == i;

	scrub_problem(scrubbed, i, problem, sizeof(problem));
	return json_pack("{s:i, s:s, s:s, s:I, s:b, s:b, s:I, s:I, s:I, s:s, s:o}", "bank", (int)i,
			 "build", bank->there ? bank->cfg.build : "", "state",
			 bank->there	    ? bank_state_name(bank->cfg.state)
			 : bank->why_not[0] ? "damaged"
					    : "empty",
			 "updated", (json_int_t)(bank->there ? bank->cfg.updated : 0), "running",
			 running, "next", next, "size", (json_int_t)bank->size, "used",
			 (json_int_t)(bank->size - room), "free", (json_int_t)room, "problem",
			 bank->why_not[0] ? bank->why_not : problem, "bundles",
			 bundles_in(bank, io));
}

static int bank_list(json_t *params, json_t **result, struct err *e)
{
	_cleanup_free_ struct banks *b = NULL;
	json_t *rows, *scrubbed;

	(void)params;
	if (boot_look(&b, e) < 0)
		return -1;
	scrubbed = scrub_status();
	rows = json_array();
	for (unsigned int i = 0; i < BANKS; i++)
		json_array_append_new(rows, pack_bank(b, i, scrubbed));
	json_decref(scrubbed);
	if (json_array_size(rows) != BANKS) {
		json_decref(rows);
		return core_nomem(e);
	}
	return core_give(result, rows, e);
}

/* The bank that was asked for; without a number the one that does not run. */
static int target_of(json_t *params, const struct banks *b, unsigned int *target, struct err *e)
{
	bool rollback = json_is_true(json_object_get(params, "rollback"));
	json_int_t bank = core_integer(params, "bank", -1);

	*target = 0;
	if (rollback == (bank >= 0))
		return err_set(e, ERR_USAGE, "give either a bank or the roll-back");
	*target = rollback ? 1 - b->medium.bank : (unsigned int)bank;
	/* A roll-back goes to what was good, not to what failed. */
	if (rollback && b->view[*target].state != BANK_VALID)
		return err_set(e, ERR_CONFLICT,
			       "bank %u is %s: there is nothing good to go back to", *target,
			       b->bank[*target].there ? bank_state_name(b->view[*target].state)
						      : "empty");
	return 0;
}

int boot_check_files(const struct banks *b, unsigned int bank, struct err *e)
{
	_cleanup_blkio_ struct blkio *io = banks_open(b, bank, false, e);
	int bad = io ? bank_verify(io, &b->bank[bank], NULL, NULL, e) : -1;

	if (bad > 0)
		return err_set(e, ERR_CONFLICT, "bank %u: %d of its files are not good", bank, bad);
	return bad;
}

void boot_note(const struct banks *b, unsigned int bank, enum trial_outcome outcome,
	       const char *reason)
{
	_cleanup_blkio_ struct blkio *io = banks_open(b, bank, true, NULL);
	_cleanup_free_ struct trial *t = calloc(1, sizeof(*t));

	if (!io || !t)
		return;
	t->outcome = outcome;
	t->time = (uint64_t)time(NULL);
	memcpy(t->build, b->bank[bank].cfg.build, sizeof(t->build));
	snprintf(t->reason, sizeof(t->reason), "%s", reason);
	trial_write(io, t, NULL);
}

static int take_steps(struct banks *b, const struct bank_step *steps, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		if (steps[i].to == BANK_INVALID)
			boot_note(b, steps[i].bank, TRIAL_GIVEN_UP, "it was rolled back");
		if (banks_set_state(b, steps[i].bank, steps[i].to, e) < 0)
			return -1;
	}
	return 0;
}

int boot_choose(struct banks *b, unsigned int bank, size_t *n, struct err *e)
{
	struct bank_step steps[BANKS];
	size_t own;

	n = n ? n : &own;
	if (bank_plan_start(b->view, bank, steps, n, e) < 0)
		return -1;
	/* Confirmed or not: what was damaged since is not chosen. */
	if (*n > 0 && (boot_check_files(b, bank, e) < 0 || take_steps(b, steps, *n, e) < 0))
		return -1;
	return 0;
}

static int bank_set(json_t *params, json_t **result, struct err *e)
{
	_cleanup_free_ struct banks *b = NULL;
	_cleanup_close_ int lock = -1;
	unsigned int target;
	size_t n;

	if (boot_look_locked(&b, &lock, e) < 0 || target_of(params, b, &target, e) < 0 ||
	    boot_choose(b, target, &n, e) < 0)
		return -1;
	if (n > 0)
		core_event(EVENT_BANK_CHOSEN,
			   EVENT_WITH(EVENT_NUM("bank", target),
				      EVENT_STR("build", b->bank[target].cfg.build)),
			   "Bank %u (%s) is started next, by request", target,
			   b->bank[target].cfg.build);
	return core_give(result,
			 json_pack("{s:i, s:s, s:b}", "bank", (int)target, "build",
				   b->bank[target].cfg.build, "reboot_required",
				   target != b->medium.bank),
			 e);
}

struct report {
	json_t *rows;
	unsigned int bank;
};

static int add_file(void *context, const char *name, uint64_t size, enum bank_damage d,
		    struct err *e)
{
	struct report *r = context;

	if (json_array_append_new(r->rows, json_pack("{s:i, s:s, s:I, s:s}", "bank", (int)r->bank,
						     "file", name, "size", (json_int_t)size,
						     "result", bank_damage_name(d))) < 0)
		return core_nomem(e);
	return 0;
}

static int verify_one(const struct banks *b, unsigned int bank, json_t *rows, struct err *e)
{
	struct report r = { rows, bank };
	_cleanup_blkio_ struct blkio *io = banks_open(b, bank, false, e);
	int bad = io ? bank_verify(io, &b->bank[bank], add_file, &r, e) : -1;

	if (bad > 0)
		core_event(EVENT_BANK_DAMAGED,
			   EVENT_WITH(EVENT_NUM("bank", bank), EVENT_NUM("files", bad)),
			   "Bank %u (%s): %d of its files are not good", bank,
			   b->bank[bank].cfg.build, bad);
	return bad < 0 ? -1 : 0;
}

static int verify_banks(json_t *params, json_t **result, struct err *e)
{
	json_int_t only = core_integer(params, "bank", -1);
	_cleanup_free_ struct banks *b = NULL;
	json_t *rows;

	if (boot_look(&b, e) < 0)
		return -1;
	if (only >= 0 && !b->bank[only].there)
		return err_set(e, ERR_NOT_FOUND, "bank %d has no image: %s", (int)only,
			       b->bank[only].why_not[0] ? b->bank[only].why_not : "it is empty");
	rows = json_array();
	if (!rows)
		return core_nomem(e);
	*result = rows;
	for (unsigned int i = 0; i < BANKS; i++)
		if (b->bank[i].there && (only < 0 || only == (json_int_t)i) &&
		    verify_one(b, i, rows, e) < 0)
			return -1;
	return 0;
}

static int confirm(json_t *params, json_t **result, struct err *e)
{
	_cleanup_free_ struct banks *b = NULL;
	_cleanup_close_ int lock = -1;
	unsigned int bank;
	int was;

	(void)params;
	if (boot_look_locked(&b, &lock, e) < 0)
		return -1;
	bank = b->medium.bank;
	was = b->bank[bank].cfg.state;
	if (was != BANK_VALID) {
		if (banks_set_state(b, bank, BANK_VALID, e) < 0)
			return -1;
		boot_note(b, bank, TRIAL_CONFIRMED, "");
		core_event(EVENT_BANK_CONFIRMED,
			   EVENT_WITH(EVENT_NUM("bank", bank),
				      EVENT_STR("build", b->bank[bank].cfg.build)),
			   "Bank %u (%s) is confirmed", bank, b->bank[bank].cfg.build);
	}
	return core_give(result,
			 json_pack("{s:i, s:s, s:s}", "bank", (int)bank, "build",
				   b->bank[bank].cfg.build, "was", bank_state_name(was)),
			 e);
}

static const struct core_param set_params[] = {
	{ "bank", CORE_INT, .min = 0, .max = BANKS - 1, .among = "system.boot.bank.list bank",
	  .help = "The bank to start from next" },
	{ "rollback", CORE_BOOL, .help = "The bank that does not run, if it is valid" },
	{ 0 },
};

static const struct core_param verify_params[] = {
	{ "bank", CORE_INT, .min = 0, .max = BANKS - 1, .among = "system.boot.bank.list bank",
	  .help = "Only this bank" },
	{ 0 },
};

const struct core_op core_boot_bank_ops[] = {
	{
		.name = "system.boot.bank.list",
		.method = "GET",
		.path = "/system/boot/banks",
		.flags = CORE_SLOW,
		.run = bank_list,
		.help = "Images on the boot medium",
	},
	{
		.name = "system.boot.bank.set",
		.method = "PUT",
		.path = "/system/boot/banks",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = set_params,
		.run = bank_set,
		.help = "Chooses the bank that is started next",
	},
	{
		.name = "system.boot.bank.verify",
		.method = "POST",
		.path = "/system/boot/banks/verify",
		.privilege = CORE_OPERATE,
		.flags = CORE_SLOW,
		.params = verify_params,
		.run = verify_banks,
		.help = "Compares the files on the boot medium with their digests",
	},
	{
		.name = "system.boot.bank.confirm",
		.method = "POST",
		.path = "/system/boot/banks/confirm",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.run = confirm,
		.help = "Confirms the running image: it stays the one that is started",
	},
	{ 0 },
};
