// SPDX-License-Identifier: Apache-2.0
#include <stdlib.h>
#include <string.h>

#include "tardisk/tar.h"
#include "tests/unit/unit.h"

#define MIB TARDISK_FRAME

static void put32(unsigned char *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(v >> (8 * i));
}

/* A header area of 4096 bytes, data of 1 MiB and 8192 bytes: three frames. */
static const uint32_t sample[][2] = { { 100, 4096 }, { 200, MIB }, { 300, 8192 } };

#define BYTES (8u + 3 * 8 + 9)
#define DIGESTS (TARDISK_DIGESTS_WRAP + TARDISK_DIGESTS_HEADER + 4 * TARDISK_DIGEST)
#define FILE_SIZE (600u + DIGESTS + BYTES)

static void make(unsigned char table[BYTES])
{
	put32(table, 0x184D2A5E);
	put32(table + 4, BYTES - 8);
	for (int i = 0; i < 3; i++) {
		put32(table + 8 + 8 * i, sample[i][0]);
		put32(table + 12 + 8 * i, sample[i][1]);
	}
	put32(table + BYTES - 9, 3);
	table[BYTES - 5] = 0;
	put32(table + BYTES - 4, 0x8F92EAB1);
}

static int init(const unsigned char *table, uint64_t file_size)
{
	struct tardisk_error error = { 0 };
	struct tardisk_seek seek;
	int rc = tardisk_seek_init(&seek, table, BYTES, file_size, &error);

	if (rc) {
		assert_string_equal(error.field, "seek table");
		assert_non_null(error.what);
	}
	return rc;
}

static void good_table(void **state)
{
	struct tardisk_frame frame = { 0 };
	struct tardisk_error error;
	struct tardisk_seek seek;
	unsigned char table[BYTES];
	uint32_t bytes, cursor = 0;
	uint64_t offset = 0;

	(void)state;
	make(table);
	assert_int_equal(tardisk_seek_size(table + BYTES - 9, FILE_SIZE, &bytes, &error), 0);
	assert_int_equal(bytes, BYTES);
	assert_int_equal(tardisk_seek_init(&seek, table, bytes, FILE_SIZE, &error), 0);
	assert_int_equal(seek.frames, 3);
	assert_int_equal(seek.packed, 600);
	assert_int_equal(seek.digests, DIGESTS);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(tardisk_seek_next(&seek, &cursor, &frame), 1);
		assert_int_equal(frame.offset, offset);
		assert_int_equal(frame.packed, sample[i][0]);
		assert_int_equal(frame.size, sample[i][1]);
		offset += frame.packed;
	}
	assert_int_equal(tardisk_seek_next(&seek, &cursor, &frame), 0);
}

static void broken_tables(void **state)
{
	static const struct {
		uint32_t at, value;
	} bad[] = {
		{ 0, 0x184D2A5F },
		{ 4, BYTES - 9 },
		{ 8, 0 },   /* compressed size */
		{ 8, 101 }, /* sum: no room for the digest list */
		{ 8, TARDISK_MAX_PACKED + 1 },
		{ 8, 0xffffffff },
		{ 12, 0 }, /* content size */
		{ 12, MIB + 1 },
		{ BYTES - 9, 0 }, /* frame count */
		{ BYTES - 9, 2 },
		{ BYTES - 9, 4 },
		{ BYTES - 9, TARDISK_MAX_FRAMES + 1 },
		{ BYTES - 9, 0xffffffff },
		{ BYTES - 5, 0x92EAB180 }, /* descriptor: checksums */
		{ BYTES - 5, 0x92EAB101 },
		{ BYTES - 4, 0x8F92EAB0 },
	};
	unsigned char table[BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		make(table);
		put32(table + bad[i].at, bad[i].value);
		if (!init(table, FILE_SIZE))
			fail_msg("table %zu was accepted", i);
	}
	make(table);
	assert_int_equal(init(table, FILE_SIZE), 0);
	assert_int_equal(init(table, 600ull + TARDISK_MAX_DIGESTS + BYTES), 0);
	assert_int_equal(init(table, 601ull + TARDISK_MAX_DIGESTS + BYTES), -1);
	assert_int_equal(init(table, FILE_SIZE - 1), -1);
	assert_int_equal(init(table, BYTES), -1);
	assert_int_equal(init(table, BYTES - 1), -1);
	assert_int_equal(init(table, 0), -1);
}

static void short_files(void **state)
{
	struct tardisk_error error;
	struct tardisk_seek seek;
	unsigned char table[BYTES];
	uint32_t bytes;

	(void)state;
	make(table);
	for (uint64_t size = 0; size <= BYTES; size++)
		assert_int_equal(tardisk_seek_size(table + BYTES - 9, size, &bytes, &error), -1);
	for (uint32_t len = 0; len < BYTES; len++)
		assert_int_equal(
			tardisk_seek_init(&seek, table + BYTES - len, len, FILE_SIZE, &error), -1);
}

static void frames_and_areas(void **state)
{
	static const struct {
		struct tardisk_volume volume;
		int rc;
	} cases[] = {
		{ { 1, 4096, 4096 + MIB + 8192, MIB }, 0 },
		{ { 1, 4096, 4096 + MIB + 4096, MIB }, -1 },
		{ { 1, 4096, 4096 + MIB + 12288, MIB }, -1 },
		{ { 1, 4096, 4096 + 2 * MIB, MIB }, -1 },
		{ { 1, 4096, 4096, MIB }, -1 },
		{ { 1, 8192, 8192 + MIB + 8192, MIB }, -1 },
		{ { 1, 4096 + MIB, 4096 + MIB + 8192, MIB }, -1 },
	};
	struct tardisk_error error;
	struct tardisk_seek seek;
	unsigned char table[BYTES];
	uint32_t headers;

	(void)state;
	make(table);
	assert_int_equal(tardisk_seek_init(&seek, table, BYTES, FILE_SIZE, &error), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int rc = tardisk_seek_match(&seek, &cases[i].volume, &headers, &error);

		assert_int_equal(rc, cases[i].rc);
		if (!rc)
			assert_int_equal(headers, 1);
	}
	/* The last frame is full, and one more should follow. */
	put32(table + 28, MIB);
	assert_int_equal(
		tardisk_seek_match(&seek, &(struct tardisk_volume){ 1, 4096, 4096 + 2 * MIB, MIB },
				   &headers, &error),
		0);
	assert_int_equal(
		tardisk_seek_match(&seek, &(struct tardisk_volume){ 1, 4096, 8192 + 2 * MIB, MIB },
				   &headers, &error),
		-1);
	put32(table + 28, 8192);
	/* Headers over two frames, no data; and a full last header frame. */
	put32(table + 12, MIB);
	put32(table + 20, MIB);
	assert_int_equal(tardisk_seek_match(
				 &seek,
				 &(struct tardisk_volume){ 1, 2 * MIB + 8192, 2 * MIB + 8192, MIB },
				 &headers, &error),
			 0);
	assert_int_equal(headers, 3);
	assert_int_equal(tardisk_seek_match(
				 &seek, &(struct tardisk_volume){ 1, 2 * MIB, 2 * MIB + 8192, MIB },
				 &headers, &error),
			 0);
	assert_int_equal(headers, 2);
}

/* The same frames, where a full one has 64 KiB. */
static void smaller_frames(void **state)
{
	struct tardisk_volume volume = { 1, 4096, 4096 + 65536 + 8192, 65536 };
	const uint64_t file_size = FILE_SIZE - 200 + TARDISK_PACKED(65536u);
	struct tardisk_error error;
	struct tardisk_seek seek;
	unsigned char table[BYTES];
	uint32_t headers;

	(void)state;
	make(table);
	put32(table + 16, TARDISK_PACKED(65536u));
	put32(table + 20, 65536);
	assert_int_equal(tardisk_seek_init(&seek, table, BYTES, file_size, &error), 0);
	assert_int_equal(tardisk_seek_match(&seek, &volume, &headers, &error), 0);
	assert_int_equal(headers, 1);
	volume.frame = 131072;
	assert_int_equal(tardisk_seek_match(&seek, &volume, &headers, &error), -1);
	assert_string_equal(error.what, "has a frame that is not the size its place demands");
	volume.frame = 65536;
	put32(table + 16, TARDISK_PACKED(65536u) + 1);
	assert_int_equal(tardisk_seek_init(&seek, table, BYTES, file_size + 1, &error), 0);
	assert_int_equal(tardisk_seek_match(&seek, &volume, &headers, &error), -1);
	assert_string_equal(error.what, "has a frame that is larger than its content can be");
	assert_int_equal(error.offset, 100);
}

/* The largest tardisk of the smallest frames, neither area ending in a full one. */
static void most_frames(void **state)
{
	struct tardisk_volume volume = { 1, 4096, TARDISK_MAX_SIZE, TARDISK_FRAME_MIN };
	const uint32_t bytes = 8 + TARDISK_MAX_FRAMES * 8 + 9;
	const uint64_t file_size = TARDISK_MAX_FRAMES * 100ull + TARDISK_MAX_DIGESTS + bytes;
	uint64_t left = TARDISK_MAX_SIZE - 4096;
	unsigned char *table = calloc(1, bytes), *p = table + 8;
	struct tardisk_error error;
	struct tardisk_seek seek;
	uint32_t headers;

	(void)state;
	put32(table, 0x184D2A5E);
	put32(table + 4, bytes - 8);
	for (uint32_t i = 0; i < TARDISK_MAX_FRAMES; i++, p += 8) {
		uint32_t size = !i ? 4096 : left < 65536 ? (uint32_t)left : 65536;

		put32(p, 100);
		put32(p + 4, size);
		left -= i ? size : 0;
	}
	put32(p, TARDISK_MAX_FRAMES);
	put32(p + 5, 0x8F92EAB1);
	assert_int_equal(left, 0);
	assert_int_equal(tardisk_seek_init(&seek, table, bytes, file_size, &error), 0);
	assert_int_equal(tardisk_seek_match(&seek, &volume, &headers, &error), 0);
	free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_table),	  cmocka_unit_test(broken_tables),
		cmocka_unit_test(short_files),	  cmocka_unit_test(frames_and_areas),
		cmocka_unit_test(smaller_frames), cmocka_unit_test(most_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
