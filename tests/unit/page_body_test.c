// SPDX-License-Identifier: Apache-2.0
/* The page's files as clients take them. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "cleanup.h"
#include "tests/unit/unit.h"
#include "userworld/hostd/page_body.h"

static void test_who_takes_gzip(void **state)
{
	static const struct {
		const char *header;
		bool takes;
	} cases[] = {
		{ NULL, false },
		{ "", false },
		{ "identity", false },
		{ "gzip", true },
		{ "GZIP", true },
		{ "gzip, deflate, br, zstd", true },
		{ "br;q=1.0,\tgzip ; q=0.5, *;q=0", true },
		{ "gzip;q=0", false },
		{ "gzip;q=0.000, *", false },
		{ "gzip;q=0.001", true },
		{ "*", true },
		{ "*;q=0", false },
		{ "x-gzip", false },
		{ "gzipped", false },
		{ "deflate,,gzip", true },
		{ ";;;,;q=,", false },
		{ "gzip;", true },
		{ "gzip;q=", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (page_takes_gzip(cases[i].header) != cases[i].takes)
			fail_msg("'%s'", cases[i].header ?: "no header");
}

/* As "gzip -9n" writes it. */
static size_t pack(const char *text, size_t size, unsigned char *out, size_t room)
{
	z_stream z = { .next_in = (unsigned char *)(uintptr_t)text,
		       .avail_in = (unsigned int)size,
		       .next_out = out,
		       .avail_out = (unsigned int)room };

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, MAX_WBITS + 16, 9, Z_DEFAULT_STRATEGY),
			 Z_OK);
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return room - z.avail_out;
}

static void test_unpacked_is_what_was_packed(void **state)
{
	char text[5000];
	unsigned char packed[6000];
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i * i % 23);
	for (size_t want = 0; want <= sizeof(text); want += 1250) {
		size_t len = pack(text, want, packed, sizeof(packed)), size;
		char *out = page_unpack(packed, len, &size, &e);

		assert_non_null(out);
		assert_int_equal(size, want);
		assert_memory_equal(out, text, want);
		free(out);
	}
}

static void test_what_is_damaged_is_refused(void **state)
{
	unsigned char packed[200];
	struct err e = ERR_INIT;
	size_t len = pack("a page, a page, a page", 22, packed, sizeof(packed)), size;

	(void)state;
	for (size_t cut = 0; cut < len; cut++)
		assert_null(page_unpack(packed, cut, &size, &e));
	for (size_t i = 10; i < len; i++) {
		packed[i] ^= 0x10;
		assert_null(page_unpack(packed, len, &size, &e));
		packed[i] ^= 0x10;
	}
	assert_true(e.kind == ERR_SYSTEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_who_takes_gzip),
		cmocka_unit_test(test_unpacked_is_what_was_packed),
		cmocka_unit_test(test_what_is_damaged_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
