// SPDX-License-Identifier: Apache-2.0
/* Frames that zstd would take, but the format does not. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "tardisk/layout.h"
#include "tardisk/seal.h"
#include "tardisk/sha256.h"
#include "tests/unit/unit.h"
#include "tests/unit/writer_sample.h"

static void put32(unsigned char *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(v >> (8 * i));
}

/* A file of one frame that holds size bytes of headers. */
static int write_one(const void *frame, size_t packed, uint32_t size)
{
	unsigned char table[25] = { 0 }, digest[TARDISK_DIGEST];
	struct seal seal = SEAL_INIT;
	unsigned char *list;
	int fd = temporary();
	size_t len;

	put32(table, 0x184D2A5E);
	put32(table + 4, 17);
	put32(table + 8, (uint32_t)packed);
	put32(table + 12, size);
	put32(table + 16, 1);
	put32(table + 21, 0x8F92EAB1);
	assert_int_equal(sha256_of(frame, packed, digest), 0);
	assert_int_equal(seal_add(&seal.frames, digest, NULL), 0);
	seal.packed = packed;
	seal.headers = size;
	list = seal_list(&seal, &len, NULL);
	assert_int_equal(write(fd, frame, packed), packed);
	assert_int_equal(write(fd, list, len), len);
	assert_int_equal(write(fd, table, sizeof(table)), sizeof(table));
	free(list);
	seal_free(&seal);
	return fd;
}

/* A frame made by hand: 8192 bytes as they are, no compression. */
static int write_frame(unsigned char flags, unsigned char window, uint32_t stated)
{
	unsigned char frame[13 + 8192 + 4] = { 0 };

	put32(frame, 0xFD2FB528);
	frame[4] = flags;
	frame[5] = window;
	put32(frame + 6, stated);
	put32(frame + 10, 8192 << 3 | 1);
	return write_one(frame, sizeof(frame) - 4 + (flags & 4), 8192);
}

/* What zstd would take, but the format does not. */
static void frame_rules(void **state)
{
	static const struct {
		unsigned char flags, window;
		uint32_t stated;
		const char *message;
	} bad[] = {
		{ 0x84, 0x50, 8192, "frame 0: Restored data doesn't match checksum" },
		{ 0x80, 0x50, 8192, "frame 0: has no checksum" },
		{ 0x84, 0x51, 8192, "frame 0: has a window larger than a frame" },
		{ 0x84, 0x50, 8191, "frame 0: states another content size" },
		{ 0x8c, 0x50, 8192, "frame 0: is no zstd frame" },
	};
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int fd = write_frame(bad[i].flags, bad[i].window, bad[i].stated);

		assert_int_equal(check(fd, &e), -1);
		if (!strstr(e.text, bad[i].message))
			fail_msg("%zu: %s", i, e.text);
		close(fd);
	}
}

/* A tardisk without entries: its one frame with a window stated, which zstd itself leaves out. */
static int write_window(uint32_t frame, unsigned char window)
{
	struct layout layout;
	struct tree t = TREE_INIT;
	unsigned char packed[8192];
	ZSTD_CCtx *zstd = ZSTD_createCCtx();
	size_t len;
	int fd;

	assert_int_equal(layout_tree(&t, frame, &layout, NULL), 0);
	assert_int_equal(layout.len, 4096);
	ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1);
	len = ZSTD_compress2(zstd, packed, sizeof(packed) - 1, layout.headers, layout.len);
	assert_false(ZSTD_isError(len));
	/* "Content size in two bytes, no window, checksum" becomes the same with a window. */
	assert_int_equal(packed[4], 0x64);
	packed[4] = 0x44;
	memmove(packed + 6, packed + 5, len - 5);
	packed[5] = window;
	fd = write_one(packed, len + 1, layout.len);
	ZSTD_freeCCtx(zstd);
	free(layout.headers);
	tree_free(&t);
	return fd;
}

/* The window of the first frame is looked at again when the size of frames is known. */
static void window_of_a_small_frame(void **state)
{
	static const struct {
		uint32_t frame;
		unsigned char window; /* exponent less 10, eighths */
		const char *message;  /* NULL: sound */
	} cases[] = {
		{ 1u << 16, 6 << 3, NULL },
		{ 1u << 16, 6 << 3 | 1, "frame 0: has a window larger than a frame" },
		{ 1u << 16, 10 << 3, "frame 0: has a window larger than a frame" },
		{ 1u << 17, 7 << 3, NULL },
		{ 1u << 17, 7 << 3 | 1, "frame 0: has a window larger than a frame" },
		{ 1u << 20, 10 << 3, NULL },
	};
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int fd = write_window(cases[i].frame, cases[i].window);
		int rc = check(fd, &e);

		if (rc != (cases[i].message ? -1 : 0) || (rc && !strstr(e.text, cases[i].message)))
			fail_msg("%zu: %d: %s", i, rc, e.text);
		close(fd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frame_rules),
		cmocka_unit_test(window_of_a_small_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
