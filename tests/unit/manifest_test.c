// SPDX-License-Identifier: Apache-2.0
/* Manifests: what is made is read again, each bit counts, and where they stand in a file. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tardisk/attest.h"
#include "tardisk/check.h"
#include "tardisk/tree.h"
#include "tardisk/writer.h"
#include "tests/unit/unit.h"

static const struct attest spec = { "base", "1.2.3-4", TARDISK_PARTNER, TARDISK_MAY_SETUID };

/* The smallest tardisk, in a file without name. */
static int empty_file(void)
{
	static const struct packing packing = PACKING_DEFAULT;
	struct tree t = TREE_INIT;
	char path[] = "/tmp/manifest_test.XXXXXX";
	struct err e = ERR_INIT;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	unlink(path);
	if (tardisk_write(fd, path, &t, &packing, &e))
		fail_msg("%s", e.text);
	return fd;
}

static unsigned char *make_frame(int fd, const char *signature, size_t *len)
{
	unsigned char bytes[TARDISK_MANIFEST], *frame;
	struct tardisk_file t;

	assert_int_equal(tardisk_file_open(&t, "t", fd, NULL), 0);
	assert_int_equal(attest_bytes(&spec, &t, bytes, NULL), 0);
	tardisk_file_close(&t);
	assert_int_equal(attest_frame(bytes, signature, strlen(signature), &frame, len, NULL), 0);
	return frame;
}

static void read_again(void **state)
{
	int fd = empty_file();
	struct tardisk_manifest m;
	struct tardisk_error error;
	size_t len;
	unsigned char *frame = make_frame(fd, "signature", &len);

	(void)state;
	assert_int_equal(len, 8 + 208 + 9);
	assert_int_equal(tardisk_manifest_init(&m, frame, (uint32_t)len, 0, &error), 0);
	assert_string_equal(m.name, "base");
	assert_string_equal(m.version, "1.2.3-4");
	assert_int_equal(m.level, TARDISK_PARTNER);
	assert_int_equal(m.may, TARDISK_MAY_SETUID);
	assert_int_equal(m.headers, 4096);
	assert_int_equal(m.size, 4096);
	assert_ptr_equal(m.bytes, frame + 8);
	assert_int_equal(m.signature_len, 9);
	assert_memory_equal(m.signature, "signature", 9);
	free(frame);
	close(fd);
}

/* Another bit is another manifest, or none: nothing is passed over. */
static void each_bit_counts(void **state)
{
	int fd = empty_file();
	size_t len;
	unsigned char *frame = make_frame(fd, "s", &len);
	struct tardisk_manifest right;
	struct tardisk_error error;

	(void)state;
	assert_int_equal(tardisk_manifest_init(&right, frame, (uint32_t)len, 0, &error), 0);
	for (size_t bit = 0; bit < (8 + 208) * 8; bit++) {
		unsigned char *copy = malloc(len);
		struct tardisk_manifest m;

		memcpy(copy, frame, len);
		copy[bit / 8] ^= (unsigned char)(1 << bit % 8);
		if (tardisk_manifest_init(&m, copy, (uint32_t)len, 100, &error)) {
			assert_string_equal(error.field, "manifest");
			assert_in_range(error.offset, 100, 100 + 8 + 208);
		} else {
			assert_true(m.level != right.level || m.may != right.may ||
				    m.headers != right.headers || m.packed != right.packed ||
				    m.size != right.size || strcmp(m.name, right.name) ||
				    strcmp(m.version, right.version) ||
				    memcmp(m.root, right.root, TARDISK_DIGEST));
		}
		free(copy);
	}
	free(frame);
	close(fd);
}

static void other_lengths(void **state)
{
	int fd = empty_file();
	size_t len;
	unsigned char *frame = make_frame(fd, "signature", &len);
	struct tardisk_manifest m;
	struct tardisk_error error;

	(void)state;
	for (size_t n = 0; n < len; n++) {
		unsigned char *cut = malloc(n + 1);

		memcpy(cut, frame, n);
		assert_int_equal(tardisk_manifest_init(&m, cut, (uint32_t)n, 0, &error), -1);
		free(cut);
	}
	free(frame);
	close(fd);
}

static void names(void **state)
{
	struct tardisk_manifest m = { .name = "base" };
	static const char *const good[] = { "base", "base.v00", "base.v99" };
	static const char *const bad[] = { "",	      "bas",	   "base.",    "base.v",
					   "base.v0", "base.v000", "base.w00", "base.v0a",
					   "based",   "abase",	   "base.v00 " };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_true(tardisk_manifest_names(&m, good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(tardisk_manifest_names(&m, bad[i]));
}

static void bad_texts(void **state)
{
	static const char *const bad[] = { "",
					   "a b",
					   "a/b",
					   "\n",
					   "\x7f",
					   "\xc3\xa4",
					   "0123456789012345678901234567890123456789"
					   "012345678901234567890123" };
	int fd = empty_file();
	unsigned char bytes[TARDISK_MANIFEST];
	struct tardisk_file t;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(tardisk_file_open(&t, "t", fd, NULL), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct attest a = spec;

		a.name = bad[i];
		assert_int_equal(attest_bytes(&a, &t, bytes, &e), -1);
		assert_int_equal(e.kind, ERR_INVALID);
		a = spec;
		a.version = bad[i];
		assert_int_equal(attest_bytes(&a, &t, bytes, &e), -1);
	}
	tardisk_file_close(&t);
	close(fd);
}

static uint64_t opened(int fd, struct tardisk_manifest *m, unsigned char **keep)
{
	struct tardisk_error error;
	struct tardisk_file t;
	struct err e = ERR_INIT;
	uint64_t size;

	if (tardisk_file_open(&t, "t", fd, &e))
		fail_msg("%s", e.text);
	assert_int_equal(tardisk_check(&t, &e), 0);
	size = t.file_size;
	*keep = malloc(t.digests.manifest_len + 1);
	memcpy(*keep, t.digests.manifest, t.digests.manifest_len);
	if (t.digests.manifest_len)
		assert_int_equal(tardisk_manifest_init(m, *keep, t.digests.manifest_len, 0, &error),
				 0);
	tardisk_file_close(&t);
	return size;
}

/* Put into a file it is found, replaced by a longer and by a shorter one, and covers the same. */
static void in_a_file(void **state)
{
	static const char *const signatures[] = { "short", "a good deal longer than that", "x" };
	int fd = empty_file();
	struct tardisk_manifest m;
	unsigned char *keep;
	uint64_t bare = opened(fd, &m, &keep);

	(void)state;
	free(keep);
	for (size_t i = 0; i < 3; i++) {
		size_t len;
		unsigned char *frame = make_frame(fd, signatures[i], &len);

		assert_int_equal(attest_put(fd, "t", frame, len, NULL), 0);
		free(frame);
		assert_int_equal(opened(fd, &m, &keep), bare + len);
		assert_int_equal(m.signature_len, strlen(signatures[i]));
		assert_memory_equal(m.signature, signatures[i], m.signature_len);
		free(keep);
	}
	close(fd);
}

/* What stands behind the digest list is a manifest, and nothing else. */
static void nothing_else_in_a_file(void **state)
{
	int fd = empty_file();
	struct err e = ERR_INIT;
	struct tardisk_file t;
	size_t len;
	unsigned char *frame = make_frame(fd, "s", &len);

	(void)state;
	frame[0] ^= 1;
	assert_int_equal(attest_put(fd, "t", frame, len, NULL), 0);
	assert_int_equal(tardisk_file_open(&t, "t", fd, &e), -1);
	assert_non_null(strstr(e.text, "followed by something else than a manifest"));
	free(frame);
	close(fd);
}

static void of_another_tardisk(void **state)
{
	struct tardisk_digests digests = { .size = 8192, .headers = 4096 };
	unsigned char root[TARDISK_DIGEST] = { 1 }, other[TARDISK_DIGEST] = { 2 };
	struct tardisk_seek seek = { .packed = 77 };
	const struct tardisk_manifest right = {
		.root = root, .size = 8192, .headers = 4096, .packed = 77
	};
	struct tardisk_manifest m = right;

	(void)state;
	digests.root = root;
	assert_null(tardisk_manifest_fault(&m, &digests, &seek));
	m.root = other;
	assert_non_null(strstr(tardisk_manifest_fault(&m, &digests, &seek), "root hash"));
	m = right;
	m.packed++;
	assert_non_null(strstr(tardisk_manifest_fault(&m, &digests, &seek), "size"));
	m = right;
	m.size++;
	assert_non_null(tardisk_manifest_fault(&m, &digests, &seek));
	m = right;
	m.headers++;
	assert_non_null(tardisk_manifest_fault(&m, &digests, &seek));
}

static void needs(void **state)
{
	static const char capability[] = "29 SCHILY.xattr.user.x=value\n"
					 "38 SCHILY.xattr.security.capability=x\n";
	struct tardisk_entry entry = { .type = TARDISK_FILE, .mode = 0755 };

	(void)state;
	assert_int_equal(tardisk_entry_needs(&entry), 0);
	entry.mode = 04755;
	assert_int_equal(tardisk_entry_needs(&entry), TARDISK_MAY_SETUID);
	entry.mode = 02755;
	assert_int_equal(tardisk_entry_needs(&entry), TARDISK_MAY_SETUID);
	entry.type = TARDISK_DIR;
	assert_int_equal(tardisk_entry_needs(&entry), 0);
	entry.type = TARDISK_FILE;
	entry.mode = 0755;
	entry.pax = capability;
	entry.pax_len = sizeof(capability) - 1;
	assert_int_equal(tardisk_entry_needs(&entry), TARDISK_MAY_SETUID);
	entry.type = TARDISK_CHAR;
	assert_int_equal(tardisk_entry_needs(&entry), TARDISK_MAY_DEVICES);
	entry.type = TARDISK_BLOCK;
	assert_int_equal(tardisk_entry_needs(&entry), TARDISK_MAY_DEVICES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_again),
		cmocka_unit_test(each_bit_counts),
		cmocka_unit_test(other_lengths),
		cmocka_unit_test(names),
		cmocka_unit_test(bad_texts),
		cmocka_unit_test(in_a_file),
		cmocka_unit_test(nothing_else_in_a_file),
		cmocka_unit_test(of_another_tardisk),
		cmocka_unit_test(needs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
