// SPDX-License-Identifier: Apache-2.0
/* boot.cfg and the bank around it. */
#include "userworld/bank/bank.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/bank_sample.h"
#include "tests/unit/unit.h"

#define HEAD "# GRUB Environment Block\n"

static int parse(const char *text, struct bootcfg *cfg)
{
	return bootcfg_parse(text, strlen(text), cfg, NULL);
}

static void test_parse(void **state)
{
	struct bootcfg cfg;

	(void)state;
	assert_int_equal(parse(HEAD
			       "bootstate=2\nupdated=17\nbuild=1.0-3\nkernel=vmlinuz\n"
			       "kernelopt=a=b c\nmodules=stage0.img --- base.v00\nlater=x\n###",
			       &cfg),
			 0);
	assert_int_equal(cfg.state, BANK_DIRTY);
	assert_int_equal(cfg.state_at, strlen(HEAD "bootstate="));
	assert_int_equal(cfg.updated, 17);
	assert_string_equal(cfg.options, "a=b c");
	assert_int_equal(cfg.n_modules, 2);
	assert_string_equal(bootcfg_file(&cfg, 0), "vmlinuz");
	assert_string_equal(bootcfg_file(&cfg, 2), "base.v00");
	assert_null(bootcfg_file(&cfg, 3));
	assert_false(cfg.has_digests);
	/* None of these may be taken for an image. */
	assert_int_equal(parse("bootstate=0\n", &cfg), -1);
	assert_int_equal(parse(HEAD "bootstate=0\nbootstate=1\n", &cfg), -1);
	assert_int_equal(parse(HEAD "kernel=../x\n", &cfg), -1);
	assert_int_equal(parse(HEAD "kernel=VMLINUZ\n", &cfg), -1);
	assert_int_equal(parse(HEAD "updated=1x\n", &cfg), -1);
	assert_int_equal(parse(HEAD "words\n", &cfg), -1);
	assert_int_equal(parse(HEAD "kernel=a\nmodules=b\nsha256=00\n", &cfg), -1);
	/* It would be shown on a console. */
	assert_int_equal(parse(HEAD "build=1\033[2J\n", &cfg), -1);
	assert_int_equal(parse(HEAD "bootstate=4\n", &cfg), 0);
	assert_int_equal(cfg.state, BANK_UNKNOWN);
}

static void test_print(void **state)
{
	char text[4096], again[4096];
	struct bootcfg cfg;
	struct sample s;
	int len;

	(void)state;
	sample_make(&s, 3);
	len = bootcfg_print(&s.cfg, text, sizeof(text), NULL);
	assert_int_equal(len, 1024);
	assert_int_equal(text[s.cfg.state_at], '3');
	assert_int_equal(bootcfg_parse(text, (size_t)len, &cfg, NULL), 0);
	assert_memory_equal(&cfg, &s.cfg, sizeof(cfg));
	assert_int_equal(bootcfg_print(&cfg, again, sizeof(again), NULL), len);
	assert_memory_equal(text, again, (size_t)len);
	/* State and number are in the first sector. */
	assert_true((size_t)(strstr(text, "\nkernel=") - text) < 512);
	assert_int_equal(bootcfg_print(&cfg, again, 1023, NULL), -1);
	for (size_t i = 0; i < 3; i++) {
		strcpy(cfg.options, i == 0 ? "a\\b" : i == 1 ? "a'b" : "a\nbootstate=0");
		assert_int_equal(bootcfg_print(&cfg, again, sizeof(again), NULL), -1);
	}
	sample_free(&s);
}

/* The digest that boot.cfg has of itself: of all but the digit of its state. */
static void test_self(void **state)
{
	char text[4096];
	struct bootcfg cfg;
	struct sample s;
	char *at;

	(void)state;
	sample_make(&s, 3);
	assert_int_equal(bootcfg_print(&s.cfg, text, sizeof(text), NULL), 1024);
	text[s.cfg.state_at] = '0';
	assert_int_equal(parse(text, &cfg), 0);
	assert_true(cfg.has_self && !cfg.self_bad);
	/* One that no bank has, too: then it is the state that is wrong, not the text. */
	text[s.cfg.state_at] = '7';
	assert_int_equal(parse(text, &cfg), 0);
	assert_false(cfg.self_bad);
	at = strstr(text, "number=3");
	at[7] = '2';
	assert_int_equal(parse(text, &cfg), 0);
	assert_true(cfg.self_bad);
	/* What is printed again vouches for what was read: nobody may do so with it. */
	at[7] = '3';
	at = strstr(text, "\nself=");
	memcpy(at + 1 + strlen("self=") + 64, "\nlater=1\n", strlen("\nlater=1\n"));
	assert_int_equal(parse(text, &cfg), 0);
	assert_true(cfg.self_bad);
	/* One of before has none. */
	s.cfg.has_self = false;
	assert_int_equal(bootcfg_print(&s.cfg, text, sizeof(text), NULL), 1024);
	assert_null(strstr(text, "self="));
	assert_int_equal(parse(text, &cfg), 0);
	assert_true(!cfg.has_self && !cfg.self_bad);
	sample_free(&s);
}

/* Whichever bit it is, if it is one only. */
static void test_fix(void **state)
{
	char text[2048], was[2048];
	struct sample s;
	int len, end;

	(void)state;
	sample_make(&s, 3);
	len = bootcfg_print(&s.cfg, text, sizeof(text), NULL);
	memcpy(was, text, (size_t)len);
	assert_false(bootcfg_fix(text, (size_t)len));
	/* The digit of the state and the word "self" are not what the digest is of. */
	end = (int)(strstr(text, "\nself=") - text);
	for (int bit = 0; bit < end * 8; bit += 61) {
		if (bit / 8 == (int)s.cfg.state_at)
			continue;
		text[bit / 8] ^= (char)(1 << bit % 8);
		assert_true(bootcfg_fix(text, (size_t)len));
		assert_memory_equal(text, was, (size_t)len);
	}
	text[end - 3] ^= 1;
	text[end - 9] ^= 4;
	assert_false(bootcfg_fix(text, (size_t)len));
	sample_free(&s);
}

static void test_look(void **state)
{
	struct powercut *pc;
	struct bank_view view;
	struct sample s;
	struct bank b;
	uint64_t room;

	(void)state;
	sample_make(&s, 2);
	pc = sample_disk(&s, BANK_UPGRADING);
	assert_int_equal(bank_look(powercut_disk(pc), &b, NULL), 0);
	bank_view(&b, &view);
	assert_true(view.counts);
	assert_int_equal(view.state, BANK_UPGRADING);
	assert_int_equal(view.updated, 2);
	assert_int_equal(b.size, SAMPLE_SIZE);
	assert_int_equal(bank_free(powercut_disk(pc), &room, NULL), 0);
	assert_true(room > SAMPLE_SIZE / 2 && room < SAMPLE_SIZE);
	assert_int_equal(powercut_bytes(pc)[b.state_at], '1');
	/* A state that the loader does not know, either: it starts what is in it if nothing else is
	 * left. */
	powercut_bytes(pc)[b.state_at] = '7';
	assert_int_equal(bank_look(powercut_disk(pc), &b, NULL), 0);
	bank_view(&b, &view);
	assert_true(view.counts);
	assert_int_equal(view.state, BANK_INVALID);
	assert_int_equal(bank_set_state(powercut_disk(pc), &b, BANK_VALID, NULL), -1);
	/* Blank is nothing to complain of, damage is. */
	memset(powercut_bytes(pc), 0, SAMPLE_SIZE);
	assert_int_equal(bank_look(powercut_disk(pc), &b, NULL), 0);
	assert_false(b.there);
	assert_string_equal(b.why_not, "");
	memset(powercut_bytes(pc), 'x', SAMPLE_SIZE);
	assert_int_equal(bank_look(powercut_disk(pc), &b, NULL), 0);
	bank_view(&b, &view);
	assert_false(view.counts);
	assert_string_not_equal(b.why_not, "");
	powercut_pull(pc, 0);
	assert_int_equal(bank_look(powercut_disk(pc), &b, NULL), -1);
	powercut_free(pc);
	sample_free(&s);
}

struct expected {
	const struct sample *sample;
	int from, to;
};

/* The same image in one of two states. */
static int is_from_or_to(void *context, struct blkio *disk, char why[static 256])
{
	const struct expected *x = context;
	struct bank b;

	if (bank_look(disk, &b, NULL) < 0 || !b.there ||
	    (b.cfg.state != x->from && b.cfg.state != x->to)) {
		snprintf(why, 256, "state %d: %s", b.cfg.state, b.why_not);
		return 1;
	}
	if (strcmp(b.cfg.build, x->sample->cfg.build) != 0 ||
	    bank_verify(disk, &b, NULL, NULL, NULL) != 0) {
		snprintf(why, 256, "not the same image");
		return 1;
	}
	return 0;
}

static void test_states_one_byte(void **state)
{
	struct sample s;

	(void)state;
	sample_make(&s, 1);
	for (int from = 0; from <= 3; from++)
		for (int to = 0; to <= 3; to++) {
			struct expected x = { &s, from, to };
			struct powercut_result r;
			struct powercut *pc;
			struct bank b;

			if (from == to)
				continue;
			pc = sample_disk(&s, from);
			assert_int_equal(bank_look(powercut_disk(pc), &b, NULL), 0);
			assert_int_equal(bank_set_state(powercut_disk(pc), &b, to, NULL), 0);
			assert_int_equal(powercut_writes(pc), 1);
			assert_int_equal(powercut_flushes(pc), 1);
			r = powercut_sweep(pc, is_from_or_to, &x);
			assert_string_equal(r.first, "");
			assert_int_equal(r.failures, 0);
			powercut_free(pc);
		}
	sample_free(&s);
}

/* Somebody else changed the byte in between: nothing is written. */
static void test_state_changed_elsewhere(void **state)
{
	struct err e = ERR_INIT;
	struct powercut *pc;
	struct sample s;
	struct bank b;

	(void)state;
	sample_make(&s, 1);
	pc = sample_disk(&s, BANK_DIRTY);
	assert_int_equal(bank_look(powercut_disk(pc), &b, &e), 0);
	powercut_bytes(pc)[b.state_at] = '3';
	assert_int_equal(bank_set_state(powercut_disk(pc), &b, BANK_VALID, &e), -1);
	assert_int_equal(e.kind, ERR_CONFLICT);
	assert_int_equal(powercut_writes(pc), 0);
	powercut_free(pc);
	sample_free(&s);
}

static int damage(void *context, const char *name, uint64_t size, enum bank_damage d, struct err *e)
{
	char *text = context;

	(void)size;
	(void)e;
	sprintf(text + strlen(text), "%s %s, ", name, bank_damage_name(d));
	return 0;
}

static void flip_in(struct powercut *pc, struct fat *fat, const char *name)
{
	struct fat_file file;
	uint64_t where;
	uint32_t run;

	assert_int_equal(fat_find(fat, name, &file, NULL), 0);
	assert_int_equal(fat_where(fat, &file, 7, &where, &run, NULL), 0);
	powercut_bytes(pc)[where] ^= 1;
}

static void test_verify(void **state)
{
	struct powercut *pc;
	char said[200] = "";
	struct sample s;
	struct bank b;
	struct fat fat;

	(void)state;
	sample_make(&s, 1);
	pc = sample_disk(&s, BANK_VALID);
	assert_int_equal(fat_open(&fat, powercut_disk(pc), NULL), 0);
	flip_in(pc, &fat, "STAGE0.IMG");
	assert_int_equal(bank_look(powercut_disk(pc), &b, NULL), 0);
	assert_int_equal(bank_verify(powercut_disk(pc), &b, damage, said, NULL), 1);
	assert_string_equal(said, "vmlinuz good, stage0.img damaged, base.v00 good, ");
	/* The loader would refuse a bank by a list that is wrong. */
	flip_in(pc, &fat, BOOTCFG_SUMS);
	said[0] = '\0';
	assert_int_equal(bank_verify(powercut_disk(pc), &b, damage, said, NULL), 2);
	assert_non_null(strstr(said, ", sha256.txt damaged, "));
	powercut_free(pc);
	sample_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_self),
		cmocka_unit_test(test_fix),
		cmocka_unit_test(test_look),
		cmocka_unit_test(test_states_one_byte),
		cmocka_unit_test(test_state_changed_elsewhere),
		cmocka_unit_test(test_verify),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
