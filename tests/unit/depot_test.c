// SPDX-License-Identifier: Apache-2.0
/* The index of a depot: what it may say, and what is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tardisk/depot.h"
#include "tests/unit/unit.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define DESCRIPTOR(name, version)                                                           \
	"{\\\"format\\\": 1, \\\"name\\\": \\\"" name "\\\", \\\"version\\\": \\\"" version \
	"\\\", \\\"vendor\\\": \\\"acme\\\", \\\"summary\\\": \\\"A tool\\\", "             \
	"\\\"created\\\": \\\"2026-01-31T12:00:00Z\\\", \\\"type\\\": \\\"meta\\\", "       \
	"\\\"acceptance_level\\\": \\\"community\\\", \\\"files\\\": [], "                  \
	"\\\"payloads\\\": []}"
#define BUNDLE(name, version)                                                           \
	"{\"name\": \"" name "\", \"version\": \"" version "\", \"vendor\": \"acme\", " \
	"\"acceptance_level\": \"community\", \"path\": \"" name "-" version ".vib\", " \
	"\"size\": 7, \"sha256\": \"" DIGEST                                            \
	"\", \"descriptor\": \"" DESCRIPTOR(name, version) "\", \"signature\": \"c2ln\"}"
#define PROFILE(version)                                                           \
	"{\"name\": \"lab\", \"version\": \"" version "\", \"vendor\": \"acme\", " \
	"\"summary\": \"s\", \"created\": \"2026-01-31T12:00:00Z\", \"bundles\": [\"a = 1\"]}"
#define INDEX(bundles, profiles) \
	"{\"format\": 1, \"bundles\": [" bundles "], \"profiles\": [" profiles "]}"

static const char good[] = INDEX(BUNDLE("b", "1.10") "," BUNDLE("b", "1.9") "," BUNDLE("a", "1"),
				 PROFILE("2") "," PROFILE("10"));

static struct depot_index parse(const char *text)
{
	struct depot_index index;
	struct err e = ERR_INIT;

	if (depot_index_parse(text, strlen(text), &index, &e))
		fail_msg("%s", e.text);
	return index;
}

static void reads(void **state)
{
	struct depot_index index = parse(good);

	(void)state;
	assert_int_equal(index.n_bundles, 3);
	assert_string_equal(index.bundles[0].path, "a-1.vib");
	assert_string_equal(index.bundles[1].d->version, "1.9");
	assert_string_equal(index.bundles[2].d->version, "1.10");
	assert_int_equal(index.bundles[0].size, 7);
	assert_int_equal(index.bundles[0].signature_len, 3);
	assert_memory_equal(index.bundles[0].signature, "sig", 3);
	assert_string_equal(index.profiles[1].version, "10");
	depot_index_free(&index);
}

static void writes_what_it_reads(void **state)
{
	struct depot_index index = parse(good), second;
	struct err e = ERR_INIT;
	char *text, *text2;
	size_t len;

	(void)state;
	assert_int_equal(depot_index_format(&index, &text, &len, &e), 0);
	assert_int_equal(strlen(text), len);
	second = parse(text);
	assert_int_equal(depot_index_format(&second, &text2, &len, &e), 0);
	assert_string_equal(text, text2);
	free(text);
	free(text2);
	depot_index_free(&index);
	depot_index_free(&second);
}

static const struct depot_profile *profile(const struct depot_index *index, const char *wanted)
{
	struct bundle_relation r;

	assert_int_equal(bundle_relation_parse(wanted, &r, NULL), 0);
	return depot_find_profile(index, &r);
}

static void finds(void **state)
{
	struct depot_index index = parse(good);

	(void)state;
	assert_string_equal(depot_find_bundle(&index, "b", "1.9")->path, "b-1.9.vib");
	assert_null(depot_find_bundle(&index, "b", "1.8"));
	assert_string_equal(profile(&index, "lab")->version, "10");
	assert_string_equal(profile(&index, "lab << 10")->version, "2");
	assert_null(profile(&index, "lab >> 10"));
	assert_null(profile(&index, "x"));
	depot_index_free(&index);
}

/* The text with one part exchanged, and what must be said of it. */
static void refuse(const char *from, const char *to, const char *reason)
{
	const char *at = strstr(good, from);
	struct depot_index index;
	struct err e = ERR_INIT;
	char *text;

	assert_non_null(at);
	assert_true(asprintf(&text, "%.*s%s%s", (int)(at - good), good, to, at + strlen(from)) > 0);
	assert_int_equal(depot_index_parse(text, strlen(text), &index, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	if (!strstr(e.text, reason))
		fail_msg("'%s' instead of '%s'", e.text, reason);
	depot_index_free(&index);
	free(text);
}

static void refusals(void **state)
{
	(void)state;
	refuse("{", "", "index.json: line 1");
	refuse("\"format\": 1, \"bundles\"", "\"format\": 2, \"new\": 1, \"bundles\"",
	       "has format 2, the newest known here is 1");
	refuse("\"format\": 1, \"bundles\"", "\"bundles\"", "format: missing");
	refuse("\"format\": 1, \"bundles\"", "\"format\": 1, \"odd\": 1, \"bundles\"",
	       "odd: unknown field");
	refuse("\"size\": 7", "\"size\": 0", "bundles[0]: size");
	refuse("\"size\": 7", "\"size\": 7, \"odd\": 7", "bundles[0]: odd: unknown field");
	refuse(DIGEST, "0", "bundles[0]: sha256");
	refuse("b-1.10.vib", "../b.vib", "begins with a dot");
	refuse("b-1.10.vib", "/b.vib", "empty part");
	refuse("b-1.10.vib", "a//b.vib", "empty part");
	refuse("b-1.10.vib", "b?.vib", "other characters");
	refuse("\"version\": \"1.10\"", "\"version\": \"1.11\"",
	       "version: missing or other than in the descriptor");
	refuse("\"acceptance_level\": \"community\"", "\"acceptance_level\": \"partner\"",
	       "acceptance_level: missing or other");
	refuse("\\\"summary\\\"", "\\\"summery\\\"", "bundles[0]: descriptor.json: summery");
	refuse("c2ln", "c2l", "signature: no Base64");
	refuse("c2ln", "????", "signature: no Base64");
	refuse(BUNDLE("b", "1.9"), BUNDLE("a", "1"), "bundle a 1 of vendor acme is there twice");
	refuse(PROFILE("2"), PROFILE("10"), "profile lab 10 of vendor acme is there twice");
	refuse("a = 1\"]}", "a >= 1\"]}", "profiles[0]: bundles[0]: must be NAME = VERSION");
	refuse("[\"a = 1\"]", "[\"a = 1\", \"a = 2\"]", "a comes twice");
}

/* Fields for makers of other tools are no matter of ours. */
static void extra_fields(void **state)
{
	struct depot_index index = parse("{\"format\": 1, \"x-made-by\": 1, \"bundles\": []}");

	(void)state;
	assert_int_equal(index.n_bundles, 0);
	depot_index_free(&index);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads),	cmocka_unit_test(writes_what_it_reads),
		cmocka_unit_test(finds),	cmocka_unit_test(refusals),
		cmocka_unit_test(extra_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
