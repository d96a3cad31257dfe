// SPDX-License-Identifier: Apache-2.0
/* The parser of the digest list: each field of it wrong, and lists of all lengths. */
#include <stdlib.h>
#include <string.h>

#include "tardisk/seal.h"
#include "tardisk/tar.h"
#include "tests/unit/unit.h"

#define CHUNK TARDISK_CHUNK

static void put32(unsigned char *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(v >> (8 * i));
}

/* Two frames, a header area of 4096 bytes, two chunks and a half of data. */
static const struct tardisk_volume volume = { 1, 4096, 4096 + 2 * CHUNK + 8192, TARDISK_FRAME };

static unsigned char *make(struct tardisk_seek *seek)
{
	struct seal s = SEAL_INIT;
	unsigned char digest[TARDISK_DIGEST], *list;
	size_t len;

	for (int i = 0; i < 5; i++) {
		memset(digest, 'a' + i, sizeof(digest));
		assert_int_equal(seal_add(i < 2 ? &s.frames : &s.chunks, digest, NULL), 0);
	}
	s.packed = 1000;
	s.headers = 4096;
	s.data = 2 * CHUNK + 8192;
	list = seal_list(&s, &len, NULL);
	*seek = (struct tardisk_seek){ .frames = 2, .packed = 1000, .digests = (uint32_t)len };
	seal_free(&s);
	return list;
}

static int init(struct tardisk_digests *d, const unsigned char *list,
		const struct tardisk_seek *seek)
{
	struct tardisk_error error = { 0 };
	int rc = tardisk_digests_init(d, list, seek, &error);

	if (!rc)
		rc = tardisk_digests_match(d, seek, &volume, &error);
	if (rc) {
		assert_string_equal(error.field, "digest list");
		assert_non_null(error.what);
		assert_in_range(error.offset, seek->packed, seek->packed + 56);
	}
	return rc;
}

static void good_list(void **state)
{
	struct tardisk_digests d;
	struct tardisk_seek seek;
	unsigned char *list = make(&seek);

	(void)state;
	assert_int_equal(seek.digests, 8 + 48 + 6 * 32);
	assert_int_equal(init(&d, list, &seek), 0);
	assert_int_equal(d.frames, 2);
	assert_int_equal(d.chunks, 3);
	assert_int_equal(d.frame[0], 'a');
	assert_int_equal(d.frame[32], 'b');
	assert_int_equal(d.chunk[0], 'c');
	assert_int_equal(d.chunk[95], 'e');
	assert_ptr_equal(d.covered, list + 8);
	assert_int_equal(d.covered_len, 48 + 5 * 32);
	assert_ptr_equal(d.root, list + seek.digests - 32);
	assert_int_equal(tardisk_chunk_size(&d, 0), CHUNK);
	assert_int_equal(tardisk_chunk_size(&d, 1), CHUNK);
	assert_int_equal(tardisk_chunk_size(&d, 2), 8192);
	free(list);
}

/* No field may have another value: each byte of the header is changed to three others. */
static void broken_fields(void **state)
{
	static const unsigned char masks[] = { 0x01, 0x80, 0xff };
	struct tardisk_digests d;
	struct tardisk_seek seek;
	unsigned char *list = make(&seek);

	(void)state;
	for (size_t at = 0; at < 56; at++) {
		for (size_t i = 0; i < sizeof(masks); i++) {
			list[at] ^= masks[i];
			if (!init(&d, list, &seek))
				fail_msg("byte %zu changed by %x was accepted", at, masks[i]);
			list[at] ^= masks[i];
		}
	}
	free(list);
}

/* Values that would overflow a sum or a product. */
static void extreme_fields(void **state)
{
	static const uint32_t fields[] = { 4, 32, 36, 40, 44, 48 };
	static const uint32_t values[] = { 0,	       1,	   0x07ffffff, 0x08000000,
					   0x08000003, 0x10000003, 0x7fffffff, 0x80000000,
					   0xfffff000, 0xffffffff };
	struct tardisk_digests d;
	struct tardisk_seek seek;

	(void)state;
	for (size_t f = 0; f < sizeof(fields) / sizeof(fields[0]); f++) {
		for (size_t v = 0; v < sizeof(values) / sizeof(values[0]); v++) {
			unsigned char *list = make(&seek);

			put32(list + fields[f], values[v]);
			if (f == 2 && !values[v]) /* upper half of a size, 0 already */
				assert_int_equal(init(&d, list, &seek), 0);
			else
				assert_int_equal(init(&d, list, &seek), -1);
			free(list);
		}
	}
}

/* The list is as long as what lies between the frames and the seek table. */
static void other_lengths(void **state)
{
	struct tardisk_digests d;
	struct tardisk_seek seek;
	unsigned char *list = make(&seek);
	uint32_t right = seek.digests;

	(void)state;
	for (uint32_t len = 8 + 48 + 3 * 32; len < right + 200; len++) {
		unsigned char *copy = calloc(1, len);

		memcpy(copy, list, len < right ? len : right);
		put32(copy + 4, len - 8);
		seek.digests = len;
		assert_int_equal(init(&d, copy, &seek), len == right ? 0 : -1);
		free(copy);
	}
	free(list);
}

static void another_table(void **state)
{
	struct tardisk_digests d;
	struct tardisk_seek seek;
	unsigned char *list = make(&seek);

	(void)state;
	seek.frames = 3;
	assert_int_equal(init(&d, list, &seek), -1);
	seek.frames = 2;
	seek.packed = 1001;
	assert_int_equal(init(&d, list, &seek), -1);
	free(list);
}

/* No data area at all: no chunks. */
static void headers_only(void **state)
{
	struct tardisk_volume none = { 0, 4096, 4096, TARDISK_FRAME };
	struct tardisk_seek seek = { .frames = 1, .packed = 50 };
	struct seal s = { .packed = 50, .headers = 4096 };
	unsigned char digest[TARDISK_DIGEST] = { 0 }, *list;
	struct tardisk_digests d;
	struct tardisk_error error;
	size_t len;

	(void)state;
	assert_int_equal(seal_add(&s.frames, digest, NULL), 0);
	list = seal_list(&s, &len, NULL);
	seek.digests = (uint32_t)len;
	assert_int_equal(tardisk_digests_init(&d, list, &seek, &error), 0);
	assert_int_equal(tardisk_digests_match(&d, &seek, &none, &error), 0);
	assert_int_equal(d.chunks, 0);
	seal_free(&s);
	free(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_list),	  cmocka_unit_test(broken_fields),
		cmocka_unit_test(extreme_fields), cmocka_unit_test(other_lengths),
		cmocka_unit_test(another_table),  cmocka_unit_test(headers_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
