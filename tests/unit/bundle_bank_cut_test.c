// SPDX-License-Identifier: Apache-2.0
/* Bundles on their way to the other bank: killed, with the power cut, and with the medium pulled
 * out. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/keeping.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/bank/banks.h"
#include "userworld/core/bundle/bank.h"

/* If it is there it is the medium of the bank that does not run. */
static struct powercut *pc;
/* The process ends before this write from now on; -1: never. */
static long kill_at = -1;

struct blkio *__real_banks_open(const struct banks *b, unsigned int bank, bool writable,
				struct err *e);
struct blkio *__wrap_banks_open(const struct banks *b, unsigned int bank, bool writable,
				struct err *e);

struct blkio *__wrap_banks_open(const struct banks *b, unsigned int bank, bool writable,
				struct err *e)
{
	if (pc && bank == KEEPING_OTHER)
		return powercut_disk(pc);
	return __real_banks_open(b, bank, writable, e);
}

int __real_blkio_write(struct blkio *io, const void *buf, size_t len, uint64_t at, struct err *e);
int __wrap_blkio_write(struct blkio *io, const void *buf, size_t len, uint64_t at, struct err *e);

int __wrap_blkio_write(struct blkio *io, const void *buf, size_t len, uint64_t at, struct err *e)
{
	if (kill_at == 0) {
		__real_blkio_write(io, buf, len / 2, at, e);
		kill(getpid(), SIGKILL);
	}
	kill_at -= kill_at > 0;
	return __real_blkio_write(io, buf, len, at, e);
}

/* Neither an old nor a new set may be there in part. */
static int is_whole(void *context, struct blkio *disk, char why[static 256])
{
	unsigned long *seen = context;
	struct bank_view view;
	struct bank b;

	if (bank_look(disk, &b, NULL) < 0)
		return 1;
	bank_view(&b, &view);
	if (!view.counts || view.state == BANK_INVALID) {
		seen[0]++;
		return 0;
	}
	seen[b.cfg.n_modules]++;
	snprintf(why, 256, "state %d, %zu modules", b.cfg.state, b.cfg.n_modules);
	return bank_verify(disk, &b, NULL, NULL, NULL) != 0;
}

/* The first bundle over another image, then a second one over the first. */
static void test_power_cut(void **state)
{
	unsigned long seen[4] = { 0 };
	struct powercut_result r;
	struct err e = ERR_INIT;
	struct sample old;

	(void)state;
	keeping_start(BANK_VALID);
	sample_make(&old, 1);
	pc = sample_disk(&old, BANK_VALID);
	for (int order = 5; order < 7; order++) {
		keeping_install(order == 5 ? "tool" : "more", order, "tool");
		powercut_mark(pc);
		if (bundle_bank_write(&e) < 0)
			fail_msg("%s", e.text);
		r = powercut_sweep(pc, is_whole, seen);
		assert_string_equal(r.first, "");
		assert_true(r.disks > 500);
	}
	assert_true(seen[0] > 0 && seen[2] > 0 && seen[3] > 0);
	powercut_free(pc);
	/* A disk that lies. */
	pc = sample_disk(&old, BANK_VALID);
	powercut_ignore_flushes(pc);
	assert_int_equal(bundle_bank_write(&e), 0);
	r = powercut_sweep(pc, is_whole, seen);
	assert_true(r.failures > 0);
	powercut_free(pc);
	pc = NULL;
	sample_free(&old);
}

/* The medium is pulled out at every step: that is said, and what can be started is whole. */
static void test_pulled(void **state)
{
	unsigned long seen[4] = { 0 };
	struct bundle_kept kept = { .why = "-" };

	(void)state;
	keeping_start(BANK_VALID);
	keeping_install("tool", 5, "tool");
	for (long n = 0; *kept.why; n++) {
		char why[256] = "";

		pc = powercut_new(NULL, SAMPLE_SIZE);
		powercut_pull(pc, n);
		bundle_bank_keep(&kept);
		powercut_pull(pc, -1);
		if (is_whole(seen, powercut_disk(pc), why) != 0)
			fail_msg("pulled at %ld: %s", n, why);
		powercut_free(pc);
		assert_true(n < 100);
	}
	pc = NULL;
	assert_true(seen[0] > 5);
}

static void test_killed(void **state)
{
	bool done = false;
	long n;

	(void)state;
	for (n = 0; !done; n++) {
		struct bank b;
		pid_t child;
		int status;

		keeping_start(BANK_VALID);
		boot_medium_put(KEEPING_OTHER, 1, BANK_VALID);
		keeping_install("tool", 5, "tool");
		child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			kill_at = n;
			_exit(bundle_bank_write(NULL) < 0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		done = status == 0;
		keeping_look(KEEPING_RUNNING, &b);
		assert_int_equal(b.cfg.state, BANK_VALID);
		/* What was left does not stand in the way. */
		keeping_write();
		keeping_look(KEEPING_OTHER, &b);
		assert_int_equal(b.cfg.state, BANK_UPGRADING);
		assert_int_equal(b.cfg.n_modules, 3);
	}
	assert_true(n > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_power_cut),
		cmocka_unit_test(test_pulled),
		cmocka_unit_test(test_killed),
	};

	return cmocka_run_group_tests(tests, keeping_setup, tree_teardown);
}
