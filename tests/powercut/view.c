// SPDX-License-Identifier: Apache-2.0
#include "tests/powercut/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "userworld/bank/bank.h"
#include "userworld/state/store.h"

#define MEMO 1024

unsigned long cutview_verified, cutview_loaded;

static int note_bad(void *context, const char *name, uint64_t size, enum bank_damage d,
		    struct err *e)
{
	char *why = context;

	(void)size;
	(void)e;
	if (d != BANK_FILE_GOOD && !why[0])
		snprintf(why, 200, "%.100s: %s", name, bank_damage_name(d));
	return 0;
}

/* Are all files of a bank as its digests say? */
static bool bank_is_good(struct cutpart *p, const struct bank *b, char why[static 200])
{
	static struct {
		uint64_t sum;
		bool known, good;
	} memo[MEMO];
	size_t i = (p->sum ^ p->offset) % MEMO;
	struct err e = ERR_INIT;

	if (memo[i].known && memo[i].sum == (p->sum ^ p->offset) && memo[i].good)
		return true;
	why[0] = '\0';
	cutview_verified++;
	memo[i].good = bank_verify(&p->io, b, note_bad, why, &e) == 0 && !why[0];
	memo[i].sum = p->sum ^ p->offset;
	memo[i].known = true;
	if (!memo[i].good && !why[0])
		snprintf(why, 200, "%.190s", e.text);
	return memo[i].good;
}

/* One start: what the loader chooses and changes. false: nothing starts. */
static bool start(struct cutdisk *d, struct bank_choice *c, unsigned long *updated,
		  char why[static 200])
{
	struct bank_view views[BANKS];
	struct bank banks[BANKS];
	struct err e = ERR_INIT;

	for (unsigned int i = 0; i < BANKS; i++) {
		if (bank_look(&d->part[MEDIUM_BANK0 + i].io, &banks[i], &e) < 0) {
			snprintf(why, 200, "bank %u: %.150s", i, e.text);
			return false;
		}
		bank_view(&banks[i], &views[i]);
	}
	bank_choose(views, c);
	if (c->reason != BANK_CONFIRMED && c->reason != BANK_ON_TRIAL) {
		snprintf(why, 200, "no bank is good: states %d and %d (%.60s; %.60s)",
			 views[0].state, views[1].state, banks[0].why_not, banks[1].why_not);
		return false;
	}
	*updated = views[c->bank].updated;
	if (!bank_is_good(&d->part[MEDIUM_BANK0 + c->bank], &banks[c->bank], why))
		return false;
	for (size_t i = 0; i < c->n; i++)
		if (bank_set_state(&d->part[MEDIUM_BANK0 + c->changes[i].bank].io,
				   &banks[c->changes[i].bank], c->changes[i].to, &e) < 0) {
			snprintf(why, 200, "the loader: %.150s", e.text);
			return false;
		}
	return true;
}

static void load_state(struct cutdisk *d, struct cutview *v)
{
	static struct {
		uint64_t sum;
		struct cutview view;
		bool known;
	} memo[MEMO];
	struct cutpart *p = &d->part[MEDIUM_STATE];
	size_t i = p->sum % MEMO;
	enum state_store_kind kind;
	struct state_store store;
	struct err e = ERR_INIT;

	if (!memo[i].known || memo[i].sum != p->sum) {
		_cleanup_free_ uint8_t *payload = NULL;
		struct state_header h = { 0 };

		cutview_loaded++;
		memset(&memo[i], 0, sizeof(memo[i]));
		memo[i].sum = p->sum;
		memo[i].known = true;
		if (state_store_open(&store, &p->io, NULL, &kind, NULL, NULL, &e) == 0) {
			memo[i].view.store = kind == STATE_STORE_READY;
			if (memo[i].view.store &&
			    state_store_newest(&store, &h, &payload, NULL, NULL, &e) == 1) {
				memo[i].view.generation = h.number;
				memcpy(memo[i].view.sum, h.sum, sizeof(h.sum));
			}
			state_store_close(&store);
		}
	}
	v->store = memo[i].view.store;
	v->generation = memo[i].view.generation;
	memcpy(v->sum, memo[i].view.sum, sizeof(v->sum));
}

void cutview_look(struct cutdisk *d, uint64_t frame, struct cutview *v)
{
	size_t before = d->journal.count;
	struct bank_choice c, again;
	unsigned long updated;

	memset(v, 0, sizeof(*v));
	v->nothing = !cutdisk_signed(d);
	if (v->nothing)
		return;
	if (cutdisk_frame(d) != frame) {
		snprintf(v->why, sizeof(v->why), "%s",
			 "it starts with half a partition table or loader");
		return;
	}
	if (start(d, &c, &v->updated, v->why)) {
		v->reason = c.reason;
		v->bank = c.bank;
		/* It fails, or is switched off at once: the next start must go on from there. */
		if (c.reason == BANK_ON_TRIAL && !start(d, &again, &updated, v->why))
			v->reason = BANK_NONE;
	}
	cutdisk_back(d, before);
	load_state(d, v);
}
