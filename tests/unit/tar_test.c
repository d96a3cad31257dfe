// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tardisk/tar.h"
#include "tests/unit/tar_sample.h"
#include "tests/unit/unit.h"

static int set_up(void **state)
{
	struct tar_sample *s = calloc(1, sizeof(*s));

	sample_make(s);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct tar_sample *s = *state;

	free(s->base);
	free(s);
	return 0;
}

/* Reads everything; 0 at a correct end. */
static int read_all(const void *base, uint32_t len, struct tardisk_error *error)
{
	struct tardisk_reader r;
	struct tardisk_entry entry;
	struct tardisk_xattr xattr;
	uint32_t cursor;
	int more;

	if (tardisk_reader_init(&r, base, len)) {
		*error = r.error;
		return -1;
	}
	while ((more = tardisk_next(&r, &entry)) > 0) {
		cursor = 0;
		while (tardisk_next_xattr(&entry, &cursor, &xattr))
			;
	}
	*error = r.error;
	return more;
}

static void next(struct tardisk_reader *r, struct tardisk_entry *entry, enum tardisk_type type,
		 const char *path)
{
	assert_int_equal(tardisk_next(r, entry), 1);
	assert_int_equal(entry->type, type);
	assert_int_equal(entry->path_len, strlen(path));
	assert_memory_equal(entry->path, path, strlen(path));
}

static void good_archive(void **state)
{
	const struct tar_sample *s = *state;
	struct tardisk_reader r;
	struct tardisk_entry entry;

	assert_int_equal(tardisk_reader_init(&r, s->base, s->len), 0);
	assert_int_equal(r.volume.entries, 8);
	assert_int_equal(r.volume.headers, s->len);
	assert_int_equal(r.volume.size, s->len + 3 * 4096);
	assert_int_equal(r.volume.frame, TARDISK_FRAME);
	next(&r, &entry, TARDISK_FILE, "a");
	assert_int_equal(entry.mode, 04755);
	assert_int_equal(entry.uid, 10);
	assert_int_equal(entry.gid, 20);
	assert_int_equal(entry.size, 5000);
	assert_int_equal(entry.data, s->len);
	assert_int_equal(entry.mtime, 1700000000);
	assert_int_equal(entry.mtime_ns, 999999999);
	next(&r, &entry, TARDISK_HARDLINK, "b");
	assert_int_equal(entry.link_len, 1);
	assert_memory_equal(entry.link, "a", 1);
	assert_int_equal(entry.size, 0);
	next(&r, &entry, TARDISK_DIR, "d");
	next(&r, &entry, TARDISK_FILE, "d/f");
	assert_int_equal(entry.data, s->len + 2 * 4096);
	assert_int_equal(tardisk_next(&r, &entry), 1);
	assert_int_equal(entry.type, TARDISK_SYMLINK);
	assert_int_equal(entry.path_len, 150);
	assert_int_equal(entry.link_len, 150);
	next(&r, &entry, TARDISK_CHAR, "n");
	assert_int_equal(entry.major, 1);
	assert_int_equal(entry.minor, 3);
	next(&r, &entry, TARDISK_FIFO, "p");
	next(&r, &entry, TARDISK_FILE, "z");
	assert_int_equal(entry.mode, 01644);
	assert_int_equal(entry.data, 0);
	assert_int_equal(tardisk_next(&r, &entry), 0);
}

static void xattrs(void **state)
{
	const struct tar_sample *s = *state;
	struct tardisk_xattr x;
	struct tardisk_reader r;
	struct tardisk_entry entry;
	uint32_t cursor = 0;

	assert_int_equal(tardisk_reader_init(&r, s->base, s->len), 0);
	for (int i = 0; i <= SAMPLE_F; i++)
		assert_int_equal(tardisk_next(&r, &entry), 1);
	assert_int_equal(tardisk_next_xattr(&entry, &cursor, &x), 1);
	assert_int_equal(x.name_len, 8);
	assert_memory_equal(x.name, "user.one", 8);
	assert_int_equal(tardisk_next_xattr(&entry, &cursor, &x), 1);
	assert_memory_equal(x.name, "user.two", 8);
	assert_int_equal(x.value_len, 3);
	assert_memory_equal(x.value, "2\n\0", 3);
	assert_int_equal(tardisk_next_xattr(&entry, &cursor, &x), 0);
}

#define VOLUME 512u /* offset of the volume's records */

/* One rule broken: bytes put at a place of an entry, and what must be said about it. */
struct damage {
	int entry; /* SAMPLE_*, or one of the below */
	uint32_t at;
	const char *bytes;
	uint32_t len;
	const char *field;
	const char *what; /* NULL: not compared */
};

enum { IN_VOLUME = -1, IN_RECORDS = -2, IN_PAX = -3, IN_PAX_RECORDS = -4, IN_END = -5 };

#define B(s) s, sizeof(s) - 1

static const struct damage damages[] = {
	{ SAMPLE_A, 257, B("ustar "), "magic", "wrong" },
	{ SAMPLE_A, 263, B("00"), "magic", "wrong" },
	{ SAMPLE_A, 265, B("root"), "uname", "not empty" },
	{ SAMPLE_A, 328, B("x"), "uname", "not empty" },
	{ SAMPLE_A, 345, B("x"), "prefix", "not empty" },
	{ SAMPLE_A, 495, B("x"), "prefix", "not empty" },
	{ SAMPLE_A, 511, B("x"), "unused bytes", "not zero" },
	{ SAMPLE_A, 100, B("0010000"), "mode", NULL },
	{ SAMPLE_A, 100, B("    755"), "mode", NULL },
	{ SAMPLE_A, 100, B("000755 "), "mode", NULL },
	{ SAMPLE_A, 107, B(" "), "mode", NULL },
	{ SAMPLE_A, 108, B("000008"), "uid", NULL },
	{ SAMPLE_A, 108, B("\x80"), "uid", NULL },
	{ SAMPLE_A, 116, B("-1"), "gid", NULL },
	{ SAMPLE_A, 124, B("\x80"), "size", "malformed" },
	{ SAMPLE_A, 124, B("77777777777"), "size", "beyond VISOR.size" },
	{ SAMPLE_A, 124, B("00000030001"), "size", "beyond VISOR.size" },
	{ SAMPLE_A, 136, B("9"), "mtime", NULL },
	{ SAMPLE_A, 156, B("7"), "type", NULL },
	{ SAMPLE_A, 156, B("g"), "type", NULL },
	{ SAMPLE_A, 156, B("\0"), "type", NULL },
	{ SAMPLE_A, 156, B("5"), "size", "not 0, but this is no file" },
	{ SAMPLE_A, 157, B("x"), "linkname", "not empty, but this is no link" },
	{ SAMPLE_A, 329, B("0000001"), "devmajor", NULL },
	{ SAMPLE_A, 500, B("\x00\xca\x9a\x3b"), "mtime_ns", "out of range" },
	{ SAMPLE_A, 496, B("\0\0\0\0"), "offset", NULL },
	{ SAMPLE_A, 497, B("\xf0"), "offset", NULL },
	{ SAMPLE_A, 0, B(""), NULL, NULL },
	{ SAMPLE_A, 0, B("\0"), "path", "is empty or longer than 4095 bytes" },
	{ SAMPLE_A, 0, B("a\0b"), "name", NULL },
	{ SAMPLE_A, 0, B("/a"), "path", NULL },
	{ SAMPLE_A, 0, B("a/"), "path", NULL },
	{ SAMPLE_A, 0, B("a//b"), "path", NULL },
	{ SAMPLE_A, 0, B("."), "path", "has a component . or .." },
	{ SAMPLE_A, 0, B("a/../b"), "path", "has a component . or .." },
	{ SAMPLE_A, 0, B("b"), "path", "comes twice" },
	{ SAMPLE_A, 0, B("c"), "path", "is not in byte order" },
	{ SAMPLE_B, 157, B("\0"), "linkname", NULL },
	{ SAMPLE_B, 157, B("../a"), "linkname", "has a component . or .." },
	{ SAMPLE_B, 124, B("00000000001"), "size", NULL },
	{ SAMPLE_B, 496, B("\0\x10"), "offset", NULL },
	{ SAMPLE_F, 496, B("\0\x10"), "offset", "not where the contents before it end" },
	{ SAMPLE_F, 156, B("x"), "type", NULL },
	{ SAMPLE_N, 329, B("0010000"), "devmajor", NULL },
	{ SAMPLE_N, 337, B("4000000"), "devminor", NULL },
	{ SAMPLE_N, 329, B("\0"), "devmajor", NULL },
	{ SAMPLE_Z, 496, B("\0\x10"), "offset", "not 0, but there is no content" },
	{ SAMPLE_Z, 124, B("00000000001"), "offset", NULL },
	{ SAMPLE_P, 156, B("2"), "linkname", NULL },
	{ IN_VOLUME, 156, B("0"), "type", "not a volume header" },
	{ IN_VOLUME, 0, B("Tar"), "type", "not a volume header" },
	{ IN_VOLUME, 124, B("00000000000"), "size", "out of range for records" },
	{ IN_VOLUME, 124, B("00000001001"), "size", "out of range for records" },
	{ IN_VOLUME, 124, B("00000000200"), "volume header", NULL },
	{ IN_VOLUME, 157, B("x"), "header of records", NULL },
	{ IN_VOLUME, 496, B("x"), "header of records", NULL },
	{ IN_RECORDS, 0, B("18"), "VISOR.version", NULL },
	{ IN_RECORDS, 3, B("v"), "VISOR.version", NULL },
	{ IN_RECORDS, 17, B("2"), "VISOR.version", "is not 1" },
	{ IN_RECORDS, 36, B("9"), "VISOR.entries", "more than there are entries" },
	{ IN_RECORDS, 36, B("7"), "VISOR.entries", "fewer than there are entries" },
	{ IN_RECORDS, 55, B("4"), "VISOR.headers", "not a multiple of 4096" },
	{ IN_RECORDS, 74, B("24576"), "VISOR.size", "not where the last content ends" },
	{ IN_RECORDS, 74, B("16384"), "size", "beyond VISOR.size" },
	{ IN_VOLUME, 124, B("00000000117"), "VISOR.size", "missing or out of range" },
	{ IN_VOLUME, 124, B("00000000120"), "VISOR.frame", "missing or out of range" },
	{ IN_RECORDS, 89, B("F"), "VISOR.frame", "missing or out of range" },
	{ IN_RECORDS, 95, B("1048577"), "VISOR.frame", "missing or out of range" },
	{ IN_RECORDS, 95, B("0524288"), "VISOR.frame", "missing or out of range" },
	{ IN_RECORDS, 95, B("1048575"), "VISOR.frame", "not a power of two from 65536 to 1048576" },
	{ IN_RECORDS, 511, B("x"), "volume header", NULL },
	{ IN_PAX, 124, B("00004000001"), "size", "out of range for records" },
	{ IN_PAX, 124, B("00000040000"), "size", "beyond the end of the header area" },
	{ IN_PAX, 124, B("00000000010"), "record", "malformed" },
	{ IN_PAX, 337, B("1"), "header of records", NULL },
	{ IN_PAX_RECORDS, 0, B("0"), "record", "malformed" },
	{ IN_PAX_RECORDS, 0, B("x"), "record", "malformed" },
	{ IN_PAX_RECORDS, 0, B("26"), "record", "malformed" },
	{ IN_PAX_RECORDS, 2, B("="), "record", "malformed" },
	{ IN_PAX_RECORDS, 3, B("VISOR.x"), "record VISOR.", "unknown" },
	{ IN_PAX_RECORDS, 3, B("XCHILY.x"), NULL, NULL },
	{ IN_PAX_RECORDS, 21, B("two"), "xattr", "is not in byte order of the names" },
	{ IN_PAX_RECORDS, 21, B("zzz"), "xattr", "is not in byte order of the names" },
	{ IN_PAX_RECORDS, 511, B("x"), "padding", "not zero" },
	{ IN_END, 1023, B("x"), "end marker", "has bytes behind it" },
	{ IN_END, 0, B("x"), "chksum", "wrong" },
};

static uint32_t place_of(const struct tar_sample *s, const struct damage *d, uint32_t *header)
{
	switch (d->entry) {
	case IN_VOLUME:
		return *header = 0;
	case IN_RECORDS:
		*header = 0;
		return VOLUME;
	case IN_PAX:
		return *header = s->pax_f;
	case IN_PAX_RECORDS:
		*header = s->pax_f;
		return s->pax_f + 512;
	case IN_END:
		*header = 0;
		return s->at[SAMPLE_Z] + 512;
	default:
		return *header = s->at[d->entry];
	}
}

static void broken_archives(void **state)
{
	const struct tar_sample *s = *state;
	unsigned char *copy = malloc(s->len);

	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		const struct damage *d = &damages[i];
		struct tardisk_error error = { 0, "", "" };
		uint32_t header, place = place_of(s, d, &header);
		int rc;

		memcpy(copy, s->base, s->len);
		memcpy(copy + place + d->at, d->bytes, d->len);
		sample_seal(copy, header);
		rc = read_all(copy, s->len, &error);
		if (rc != (d->field ? -1 : 0) || (d->field && strcmp(error.field, d->field)) ||
		    (d->what && strcmp(error.what, d->what)))
			fail_msg("damage %zu: wanted %s: %s, got %d %s: %s", i, d->field, d->what,
				 rc, error.field, error.what);
	}
	free(copy);
}

/* Any changed byte of a header must show in its checksum. */
static void checksum_covers_all(void **state)
{
	const struct tar_sample *s = *state;
	unsigned char *h = s->base + s->at[SAMPLE_A];
	struct tardisk_error error;

	for (int i = 0; i < 512; i++) {
		h[i] ^= 1;
		assert_int_equal(read_all(s->base, s->len, &error), -1);
		assert_string_equal(error.field, "chksum");
		assert_int_equal(error.offset, s->at[SAMPLE_A]);
		h[i] ^= 1;
	}
}

/* Cut at each block; the copy is exactly as long, so the sanitizer sees every byte too far. */
static void truncated(void **state)
{
	const struct tar_sample *s = *state;

	for (uint32_t len = 0; len < s->len; len += 512) {
		unsigned char *copy = malloc(len + !len);
		struct tardisk_error error = { 0 };

		memcpy(copy, s->base, len);
		assert_int_equal(read_all(copy, len, &error), -1);
		assert_non_null(error.field);
		assert_non_null(error.what);
		free(copy);
	}
}

static void errors_stay(void **state)
{
	const struct tar_sample *s = *state;
	struct tardisk_reader r;
	struct tardisk_entry entry;

	s->base[s->at[SAMPLE_A]] = 'x';
	assert_int_equal(tardisk_reader_init(&r, s->base, s->len), 0);
	assert_int_equal(tardisk_next(&r, &entry), -1);
	assert_int_equal(tardisk_next(&r, &entry), -1);
	assert_string_equal(r.error.field, "chksum");
}

/* The volume header of the sample with another frame size. */
static int read_with_frame(const struct tar_sample *s, uint32_t frame, uint32_t *got,
			   struct tardisk_error *error)
{
	const uint32_t at = VOLUME + 80, len = (uint32_t)snprintf(NULL, 0, "%u", frame) + 16;
	struct tardisk_volume volume = { 0 };
	char size[24];
	int rc;

	memset(s->base + at, 0, 512 - 80);
	snprintf((char *)s->base + at, 32, "%u VISOR.frame=%u\n", len, frame);
	snprintf(size, sizeof(size), "%011o", 80 + len);
	memcpy(s->base + 124, size, 11);
	sample_seal(s->base, 0);
	rc = tardisk_read_volume(s->base, s->len, &volume, error);
	*got = volume.frame;
	return rc;
}

static void frame_sizes(void **state)
{
	static const uint32_t bad[] = { 10, 4096, 32768, 65535, 65537, 98304, 2097152, 4294967295 };
	struct tardisk_error error;
	uint32_t got;

	for (uint32_t frame = TARDISK_FRAME_MIN; frame <= TARDISK_FRAME; frame *= 2) {
		assert_int_equal(read_with_frame(*state, frame, &got, &error), 0);
		assert_int_equal(got, frame);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(read_with_frame(*state, bad[i], &got, &error), -1);
		assert_string_equal(error.field, "VISOR.frame");
		assert_int_equal(error.offset, VOLUME);
	}
}

static void path_rules(void **state)
{
	char path[TARDISK_PATH_MAX + 2];

	(void)state;
	memset(path, 'x', sizeof(path));
	assert_null(tardisk_path_fault(path, 255));
	assert_non_null(tardisk_path_fault(path, 256));
	for (size_t i = 255; i < sizeof(path); i += 256)
		path[i] = '/';
	path[4095] = 'x';
	assert_null(tardisk_path_fault(path, 4095));
	assert_non_null(tardisk_path_fault(path, 4096));
	assert_null(tardisk_path_fault("...", 3));
	assert_null(tardisk_path_fault(".a/..b", 6));
	assert_non_null(tardisk_path_fault("a/..", 4));
	assert_non_null(tardisk_path_fault("a\0b", 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(good_archive, set_up, tear_down),
		cmocka_unit_test_setup_teardown(xattrs, set_up, tear_down),
		cmocka_unit_test_setup_teardown(broken_archives, set_up, tear_down),
		cmocka_unit_test_setup_teardown(checksum_covers_all, set_up, tear_down),
		cmocka_unit_test_setup_teardown(truncated, set_up, tear_down),
		cmocka_unit_test_setup_teardown(errors_stay, set_up, tear_down),
		cmocka_unit_test_setup_teardown(frame_sizes, set_up, tear_down),
		cmocka_unit_test(path_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
