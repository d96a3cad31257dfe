// SPDX-License-Identifier: Apache-2.0
/* An update of the bank that does not run: refused, damaged, and killed at every write. */
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "tests/unit/update_host.h"
#include "userworld/bank/trial.h"
#include "userworld/core/core.h"
#include "userworld/core/trust/host_trust.h"
#include "version.h"

/* The process ends before this write from now on, after half of it if that is odd; -1: never. */
static long kill_at = -1;

int __real_blkio_write(struct blkio *io, const void *buf, size_t len, uint64_t at, struct err *e);
int __wrap_blkio_write(struct blkio *io, const void *buf, size_t len, uint64_t at, struct err *e);

int __wrap_blkio_write(struct blkio *io, const void *buf, size_t len, uint64_t at, struct err *e)
{
	if (kill_at >= 0 && kill_at < 2) {
		if (kill_at == 1)
			__real_blkio_write(io, buf, len / 2, at, e);
		kill(getpid(), SIGKILL);
	}
	kill_at -= kill_at >= 0 ? 2 : 0;
	return __real_blkio_write(io, buf, len, at, e);
}

static void bank_bytes(unsigned int bank, unsigned char *bytes)
{
	struct blkio *io = boot_medium_open(bank);

	assert_int_equal(blkio_read(io, bytes, SAMPLE_SIZE, 0, NULL), 0);
	blkio_close(io);
}

/* Nothing of a bank may be other than it was, when told to compare. */
static void compare_bank(unsigned int bank, bool take)
{
	static unsigned char was[BANKS][SAMPLE_SIZE], is[SAMPLE_SIZE];

	bank_bytes(bank, take ? was[bank] : is);
	if (!take && memcmp(was[bank], is, SAMPLE_SIZE) != 0)
		fail_msg("bank %u was changed", bank);
}

static int run(const char *flags, json_t **result, struct err *e)
{
	json_t *params = json_pack("{s:s}", "path", "/image.vib");
	int rc;

	if (strchr(flags, 'd'))
		json_object_set_new(params, "dry_run", json_true());
	if (strchr(flags, 'f'))
		json_object_set_new(params, "force", json_true());
	*e = (struct err)ERR_INIT;
	rc = core_call("system.boot.update", params, result, e);
	json_decref(params);
	return rc;
}

static json_t *expect(const char *flags)
{
	json_t *result = NULL;
	struct err e;

	if (run(flags, &result, &e) < 0)
		fail_msg("%s", e.text);
	return result;
}

/* Refused, with these words, and nothing was written anywhere. */
static void refused(const char *flags, enum err_kind kind, const char *words)
{
	struct err e;

	compare_bank(0, true);
	compare_bank(1, true);
	assert_int_equal(run(flags, NULL, &e), -1);
	if (e.kind != kind || !strstr(e.text, words))
		fail_msg("kind %d: %s", e.kind, e.text);
	compare_bank(0, false);
	compare_bank(1, false);
}

static void look(unsigned int bank, struct bank *b, int *bad)
{
	struct blkio *io = boot_medium_open(bank);

	assert_int_equal(bank_look(io, b, NULL), 0);
	*bad = b->there ? bank_verify(io, b, NULL, NULL, NULL) : -1;
	blkio_close(io);
}

static void expect_new(void)
{
	struct bank b;
	int bad;

	look(1, &b, &bad);
	assert_true(b.there);
	assert_int_equal(bad, 0);
	assert_int_equal(b.cfg.state, BANK_UPGRADING);
	assert_string_equal(b.cfg.build, update_image.cfg.build);
	assert_string_equal(b.cfg.options, update_image.cfg.options);
	assert_true(b.cfg.updated > 2);
}

static bool is_true(const json_t *r, const char *key)
{
	return json_is_true(json_object_get(r, key));
}

static unsigned int calls, last;

static void tell(unsigned int percent)
{
	assert_true(percent >= last && percent <= 100);
	calls += percent > last;
	last = percent;
}

/* Half is not told before half was done: all of it is read, written and read back. */
static void test_progress(void **state)
{
	(void)state;
	update_host_start(BANK_VALID, BANK_VALID);
	core_on_progress(tell);
	json_decref(expect("d"));
	assert_int_equal(calls, 0);
	json_decref(expect(""));
	core_on_progress(NULL);
	assert_in_range(last, 95, 100);
	assert_in_range(calls, 3, 100);
}

static void test_update(void **state)
{
	json_t *r;

	(void)state;
	update_host_start(BANK_VALID, BANK_VALID);
	compare_bank(0, true);
	compare_bank(1, true);
	r = expect("d");
	assert_false(is_true(r, "reboot_required"));
	assert_string_equal(json_string_value(json_object_get(r, "build")), update_image.cfg.build);
	assert_string_equal(json_string_value(json_object_get(r, "replaces")),
			    update_old.cfg.build);
	json_decref(r);
	compare_bank(1, false);
	r = expect("");
	assert_true(is_true(r, "reboot_required"));
	assert_int_equal(json_integer_value(json_object_get(r, "bank")), 1);
	assert_false(is_true(r, "older"));
	assert_true(json_is_null(json_object_get(r, "failed_before")));
	json_decref(r);
	compare_bank(0, false);
	expect_new();
	/* Once more, over what was never started; and into an empty bank. */
	json_decref(expect(""));
	expect_new();
	update_host_start(BANK_VALID, BANK_UNKNOWN);
	json_decref(expect(""));
	expect_new();
}

static void test_trust(void **state)
{
	(void)state;
	update_host_start(BANK_VALID, BANK_VALID);
	update_host_image(UPDATE_NEWER, NULL);
	refused("", ERR_DENIED, "not signed");
	refused("df", ERR_DENIED, "not signed");
	update_host_image(UPDATE_NEWER, &update_stranger);
	refused("f", ERR_INVALID, "leads to no root that is trusted");
}

static void test_host_not_ready(void **state)
{
	static const int states[] = { BANK_UPGRADING, BANK_DIRTY, BANK_INVALID };
	struct fat_file file;
	struct blkio *io;
	uint64_t where;
	struct fat fat;
	uint32_t len;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		update_host_start(states[i], BANK_VALID);
		refused("f", ERR_CONFLICT, "not overwritten");
	}
	/* What runs is damaged on the medium: the other one is all there is. */
	update_host_start(BANK_VALID, BANK_VALID);
	io = boot_medium_open(0);
	assert_int_equal(fat_open(&fat, io, NULL), 0);
	assert_int_equal(fat_find(&fat, "vmlinuz", &file, NULL), 0);
	assert_int_equal(fat_where(&fat, &file, 100, &where, &len, NULL), 0);
	assert_int_equal(blkio_write(io, "#", 1, where, NULL), 0);
	blkio_close(io);
	refused("f", ERR_CONFLICT, "bank 0: 1 of its files are not good");
	tree_write("/proc/cmdline", "quiet\n", 0644);
	refused("", ERR_NOT_FOUND, "");
}

static void test_older(void **state)
{
	json_t *r;

	(void)state;
	update_host_start(BANK_VALID, BANK_VALID);
	update_host_image("0.0.1", &update_signer);
	refused("", ERR_CONFLICT, "is version 0.0.1, older than " VISOROS_VERSION);
	r = expect("df");
	assert_true(is_true(r, "older"));
	json_decref(r);
	json_decref(expect("f"));
	expect_new();
}

static void test_failed_before(void **state)
{
	struct trial t = { .outcome = TRIAL_FAILED, .reason = "hostd does not answer" };
	struct blkio *io;
	json_t *r;

	(void)state;
	update_host_start(BANK_VALID, BANK_UNKNOWN);
	boot_medium_put(1, 3, BANK_INVALID);
	io = boot_medium_open(1);
	memcpy(t.build, update_image.cfg.build, sizeof(t.build));
	assert_int_equal(trial_write(io, &t, NULL), 0);
	blkio_close(io);
	refused("", ERR_CONFLICT, "failed on this host before (hostd does not answer)");
	r = expect("f");
	assert_string_equal(json_string_value(json_object_get(r, "failed_before")),
			    "hostd does not answer");
	json_decref(r);
	expect_new();
}

static void test_no_room(void **state)
{
	unsigned char digest[SHA256_SIZE];
	struct sample large;
	struct bytes b;

	(void)state;
	update_host_start(BANK_VALID, BANK_VALID);
	sample_make(&large, 3);
	free(large.data[2]);
	large.sizes[2] = 3 << 20;
	large.data[2] = calloc(1, large.sizes[2]);
	assert_non_null(large.data[2]);
	assert_int_equal(sha256_of(large.data[2], large.sizes[2], digest), 0);
	sha256_text(digest, large.cfg.digests[2]);
	b = image_sample(&large, UPDATE_NEWER, &update_signer);
	update_host_bundle(&b);
	refused("", ERR_NO_SPACE, "are missing");
	refused("d", ERR_NO_SPACE, "are missing");
	free(b.data);
	sample_free(&large);
}

static void test_no_image(void **state)
{
	struct bytes b = sample_bundle();

	(void)state;
	update_host_start(BANK_VALID, BANK_VALID);
	tree_write(TRUST_IMAGE_POLICY, "level = unsigned\nlowest = unsigned\n", 0644);
	update_host_bundle(&b);
	refused("", ERR_INVALID, "is no image, but of type bootbank");
	tree_write(TRUST_IMAGE_POLICY, "level = partner\nlowest = unsigned\n", 0644);
	free(b.data);
}

/* Not startable, or the old or the new image as a whole; the running bank is as it was. */
static void expect_whole(bool may_be_new)
{
	struct sample_update u = { &update_old, &update_image, BANK_VALID, 0, 0, 0 };
	struct blkio *io = boot_medium_open(1);
	char why[256] = "";

	if (sample_startable_is_whole(&u, io, why) != 0 && !(may_be_new && strstr(why, " 0 files")))
		fail_msg("%s", why);
	blkio_close(io);
	compare_bank(0, false);
}

static void test_damaged(void **state)
{
	struct bytes b = image_sample(&update_image, UPDATE_NEWER, &update_signer), part;
	struct err e;

	(void)state;
	for (size_t i = 0; i < 100; i++) {
		update_host_start(BANK_VALID, BANK_VALID);
		compare_bank(0, true);
		part = b;
		part.len = b.len * i / 100;
		update_host_bundle(&part);
		assert_int_equal(run("", NULL, &e), -1);
		expect_whole(false);
		b.data[part.len] ^= 4;
		update_host_bundle(&b);
		b.data[part.len] ^= 4;
		/* All but the padding of the archive is signed or has a digest. */
		assert_int_equal(run("f", NULL, &e), -1);
		expect_whole(false);
	}
	free(b.data);
}

/* More than the archive has: found only when all files are in the bank. */
static void test_too_long(void **state)
{
	struct bytes b = image_sample(&update_image, UPDATE_NEWER, &update_signer);
	struct err e;

	(void)state;
	update_host_start(BANK_VALID, BANK_VALID);
	compare_bank(0, true);
	b.data[b.len++] = 'x'; /* bytes_of_fd() has room for one */
	update_host_bundle(&b);
	assert_int_equal(run("", NULL, &e), -1);
	assert_non_null(strstr(e.text, "bank 1 is not complete, and invalid"));
	expect_whole(false);
	free(b.data);
}

/* An update that ends by itself at that write; returns true if it came to its end before. */
static bool update_until(long n)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		struct err e;

		kill_at = n;
		_exit(run("", NULL, &e) < 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(status == 0 || (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
	return status == 0;
}

/* What is written over is newer than what runs, and was never started: it did not fail either. */
static void test_killed_over_newer(void **state)
{
	(void)state;
	for (long n = 0, done = 0; !done; n++) {
		update_host_start(BANK_VALID, BANK_UNKNOWN);
		boot_medium_put(1, 3, BANK_UPGRADING);
		done = update_until(n);
		json_decref(expect(""));
		expect_new();
	}
}

static void test_killed(void **state)
{
	bool done = false;
	long n;

	(void)state;
	for (n = 0; !done; n++) {
		update_host_start(BANK_VALID, BANK_VALID);
		compare_bank(0, true);
		done = update_until(n);
		expect_whole(true);
		/* What was left does not stand in the way of the next one. */
		json_decref(expect(""));
		expect_new();
	}
	assert_true(n > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_update),
		cmocka_unit_test(test_trust),
		cmocka_unit_test(test_progress),
		cmocka_unit_test(test_host_not_ready),
		cmocka_unit_test(test_older),
		cmocka_unit_test(test_failed_before),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_no_image),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_killed_over_newer),
		cmocka_unit_test(test_killed),
	};

	return cmocka_run_group_tests(tests, update_host_setup, update_host_teardown);
}
