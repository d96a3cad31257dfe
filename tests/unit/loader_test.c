// SPDX-License-Identifier: Apache-2.0
/* The loader on a medium against the skeleton: what is damage, and what is somebody's change. */
#include "userworld/install/loader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "tests/unit/powercut.h"
#include "tests/unit/unit.h"
#include "userworld/bank/fat_make.h"
#include "userworld/medium/blkio_part.h"

#define BIOS 8192u
#define ESP (2304u << 10)
#define CORE_AT (1u << 20)
#define ESP_AT (2u << 20)
#define SIZE (5u << 20)
#define SKELETON (GPT_SECTOR + BIOS + ESP)
#define FILE_SIZE 40000u

static const struct install_layout layout = { BIOS, ESP, 0, 0, 0 };

struct stick {
	char path[64];
	struct powercut *pc;
	struct loader l;
	uint64_t file_at, data_at; /* of the ESP's file and of its files, on the disk */
	uint8_t right[SIZE];
};

/* An ESP with one file, which begins with a folder's sector. */
static void make_esp(struct stick *s)
{
	struct fat_new_file file = { .name = "grub.efi", .size = FILE_SIZE };
	struct blkio *disk = powercut_disk(s->pc);
	struct blkio_part part;
	struct fat_plan plan;

	blkio_part(&part, disk, "esp", ESP_AT, ESP);
	assert_int_equal(fat_plan(&plan, ESP, 512, &file, 1, NULL), 0);
	assert_int_equal(fat_make(&plan, &file, 1, 1, &part.io, NULL), 0);
	s->data_at = ESP_AT + plan.data_at;
	s->file_at = ESP_AT + file.at;
	for (uint32_t i = 0; i < FILE_SIZE; i++)
		powercut_bytes(s->pc)[s->file_at + i] = (uint8_t)(i / 512 + 1);
	memcpy(powercut_bytes(s->pc) + s->file_at, ".          ", 11);
}

static void pack(struct stick *s)
{
	uint8_t *raw = malloc(SKELETON), *packed = malloc(ZSTD_compressBound(SKELETON));
	size_t len;
	FILE *f;

	assert_true(raw && packed);
	memcpy(raw, s->right, GPT_SECTOR);
	memcpy(raw + GPT_SECTOR, s->right + CORE_AT, BIOS);
	memcpy(raw + GPT_SECTOR + BIOS, s->right + ESP_AT, ESP);
	len = ZSTD_compress(packed, ZSTD_compressBound(SKELETON), raw, SKELETON, 1);
	assert_false(ZSTD_isError(len));
	f = fopen(s->path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(packed, 1, len, f), len);
	fclose(f);
	free(raw);
	free(packed);
}

static int setup(void **state)
{
	struct stick *s = calloc(1, sizeof(*s));
	int fd;

	assert_non_null(s);
	strcpy(s->path, "/tmp/loader_test.XXXXXX");
	fd = mkstemp(s->path);
	assert_true(fd >= 0);
	close(fd);
	s->pc = powercut_new(NULL, SIZE);
	memset(powercut_bytes(s->pc), 'b', INSTALL_CODE);
	memset(powercut_bytes(s->pc) + CORE_AT, 'c', BIOS / 2);
	make_esp(s);
	memcpy(s->right, powercut_bytes(s->pc), SIZE);
	powercut_mark(s->pc);
	pack(s);
	s->l = (struct loader){ .disk = powercut_disk(s->pc),
				.core_at = CORE_AT,
				.core_size = BIOS,
				.esp_at = ESP_AT,
				.esp_size = ESP,
				.skeleton = s->path };
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct stick *s = *state;

	unlink(s->path);
	powercut_free(s->pc);
	free(s);
	return 0;
}

static struct loader_report examine(struct stick *s)
{
	struct loader_report r;

	assert_int_equal(loader_examine(&s->l, &layout, &r, NULL), 0);
	return r;
}

static void test_good(void **state)
{
	struct stick *s = *state;
	struct loader_report r = examine(s);

	assert_true(loader_is_known(&r));
	assert_false(loader_is_damaged(&r));
	assert_int_equal(r.sectors[LOADER_CODE], 1);
	assert_int_equal(r.sectors[LOADER_CORE], BIOS / 2 / 512);
	assert_int_equal(r.sectors[LOADER_ESP], (FILE_SIZE + 511) / 512 - 1);
	/* Behind the loader's own bytes everybody may write. */
	powercut_bytes(s->pc)[INSTALL_CODE] = 1;
	powercut_bytes(s->pc)[CORE_AT + BIOS - 1] = 1;
	powercut_bytes(s->pc)[ESP_AT + ESP - 1] = 1;
	r = examine(s);
	assert_false(loader_is_damaged(&r));
}

static void test_damage(void **state)
{
	struct stick *s = *state;
	const uint64_t places[] = { 5, CORE_AT + 700, s->file_at + 5000 };
	struct loader_report r;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		powercut_bytes(s->pc)[places[i]] ^= 1;
		r = examine(s);
		assert_true(loader_is_known(&r) && loader_is_damaged(&r));
		assert_int_equal(loader_mend(&s->l, &layout, &r, NULL), 0);
		assert_int_equal(r.written, 1);
		assert_false(loader_is_damaged(&r));
		assert_memory_equal(powercut_bytes(s->pc), s->right, SIZE);
	}
	assert_int_equal(powercut_writes(s->pc), 3);
}

/* Of another build, or both parts are damaged: nobody can tell. */
static void test_unknown(void **state)
{
	struct stick *s = *state;
	struct loader_report r;

	powercut_bytes(s->pc)[CORE_AT] ^= 1;
	powercut_bytes(s->pc)[s->file_at + 600] ^= 1;
	r = examine(s);
	assert_false(loader_is_known(&r));
	assert_true(loader_is_damaged(&r));
}

/* Another system has put a file on the ESP. */
static void test_changed_by_somebody(void **state)
{
	struct stick *s = *state;
	struct loader_report r;

	powercut_bytes(s->pc)[s->data_at - 16000] ^= 1; /* in the root folder */
	powercut_bytes(s->pc)[s->file_at + 20] ^= 1;	/* a folder */
	r = examine(s);
	assert_true(loader_is_known(&r));
	assert_false(loader_is_damaged(&r));
	assert_int_equal(r.differ[LOADER_ESP_TABLE], 2);
	assert_int_equal(loader_mend(&s->l, &layout, &r, NULL), 0);
	assert_int_equal(powercut_writes(s->pc), 0);
}

static void test_other_sizes(void **state)
{
	struct stick *s = *state;
	struct loader_report r;
	struct err e = ERR_INIT;

	s->l.esp_size *= 2;
	assert_int_equal(loader_examine(&s->l, &layout, &r, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_good, setup, teardown),
		cmocka_unit_test_setup_teardown(test_damage, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unknown, setup, teardown),
		cmocka_unit_test_setup_teardown(test_changed_by_somebody, setup, teardown),
		cmocka_unit_test_setup_teardown(test_other_sizes, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
