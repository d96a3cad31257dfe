// SPDX-License-Identifier: Apache-2.0
/* What the writer makes, the reader takes; and what is damaged, the check finds. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "tardisk/check.h"
#include "tardisk/frames.h"
#include "tardisk/seal.h"
#include "tardisk/sha256.h"
#include "tardisk/writer.h"
#include "tests/unit/tar_sample.h"
#include "tests/unit/unit.h"

static int temporary(void)
{
	int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	return fd;
}

static int write_tree(struct tree *t, int level, uint32_t frame)
{
	const struct packing packing = { level, frame };
	struct err e = ERR_INIT;
	int fd = temporary();

	if (tardisk_write(fd, "sample", t, &packing, &e))
		fail_msg("%s", e.text);
	tree_free(t);
	return fd;
}

static int write_sample(void)
{
	struct tree t;

	sample_tree(&t);
	return write_tree(&t, 3, TARDISK_FRAME);
}

/* A file of 2.5 MiB that cannot be compressed, and 3000 names: several frames in both areas. */
static int write_big(uint32_t frame)
{
	static unsigned char noise[5 << 19];
	struct tree t = TREE_INIT;
	struct tree_inode *inode;
	uint64_t x = 1;
	char name[64];

	for (size_t i = 0; i < sizeof(noise); i++) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		noise[i] = (unsigned char)(x >> 56);
	}
	t.spool = temporary();
	inode = tree_inode_new(TARDISK_FILE, NULL);
	inode->size = sizeof(noise);
	assert_int_equal(pwrite(t.spool, noise, sizeof(noise), 0), sizeof(noise));
	assert_int_equal(tree_add(&t, "x/y/big", inode, NULL), 0);
	for (int i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "x/%05d", i);
		assert_int_equal(tree_add(&t, name, tree_inode_new(TARDISK_FIFO, NULL), NULL), 0);
	}
	return write_tree(&t, 1, frame);
}

/* The bytes of a file; the caller frees. */
static char *bytes_of(int fd, size_t *len)
{
	char *bytes;

	*len = (size_t)lseek(fd, 0, SEEK_END);
	bytes = malloc(*len);
	assert_int_equal(pread(fd, bytes, *len, 0), *len);
	return bytes;
}

static int check(int fd, struct err *e)
{
	struct tardisk_file t;
	int rc;

	*e = (struct err)ERR_INIT;
	if (tardisk_file_open(&t, "sample", fd, e))
		return -1;
	rc = tardisk_check(&t, e);
	tardisk_file_close(&t);
	return rc;
}

static void round_trip(void **state)
{
	static const char *const paths[] = { "a", "b", "d", "d/f" };
	struct tardisk_cursor c = { NULL, 0 };
	struct tardisk_index index;
	struct tardisk_file t;
	struct err e = ERR_INIT;
	const unsigned char *data;
	char text[64];
	int fd = write_sample();

	(void)state;
	assert_int_equal(check(fd, &e), 0);
	assert_int_equal(tardisk_file_open(&t, "sample", fd, &e), 0);
	assert_int_equal(tardisk_index_load(&t, &index, &e), 0);
	assert_int_equal(index.n, 8);
	for (size_t i = 0; i < 4; i++) {
		snprintf(text, sizeof(text), "%.*s", (int)index.entries[i].path_len,
			 index.entries[i].path);
		assert_string_equal(text, paths[i]);
	}
	assert_int_equal(tardisk_file_data(&t, &c, index.entries[0].data, 5000, &data, &e), 5000);
	for (int i = 0; i < 5000; i++)
		assert_int_equal(data[i], 'x');
	free(c.frame);
	free(index.entries);
	tardisk_file_close(&t);
	close(fd);
}

static void same_bytes(int a, int b)
{
	size_t a_len, b_len;
	char *a_bytes = bytes_of(a, &a_len), *b_bytes = bytes_of(b, &b_len);

	assert_int_equal(a_len, b_len);
	assert_memory_equal(a_bytes, b_bytes, a_len);
	free(a_bytes);
	free(b_bytes);
	close(a);
	close(b);
}

static void same_input_same_bytes(void **state)
{
	(void)state;
	same_bytes(write_sample(), write_sample());
	same_bytes(write_big(1u << 17), write_big(1u << 17));
}

static void many_frames(void **state)
{
	/* 3003 entries of a block, two each for the volume header and the end; whole pages. */
	const uint32_t headers = 1540096, data = 5 << 19;
	struct err e = ERR_INIT;
	struct tardisk_file f;

	(void)state;
	for (uint32_t frame = TARDISK_FRAME_MIN; frame <= TARDISK_FRAME; frame *= 2) {
		int fd = write_big(frame);

		if (tardisk_file_open(&f, "big", fd, &e))
			fail_msg("%s", e.text);
		assert_int_equal(f.volume.frame, frame);
		assert_int_equal(f.volume.headers, headers);
		assert_int_equal(f.header_frames, (headers + frame - 1) / frame);
		assert_int_equal(f.n_frames, f.header_frames + (data + frame - 1) / frame);
		assert_int_equal(f.volume.entries, 3003);
		assert_int_equal(f.digests.chunks, 40);
		if (tardisk_check(&f, &e))
			fail_msg("%s", e.text);
		tardisk_file_close(&f);
		close(fd);
	}
}

static struct tardisk_file opened(int fd)
{
	struct tardisk_file t;
	struct err e = ERR_INIT;

	if (tardisk_file_open(&t, "sample", fd, &e))
		fail_msg("%s", e.text);
	return t;
}

/* The root hash is that of the list, and every digest in it that of its bytes. */
static void list_of_digests(void **state)
{
	int fd = write_sample();
	struct tardisk_file t = opened(fd);
	size_t len;
	char *bytes = bytes_of(fd, &len), root[65];
	unsigned char digest[TARDISK_DIGEST], *data = malloc(TARDISK_FRAME);

	(void)state;
	assert_int_equal(t.digests.frames, t.n_frames);
	assert_int_equal(t.digests.chunks, 1);
	assert_int_equal(tardisk_chunk_size(&t.digests, 0), 3 * 4096);
	for (uint32_t i = 0; i < t.n_frames; i++) {
		assert_int_equal(sha256_of(bytes + t.frames[i].offset, t.frames[i].packed, digest),
				 0);
		assert_memory_equal(digest, t.digests.frame + i * TARDISK_DIGEST, TARDISK_DIGEST);
	}
	assert_int_equal(tardisk_file_frame(&t, t.header_frames, data, NULL), 0);
	assert_int_equal(sha256_of(data, 3 * 4096, digest), 0);
	assert_memory_equal(digest, t.digests.chunk, TARDISK_DIGEST);
	/* All between the frames and the seek table but the header of the skippable frame. */
	for (size_t at = 0; at + 4 < len; at++) {
		if (memcmp(bytes + at, "\x5d\x2a\x4d\x18", 4))
			continue;
		assert_int_equal(
			sha256_of(bytes + at + 8, len - at - 40 - t.n_frames * 8 - 17, digest), 0);
		sha256_text(digest, root);
		assert_string_equal(root, t.root_hash);
	}
	free(data);
	free(bytes);
	tardisk_file_close(&t);
	close(fd);
}

/* Each bit of the file flipped in turn: there is none that means nothing. */
static void flipped_bits(void **state)
{
	int fd = write_sample(), copy = temporary();
	struct err e;
	size_t len;
	char *bytes = bytes_of(fd, &len);

	(void)state;
	for (size_t i = 0; i < len * 8; i++) {
		bytes[i / 8] ^= (char)(1 << i % 8);
		assert_int_equal(pwrite(copy, bytes, len, 0), len);
		bytes[i / 8] ^= (char)(1 << i % 8);
		if (!check(copy, &e))
			fail_msg("bit %zu of %zu: nobody saw it", i, len * 8);
		assert_int_equal(e.kind, ERR_INVALID);
		assert_non_null(strstr(e.text, "sample: offset "));
	}
	free(bytes);
	close(fd);
	close(copy);
}

static void cut_files(void **state)
{
	int fd = write_sample();
	struct err e;
	off_t len = lseek(fd, 0, SEEK_END);

	(void)state;
	while (len-- > 0) {
		assert_int_equal(ftruncate(fd, len), 0);
		assert_int_equal(check(fd, &e), -1);
		assert_int_equal(e.kind, ERR_INVALID);
	}
	close(fd);
}

/* A tardisk from a header area and data that no writer would make. */
static int write_raw(const struct tar_sample *s, const void *data, size_t len)
{
	const struct packing packing = { 1, TARDISK_FRAME };
	struct frames *f;
	int fd = temporary();

	assert_int_equal(frames_open(&f, fd, "raw", &packing, NULL), 0);
	assert_int_equal(frames_add(f, s->base, s->len, NULL), 0);
	assert_int_equal(frames_end_headers(f, NULL), 0);
	assert_int_equal(frames_add(f, data, len, NULL), 0);
	assert_int_equal(frames_finish(f, NULL), 0);
	frames_close(f);
	return fd;
}

/* The rules that need the tree or the contents. */
static void tree_rules(void **state)
{
	static const struct {
		int entry;
		uint32_t at;
		const char *bytes;
		uint32_t len;
		const char *message;
	} bad[] = {
		{ SAMPLE_D, 0, "c", 1, "path: its directory is not listed" },
		{ SAMPLE_D, 156, "6", 1, "path: is below something that is no directory" },
		{ SAMPLE_B, 157, "z", 1, "linkname: names no earlier regular file" },
		{ SAMPLE_B, 157, "q", 1, "linkname: names no earlier regular file" },
		{ SAMPLE_B, 157, "b", 1, "linkname: names no earlier regular file" },
		{ SAMPLE_B, 157, "d", 1, "linkname: names no earlier regular file" },
	};
	static unsigned char data[3 * 4096];
	struct tar_sample s;
	struct err e;
	int fd;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		sample_make(&s);
		memcpy(s.base + s.at[bad[i].entry] + bad[i].at, bad[i].bytes, bad[i].len);
		sample_seal(s.base, s.at[bad[i].entry]);
		fd = write_raw(&s, data, sizeof(data));
		assert_int_equal(check(fd, &e), -1);
		if (!strstr(e.text, bad[i].message))
			fail_msg("%zu: %s", i, e.text);
		close(fd);
		free(s.base);
	}
}

static void padding_is_zero(void **state)
{
	static unsigned char data[3 * 4096];
	struct tar_sample s;
	struct err e;
	int fd;

	(void)state;
	sample_make(&s);
	for (size_t i = 0; i < sizeof(data); i += 1) {
		bool inside = i < 5000 || i == 8192;

		if (i % 97 && i != 4999 && i != 5000 && i != 8192 && i != 8193 && i != 8191)
			continue;
		data[i] = 1;
		fd = write_raw(&s, data, sizeof(data));
		assert_int_equal(check(fd, &e), inside ? 0 : -1);
		if (!inside)
			assert_non_null(strstr(e.text, "padding: not zero"));
		data[i] = 0;
		close(fd);
	}
	free(s.base);
}

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

static void areas_of_wrong_length(void **state)
{
	static unsigned char data[4 * 4096];
	struct tar_sample s;
	struct err e;

	(void)state;
	sample_make(&s);
	for (size_t len = 4096; len <= sizeof(data); len += 4096) {
		int fd = write_raw(&s, data, len);

		assert_int_equal(check(fd, &e), len == 3 * 4096 ? 0 : -1);
		close(fd);
	}
	free(s.base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list_of_digests),
		cmocka_unit_test(round_trip),
		cmocka_unit_test(same_input_same_bytes),
		cmocka_unit_test(many_frames),
		cmocka_unit_test(flipped_bits),
		cmocka_unit_test(cut_files),
		cmocka_unit_test(tree_rules),
		cmocka_unit_test(padding_is_zero),
		cmocka_unit_test(areas_of_wrong_length),
		cmocka_unit_test(frame_rules),
		cmocka_unit_test(window_of_a_small_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
