// SPDX-License-Identifier: Apache-2.0
/* Bundles as streams: a good one, and everything that can be wrong with one. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/bundle_sample.h"
#include "tests/unit/unit.h"

/* Where members begin in the sample; all headers have 60 bytes. */
static size_t find(const struct bytes *b, const char *name)
{
	char *place = NULL;

	for (size_t i = 8; i + 60 < b->len && !place; i++)
		if (!memcmp(b->data + i, name, strlen(name)) && b->data[i + 58] == '`')
			place = b->data + i;
	assert_non_null(place);
	return (size_t)(place - b->data);
}

static void expect(struct bytes *b, const char *message)
{
	struct err e;

	assert_int_equal(read_whole(b, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	if (strncmp(e.text, "sample.vib: ", 12) || !strstr(e.text, message))
		fail_msg("wanted \"%s\", got \"%s\"", message, e.text);
}

static void good_bundle(void **state)
{
	struct bytes b = sample_bundle(), copy;
	struct err e = ERR_INIT;
	struct bundle *bundle;
	int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	size_t len;

	(void)state;
	if (bundle_open(&bundle, "sample.vib", bytes_read, &b, &e))
		fail_msg("%s", e.text);
	assert_string_equal(bundle_descriptor(bundle)->name, "sample");
	assert_int_equal(bundle_descriptor(bundle)->n_payloads, 2);
	bundle_signature(bundle, &len);
	assert_int_equal(len, 0);
	assert_memory_equal(bundle_descriptor_text(bundle, &len), b.data + 68, len);
	assert_int_equal(bundle_copy_payload(bundle, fd, &e), 0);
	copy = bytes_of_fd(fd);
	assert_int_equal(copy.len, 5000);
	assert_memory_equal(copy.data, b.data + find(&b, "one.v00") + 60, 5000);
	/* Not before all are copied, and no more than there are. */
	assert_int_equal(bundle_finish(bundle, &e), -1);
	assert_int_equal(bundle_copy_payload(bundle, -1, &e), 0);
	assert_int_equal(bundle_copy_payload(bundle, -1, &e), -1);
	assert_int_equal(bundle_finish(bundle, &e), 0);
	bundle_close(bundle);
	bundle_close(NULL);
	free(copy.data);
	free(b.data);
	close(fd);
}

static void same_input_same_bytes(void **state)
{
	struct bytes a = sample_bundle(), b = sample_bundle();

	(void)state;
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, a.len);
	free(a.data);
	free(b.data);
}

static void truncated(void **state)
{
	struct bytes b = sample_bundle();
	size_t len = b.len;
	struct err e;

	(void)state;
	for (int percent = 0; percent < 100; percent++) {
		b.len = len * (size_t)percent / 100;
		expect(&b, ": ");
	}
	for (b.len = len - 70; b.len < len; b.len++)
		expect(&b, ": ");
	b.len = len;
	assert_int_equal(read_whole(&b, &e), 0);
	free(b.data);
}

/*
 * Every bit of the archive. All are refused but for those of the descriptor's
 * text that change only what it says: it is the signature that covers these.
 */
static void flipped_bits(void **state)
{
	struct bytes b = sample_bundle();
	size_t sig = find(&b, "signature.p7s");
	struct err e;

	(void)state;
	for (size_t i = 0; i < b.len; i += i < sig + 200 ? 1 : 37) {
		for (int bit = 0; bit < 8; bit++) {
			b.data[i] ^= (char)(1 << bit);
			if (!read_whole(&b, &e) && (i < 68 || i >= sig))
				fail_msg("flipped bit %d of byte %zu was accepted", bit, i);
			b.data[i] ^= (char)(1 << bit);
		}
	}
	free(b.data);
}

/* Removes len bytes at pos, or puts bytes there. */
static void replace(struct bytes *b, size_t pos, size_t cut, const char *put, size_t len)
{
	b->data = realloc(b->data, b->len + len);
	memmove(b->data + pos + len, b->data + pos + cut, b->len - pos - cut);
	memcpy(b->data + pos, put, len);
	b->len += len - cut;
}

static void members(void **state)
{
	struct bytes b = sample_bundle();
	size_t sig = find(&b, "signature.p7s"), one = find(&b, "one.v00"),
	       two = find(&b, "two.v01");
	char *copy = malloc(b.len);

	(void)state;
	memcpy(copy, b.data, b.len);
	/* Missing. */
	replace(&b, 8, sig - 8, "", 0);
	expect(&b, "expected member descriptor.json, found \"signature.p7s\"");
	free(b.data);
	b = sample_bundle();
	replace(&b, sig, 60, "", 0);
	expect(&b, "expected member signature.p7s, found \"one.v00\"");
	free(b.data);
	b = sample_bundle();
	b.len = two;
	expect(&b, "two.v01: ");
	free(b.data);
	/* Twice, and one too many. */
	b = sample_bundle();
	replace(&b, one, 0, copy + one, two - one);
	expect(&b, "expected member two.v01, found \"one.v00\"");
	free(b.data);
	b = sample_bundle();
	replace(&b, b.len, 0, copy + one, two - one);
	expect(&b, "member \"one.v00\" is not in the descriptor");
	free(b.data);
	/* In the wrong order. */
	b = sample_bundle();
	replace(&b, one, two - one, "", 0);
	replace(&b, b.len, 0, copy + one, two - one);
	expect(&b, "expected member one.v00, found \"two.v01\"");
	/* Bytes behind the end. */
	free(b.data);
	b = sample_bundle();
	replace(&b, b.len, 0, "x", 1);
	expect(&b, "end: ");
	free(b.data);
	free(copy);
}

static void headers(void **state)
{
	static const struct {
		size_t at;
		const char *bytes, *message;
	} bad[] = {
		{ 0, "../one.v00", "expected member one.v00, found \"../one.v00\"" },
		{ 0, "/tmp/x.v00", "expected member one.v00" },
		{ 0, "#1/7    ", "its header has an extended name" },
		{ 16, "1", "header is not in the form" },
		{ 28, "1", "header is not in the form" },
		{ 34, "1", "header is not in the form" },
		{ 40, "100755", "header is not in the form" },
		{ 40, "120777", "header is not in the form" },
		{ 48, "5001", "size: is 5001, the descriptor says 5000" },
		{ 48, "4999", "size: is 4999, the descriptor says 5000" },
		{ 48, "9999999999", "one.v00: " },
		{ 58, "x", "one.v00: " },
	};
	struct bytes b;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		b = sample_bundle();
		memcpy(b.data + find(&b, "one.v00") + bad[i].at, bad[i].bytes,
		       strlen(bad[i].bytes));
		expect(&b, bad[i].message);
		free(b.data);
	}
}

/* A name table of 900 MB, and a descriptor of 2 GB: refused before memory is taken. */
static void giant_members(void **state)
{
	char table[61], *data = calloc(1, 2 << 20);
	struct bytes b = { data, 2 << 20, 0, 0 };
	size_t sig;

	(void)state;
	snprintf(table, sizeof(table), "%-16s%-12s%-6s%-6s%-8s%-10s`\n", "//", "0", "0", "0", "0",
		 "900000000");
	memcpy(data, "!<arch>\n", 8);
	memcpy(data + 8, table, 60);
	expect(&b, "offset 8: its header has an extended name");
	free(data);
	b = sample_bundle();
	sig = find(&b, "signature.p7s");
	replace(&b, sig, 0, table, 60);
	b.data = realloc(b.data, 4 << 20);
	memset(b.data + b.len, 0, (4 << 20) - b.len);
	b.len = 4 << 20;
	expect(&b, "signature.p7s: ");
	free(b.data);
	b = sample_bundle();
	memcpy(b.data + 8 + 48, "2000000000", 10);
	expect(&b, "descriptor.json: ");
	free(b.data);
}

static void read_errors(void **state)
{
	struct bytes b = sample_bundle();
	struct err e;

	(void)state;
	for (b.fail_at = 1; b.fail_at < b.len; b.fail_at += 97) {
		assert_int_equal(read_whole(&b, &e), -1);
		assert_int_equal(e.kind, ERR_SYSTEM);
		assert_string_equal(e.text, "sample.vib: Input/output error");
	}
	free(b.data);
}

static void changed_payload(void **state)
{
	struct bytes b = sample_bundle();

	(void)state;
	b.data[find(&b, "two.v01") + 100] = 'x';
	expect(&b, "two.v01: sha256: is ");
	free(b.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_bundle),	   cmocka_unit_test(same_input_same_bytes),
		cmocka_unit_test(truncated),	   cmocka_unit_test(flipped_bits),
		cmocka_unit_test(members),	   cmocka_unit_test(headers),
		cmocka_unit_test(giant_members),   cmocka_unit_test(read_errors),
		cmocka_unit_test(changed_payload),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
