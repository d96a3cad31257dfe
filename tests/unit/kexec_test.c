// SPDX-License-Identifier: Apache-2.0
/* A restart without the firmware: what the kernel is given, and when it is not asked at all. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/boot_medium.h"
#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/boot/boot.h"
#include "userworld/core/boot/kexec.h"

#define MEMORY "MemTotal: 999999 kB\nMemAvailable: %u kB\n"

/* What the kernel was given last. */
static struct {
	unsigned int loads, forgets;
	int error; /* of the next call, 0: none */
	size_t kernel_len, modules_len;
	unsigned char *kernel, *modules;
	char line[KEXEC_LINE];
} given;

static unsigned char *all_of(int fd, size_t *len)
{
	struct stat st;
	unsigned char *data;

	assert_int_equal(fstat(fd, &st), 0);
	*len = (size_t)st.st_size;
	data = malloc(*len + 1);
	assert_int_equal(pread(fd, data, *len, 0), (ssize_t)*len);
	return data;
}

static void forget_given(void)
{
	free(given.kernel);
	free(given.modules);
	memset(&given, 0, sizeof(given));
}

int __wrap_kexec_call(int kernel, int initrd, const char *line);

int __wrap_kexec_call(int kernel, int initrd, const char *line)
{
	if (kernel < 0) {
		given.forgets++;
		return 0;
	}
	if (given.error) {
		errno = given.error;
		return -1;
	}
	given.loads++;
	given.kernel = all_of(kernel, &given.kernel_len);
	given.modules = all_of(initrd, &given.modules_len);
	snprintf(given.line, sizeof(given.line), "%s", line);
	return 0;
}

static void memory(unsigned int kib)
{
	char text[100];

	snprintf(text, sizeof(text), MEMORY, kib);
	tree_write("/proc/meminfo", text, 0444);
}

static int setup(void **state)
{
	int rc = tree_setup(state);

	boot_medium_make();
	return rc;
}

/* Bank 0 runs and is confirmed; the other one is newer, and in that state. */
static void start_with(int other)
{
	tree_write("/proc/cmdline", "quiet visoros.bank=" BOOT_MEDIUM_GUID "aaaa\n", 0644);
	memory(64 << 10);
	boot_medium_put(0, 1, BANK_VALID);
	boot_medium_put(1, 2, other);
}

static int bank_state(unsigned int bank)
{
	struct banks *b = NULL;
	int state;

	assert_int_equal(boot_look(&b, NULL), 0);
	state = b->bank[bank].cfg.state;
	free(b);
	return state;
}

/* Kernel and modules, each of them at a multiple of 4, are those of a sample. */
static void expect_sample(unsigned int number, const char *guid)
{
	struct sample s;
	size_t at = 0;
	char tail[100];

	sample_make(&s, number);
	assert_int_equal(given.kernel_len, s.sizes[0]);
	assert_memory_equal(given.kernel, s.data[0], s.sizes[0]);
	for (size_t i = 1; i < SAMPLE_FILES; i++) {
		assert_true(at % 4 == 0 && at + s.sizes[i] <= given.modules_len);
		assert_memory_equal(given.modules + at, s.data[i], s.sizes[i]);
		at += (s.sizes[i] + 3u) & ~3u;
	}
	assert_int_equal(at, given.modules_len);
	snprintf(tail, sizeof(tail), " visoros.modules=base.v00 visoros.bank=%s", guid);
	assert_memory_equal(given.line, s.cfg.options, strlen(s.cfg.options));
	assert_string_equal(given.line + strlen(s.cfg.options), tail);
	sample_free(&s);
	forget_given();
}

static void test_what_the_loader_would_start(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	start_with(BANK_INVALID);
	assert_int_equal(kexec_load(&e), 0);
	expect_sample(1, BOOT_MEDIUM_GUID "aaaa");
	assert_int_equal(bank_state(0), BANK_VALID);
	assert_int_equal(bank_state(1), BANK_INVALID);
}

/* An update's first start is one on trial, whoever starts it. */
static void test_first_start(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	start_with(BANK_UPGRADING);
	assert_int_equal(kexec_load(&e), 0);
	expect_sample(2, BOOT_MEDIUM_GUID "bbbb");
	assert_int_equal(bank_state(1), BANK_DIRTY);
	/* The next one goes back, as the loader would. */
	assert_int_equal(kexec_load(&e), 0);
	expect_sample(1, BOOT_MEDIUM_GUID "aaaa");
	assert_int_equal(bank_state(1), BANK_INVALID);
}

static void refused(enum err_kind kind, const char *words)
{
	struct err e = ERR_INIT;

	assert_int_equal(kexec_load(&e), -1);
	assert_int_equal(e.kind, kind);
	if (!strstr(e.text, words))
		fail_msg("'%s' is not in '%s'", words, e.text);
	assert_int_equal(given.loads, 0);
}

static void damage_kernel(unsigned int bank)
{
	struct blkio *io = boot_medium_open(bank);
	struct fat_file file;
	unsigned char byte;
	static struct fat fat;
	uint64_t where;
	uint32_t len;

	assert_int_equal(fat_open(&fat, io, NULL), 0);
	assert_int_equal(fat_find(&fat, "vmlinuz", &file, NULL), 0);
	assert_int_equal(fat_where(&fat, &file, 1000, &where, &len, NULL), 0);
	assert_int_equal(blkio_read(io, &byte, 1, where, NULL), 0);
	byte ^= 4;
	assert_int_equal(blkio_write(io, &byte, 1, where, NULL), 0);
	blkio_close(io);
}

/* Nothing is changed by what is refused. */
static void test_refused(void **state)
{
	(void)state;
	start_with(BANK_UPGRADING);
	memory(16 << 10);
	refused(ERR_NO_SPACE, "bank 1 cannot be started from here: ");
	refused(ERR_NO_SPACE, " MiB of memory are missing");
	memory(64 << 10);
	given.error = EPERM;
	refused(ERR_CONFLICT, "does not take the next one: Operation not permitted; restart "
			      "through the firmware");
	given.error = 0;
	assert_int_equal(bank_state(1), BANK_UPGRADING);
	damage_kernel(1);
	refused(ERR_CONFLICT, "of the bank is not good");
	assert_int_equal(bank_state(1), BANK_UPGRADING);
	tree_write("/proc/cmdline", "quiet visoros.boot=http://x/y\n", 0644);
	refused(ERR_NOT_FOUND, "");
}

static void test_line(void **state)
{
	static struct bootcfg cfg;
	char line[KEXEC_LINE];
	struct err e = ERR_INIT;

	(void)state;
	cfg.n_modules = 3;
	strcpy(cfg.modules[0], "stage0.img");
	strcpy(cfg.modules[1], "base.v00");
	strcpy(cfg.modules[2], "drivers.v00");
	assert_int_equal(kexec_line(&cfg, "abc", line, &e), 0);
	assert_string_equal(line, "visoros.modules=base.v00,drivers.v00 visoros.bank=abc");
	memset(cfg.options, 'x', sizeof(cfg.options) - 1);
	assert_int_equal(kexec_line(&cfg, "abc", line, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_the_loader_would_start),
		cmocka_unit_test(test_first_start),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_line),
	};

	return cmocka_run_group_tests(tests, setup, tree_teardown);
}
