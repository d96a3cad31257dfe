// SPDX-License-Identifier: Apache-2.0
/* What the writer makes, the reader takes; and every digest in it is that of its bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tardisk/check.h"
#include "tardisk/sha256.h"
#include "tests/unit/unit.h"
#include "tests/unit/writer_sample.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list_of_digests),
		cmocka_unit_test(round_trip),
		cmocka_unit_test(same_input_same_bytes),
		cmocka_unit_test(many_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
