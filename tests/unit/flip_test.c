// SPDX-License-Identifier: Apache-2.0
/*
 * Bits of a medium that have turned around, one at a time: what would start, and which state would
 * be loaded. Nothing that is damaged may be used, and nobody may be left without a word.
 *
 * FLIP_STEP: every so many bits of what has much of the same kind (31); 1 takes some minutes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/bank_sample.h"
#include "tests/unit/unit.h"
#include "userworld/bank/trial.h"
#include "userworld/state/store.h"

#define SLOTS 8
#define SAVES 3
#define PAYLOAD 700u

static size_t step(void)
{
	const char *text = getenv("FLIP_STEP");
	long n = text ? strtol(text, NULL, 10) : 31;

	return n > 0 ? (size_t)n : 1;
}

static void flip(struct powercut *pc, size_t bit)
{
	powercut_bytes(pc)[bit / 8] ^= (uint8_t)(1u << bit % 8);
}

/* A host's start, as far as it follows from the bytes of two banks. */
struct start {
	int bank;    /* whose files are all good, and are used; -1: none, which the loader says */
	bool passed; /* the one that was chosen first was found damaged, which is said too */
};

/* As the loader sees it, which does not know the digest that boot.cfg has of itself. */
static bool whole(struct blkio *io, const struct bank *b)
{
	struct bank seen = *b;

	seen.cfg.self_bad = false;
	return b->there && bank_verify(io, &seen, NULL, NULL, NULL) == 0;
}

/* images/media/grub/load.cfg: the bank that is chosen, or if its files are not good the other. */
static struct start start_from(struct powercut *const pc[BANKS], struct bank banks[BANKS])
{
	struct bank_view views[BANKS];
	struct bank_choice c;
	unsigned int other;

	for (int i = 0; i < BANKS; i++) {
		assert_int_equal(bank_look(powercut_disk(pc[i]), &banks[i], NULL), 0);
		bank_view(&banks[i], &views[i]);
	}
	bank_choose(views, &c);
	if (c.reason == BANK_NONE)
		return (struct start){ -1, false };
	if (whole(powercut_disk(pc[c.bank]), &banks[c.bank]))
		return (struct start){ (int)c.bank, false };
	other = 1 - c.bank;
	if (views[other].counts && whole(powercut_disk(pc[other]), &banks[other]))
		return (struct start){ (int)other, true };
	return (struct start){ -1, true };
}

/* Kernel, modules and their bytes are those of an image that was written. */
static bool is_sample(const struct bank *b, const struct sample *s)
{
	bool same = b->cfg.n_modules == s->cfg.n_modules;

	for (size_t i = 0; same && i <= s->cfg.n_modules; i++)
		same = strcmp(bootcfg_file(&b->cfg, i), bootcfg_file(&s->cfg, i)) == 0 &&
		       strcmp(b->cfg.digests[i], s->cfg.digests[i]) == 0;
	return same;
}

struct two {
	struct sample sample[BANKS];
	struct powercut *pc[BANKS];
};

static void make_two(struct two *t)
{
	for (unsigned int i = 0; i < BANKS; i++) {
		sample_make(&t->sample[i], i + 1);
		t->pc[i] = sample_disk(&t->sample[i], BANK_VALID);
	}
}

static void free_two(struct two *t)
{
	for (int i = 0; i < BANKS; i++) {
		sample_free(&t->sample[i]);
		powercut_free(t->pc[i]);
	}
}

/* The end of the bytes of a bank that are not zero, and so have something in them. */
static size_t end_of(struct powercut *pc)
{
	size_t end = SAMPLE_SIZE;

	while (end > 0 && !powercut_bytes(pc)[end - 1])
		end--;
	return end;
}

/* With every bit of both banks: the other bank is whole, so a host always starts, from good files.
 */
static void banks(void **state)
{
	unsigned long flips = 0, newer = 0, older = 0, passed = 0;
	struct bank found[BANKS];
	struct two t;

	(void)state;
	make_two(&t);
	for (unsigned int n = 0; n < BANKS; n++) {
		size_t bits = end_of(t.pc[n]) * 8, dense = 512 * 8;

		for (size_t bit = 0; bit < bits; bit += bit < dense ? 1 : step()) {
			struct start s;

			flip(t.pc[n], bit);
			s = start_from(t.pc, found);
			if (s.bank < 0 || !is_sample(&found[s.bank], &t.sample[s.bank]))
				fail_msg("bank %u, byte %zu, bit %zu: %d starts", n, bit / 8,
					 bit % 8, s.bank);
			newer += s.bank == 1;
			older += s.bank == 0;
			passed += s.passed;
			flips++;
			flip(t.pc[n], bit);
		}
	}
	print_message("%lu bits: the newer bank starts after %lu, the older after %lu, %lu times "
		      "because a digest was not right\n",
		      flips, newer, older, passed);
	assert_true(newer > 0 && older > 0 && passed > 0);
	free_two(&t);
}

/* The control: who does not look at the digests starts something that was never written. */
static void banks_without_digests(void **state)
{
	unsigned long wrong = 0;
	struct bank found[BANKS];
	struct two t;

	(void)state;
	make_two(&t);
	for (size_t bit = 0; bit < end_of(t.pc[1]) * 8; bit += 1009) {
		flip(t.pc[1], bit);
		start_from(t.pc, found);
		wrong += found[1].there && found[1].has_kernel &&
			 !whole(powercut_disk(t.pc[1]), &found[1]);
		flip(t.pc[1], bit);
	}
	assert_true(wrong > 0);
	free_two(&t);
}

/* Bits of boot.cfg whose turning round the host does not see; all of them and those of "self". */
struct unseen {
	unsigned long bits, all, key;
};

/* self: does it have a digest of itself? The digit of the state and what fills it up do not count.
 */
static struct unseen look_at_config(bool self)
{
	struct unseen u = { 0 };
	struct powercut *pc;
	struct sample s;
	struct bank b;
	char *text, *key;
	size_t at, end;

	sample_make(&s, 1);
	s.cfg.has_self = self;
	pc = sample_disk(&s, BANK_VALID);
	text = memmem(powercut_bytes(pc), SAMPLE_SIZE, "# GRUB Env", 10);
	assert_non_null(text);
	at = (size_t)(text - (char *)powercut_bytes(pc));
	key = strstr(text, "\nself=");
	end = (size_t)(strstr(text, "\n#") - text);
	for (size_t bit = at * 8; bit < (at + end) * 8; bit++) {
		flip(pc, bit);
		assert_int_equal(bank_look(powercut_disk(pc), &b, NULL), 0);
		if (b.there && !b.cfg.self_bad && bit / 8 != b.state_at) {
			u.bits++;
			u.key += key && bit / 8 - at > (size_t)(key - text) &&
				 bit / 8 - at <= (size_t)(key - text) + strlen("self=");
		}
		u.all++;
		flip(pc, bit);
	}
	powercut_free(pc);
	sample_free(&s);
	return u;
}

/* Only a bit of the key's own name has it taken for one of before. */
static void configs(void **state)
{
	struct unseen now = look_at_config(true), old = look_at_config(false);

	(void)state;
	print_message("boot.cfg: %lu of %lu bits are not seen, %lu of %lu without its digest\n",
		      now.bits, now.all, old.bits, old.all);
	assert_int_equal(now.bits, now.key);
	assert_true(old.bits > 200);
}

/* The record of a trial is one that was written, or none. */
static void trials(void **state)
{
	static struct trial records[2], t;
	unsigned char *at;
	unsigned long flips = 0, older = 0;
	struct powercut *pc;
	struct sample s;

	(void)state;
	sample_make(&s, 1);
	pc = sample_disk(&s, BANK_DIRTY);
	for (unsigned int i = 0; i < 2; i++) {
		records[i].outcome = i ? TRIAL_FAILED : TRIAL_RUNNING;
		snprintf(records[i].reason, sizeof(records[i].reason), "reason %u", i);
		snprintf(records[i].text, sizeof(records[i].text), "the end of log %u", i);
		records[i].len = strlen(records[i].text);
		assert_int_equal(trial_write(powercut_disk(pc), &records[i], NULL), 0);
	}
	at = memmem(powercut_bytes(pc), SAMPLE_SIZE, "VOSTRIAL", 8);
	assert_non_null(at);
	for (size_t bit = 0; bit < TRIAL_SIZE * 8; bit += bit < 640 * 8 ? 7 : step() * 16 + 1) {
		size_t place = (size_t)(at - powercut_bytes(pc)) * 8 + bit;

		flip(pc, place);
		if (trial_read(powercut_disk(pc), &t, NULL) == 0) {
			assert_in_range(t.sequence, 1, 2);
			assert_memory_equal(&t, &records[t.sequence - 1], sizeof(t));
			older += t.sequence == 1;
		} else {
			fail_msg("bit %zu: no record, though one of two is whole", bit);
		}
		flips++;
		flip(pc, place);
	}
	assert_true(older > 0 && older < flips);
	powercut_free(pc);
	sample_free(&s);
}

static void count(void *context, const char *text)
{
	(void)text;
	++*(unsigned int *)context;
}

static void fill(uint8_t payload[PAYLOAD], uint64_t number)
{
	for (size_t i = 0; i < PAYLOAD; i++)
		payload[i] = (uint8_t)(number * 31 + i * 7);
}

static struct powercut *store_disk(void)
{
	struct powercut *pc = powercut_new(NULL, (size_t)SLOTS * STATE_SLOT);
	uint8_t payload[PAYLOAD];
	struct state_store s;

	assert_int_equal(state_store_make(&s, powercut_disk(pc), NULL, NULL), 0);
	for (uint64_t i = 1; i <= SAVES; i++) {
		const struct state_header *keep = s.ring.count ? &s.ring.list[0] : NULL;
		struct state_header h = { .format = STATE_FORMAT, .follows = i - 1 };

		fill(payload, i);
		assert_int_equal(state_store_append(&s, keep, &h, payload, PAYLOAD, NULL), 0);
	}
	state_store_close(&s);
	return pc;
}

/* The generation that a host loads, 0 for none; its content is what was saved. */
static uint64_t load(struct powercut *pc, unsigned int *said)
{
	enum state_store_kind kind;
	struct state_header h = { 0 };
	uint8_t *payload = NULL, want[PAYLOAD];
	struct state_store s;

	*said = 0;
	assert_int_equal(state_store_open(&s, powercut_disk(pc), NULL, &kind, count, said, NULL),
			 0);
	assert_int_equal(kind, STATE_STORE_READY);
	if (state_store_newest(&s, &h, &payload, count, said, NULL) == 1) {
		fill(want, h.number);
		assert_int_equal(h.size, PAYLOAD);
		assert_memory_equal(payload, want, PAYLOAD);
	}
	free(payload);
	state_store_close(&s);
	return h.number;
}

/* Both records, and header and payload of each generation, bit by bit: loaded right, and said. */
static void generations(void **state)
{
	const struct place {
		size_t at, len;
	} places[] = {
		{ 0, STATE_BLOCK },
		{ STATE_RECORD_AGAIN, STATE_BLOCK },
		{ 1 * STATE_SLOT, STATE_BLOCK + PAYLOAD },
		{ 2 * STATE_SLOT, STATE_BLOCK + PAYLOAD },
		{ 3 * STATE_SLOT, STATE_BLOCK + PAYLOAD },
	};
	struct powercut *pc = store_disk();
	unsigned long flips = 0, older = 0;
	unsigned int said;

	(void)state;
	assert_int_equal(load(pc, &said), SAVES);
	assert_int_equal(said, 0);
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		for (size_t bit = 0; bit < places[i].len * 8; bit += bit < 256 * 8 ? 1 : step()) {
			uint64_t number;

			flip(pc, places[i].at * 8 + bit);
			number = load(pc, &said);
			/* What is behind the newest one's header and payload is what it was. */
			if (number != (i == 4 ? SAVES - 1 : SAVES))
				fail_msg("place %zu, bit %zu: generation %lu", i, bit,
					 (unsigned long)number);
			/* The payload of an older one is not read. */
			if (!said && (i < 2 || i == 4 || bit < STATE_BLOCK * 8))
				fail_msg("place %zu, bit %zu: nobody says so", i, bit);
			older += number < SAVES;
			flips++;
			flip(pc, places[i].at * 8 + bit);
		}
	print_message("%lu bits: %lu times an older generation\n", flips, older);
	powercut_free(pc);
}

/* Without a record there is no telling right from forged: refused, and nothing is written over. */
static void both_records(void **state)
{
	struct powercut *pc = store_disk();
	enum state_store_kind kind;
	struct err e = ERR_INIT;
	struct state_store s;

	(void)state;
	for (size_t bit = 0; bit < STATE_BLOCK * 8; bit += 97) {
		flip(pc, bit);
		flip(pc, STATE_RECORD_AGAIN * 8 + bit);
		assert_int_equal(
			state_store_open(&s, powercut_disk(pc), NULL, &kind, NULL, NULL, &e), -1);
		assert_int_equal(e.kind, ERR_INVALID);
		assert_non_null(strstr(e.text, "both records of the store are damaged"));
		flip(pc, bit);
		flip(pc, STATE_RECORD_AGAIN * 8 + bit);
	}
	powercut_free(pc);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(banks),       cmocka_unit_test(banks_without_digests),
		cmocka_unit_test(configs),     cmocka_unit_test(trials),
		cmocka_unit_test(generations), cmocka_unit_test(both_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
