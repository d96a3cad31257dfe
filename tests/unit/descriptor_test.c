// SPDX-License-Identifier: Apache-2.0
/* The rules of bundle(5) for descriptor.json, one line each. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tardisk/descriptor.h"
#include "tests/unit/unit.h"

#define ZERO16 "0000000000000000"
#define HEX ZERO16 ZERO16 ZERO16 "00000000000000ab"
#define PAYLOAD                                                                  \
	"{\"name\":\"a.v00\",\"type\":\"tardisk\",\"size\":10,\"sha256\":\"" HEX \
	"\",\"content_size\":8192,\"content_sha256\":\"" HEX "\",\"root_hash\":\"" HEX "\"}"

static const char base[] =
	"{\"format\":1,\"name\":\"a\",\"version\":\"1.0-1\",\"vendor\":\"v\",\"type\":\"bootbank\","
	"\"summary\":\"s\",\"created\":\"2026-01-31T12:00:00Z\",\"acceptance_level\":\"community\","
	"\"files\":[\"a\",\"b/c\"],\"payloads\":[" PAYLOAD "]}";

/* The base with one field set to a value, or removed if value is NULL. */
static char *with(const char *field, const char *value)
{
	json_t *root = json_loads(base, 0, NULL);
	char *text;

	if (value)
		json_object_set_new(root, field, json_loads(value, JSON_DECODE_ANY, NULL));
	else
		json_object_del(root, field);
	text = json_dumps(root, 0);
	json_decref(root);
	return text;
}

static int parse(const char *text, struct err *e)
{
	struct bundle_descriptor *d;
	int rc;

	*e = (struct err)ERR_INIT;
	rc = bundle_descriptor_parse(text, strlen(text), &d, e);
	if (!rc)
		bundle_descriptor_free(d);
	return rc;
}

static void defaults(void **state)
{
	struct bundle_descriptor *d;

	(void)state;
	assert_int_equal(bundle_descriptor_parse(base, strlen(base), &d, NULL), 0);
	assert_string_equal(d->name, "a");
	assert_string_equal(d->description, "");
	assert_int_equal(d->type, BUNDLE_BOOTBANK);
	assert_false(d->live_install_allowed);
	assert_false(d->live_remove_allowed);
	assert_false(d->maintenance_mode);
	assert_false(d->overlay);
	assert_int_equal(d->depends.n, 0);
	assert_int_equal(d->services.n, 0);
	assert_int_equal(d->files.n, 2);
	assert_int_equal(d->payloads[0].content_size, 8192);
	bundle_descriptor_free(d);
}

static void good_fields(void **state)
{
	static const char *const good[][2] = {
		{ "x-anything", "{\"a\":[1]}" },
		{ "description", "\"Two\\nlines of \xc3\xa4\"" },
		{ "overlay", "true" },
		{ "shared", "[\"b/c\"]" },
		{ "depends", "[\"libc >= 2.36\", \"b\"]" },
		{ "provides", "[\"shell = 1\", \"editor\"]" },
		{ "services", "[\"a\", \"b\"]" },
		{ "acceptance_level", "\"certified\"" },
	};
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		char *text = with(good[i][0], good[i][1]);

		if (parse(text, &e))
			fail_msg("%s: %s", text, e.text);
		free(text);
	}
}

static void bad_fields(void **state)
{
	static const char *const bad[][3] = {
		{ "format", "4", "format: is newer than 3, which is what this host understands" },
		{ "format", "0", "format: must be a number from 1 on" },
		{ "format", "\"1\"", "format: must be a number from 1 on" },
		{ "format", NULL, "format: missing" },
		{ "name", NULL, "name: missing" },
		{ "name", "\"\"", "name: is empty or too long" },
		{ "name", "\"A\"", "name: begins with" },
		{ "name", "\"../a\"", "name: begins with" },
		{ "name", "\"a/b\"", "name: has a character" },
		{ "name", "7", "name: must be a string" },
		{ "version", "\"1 2\"", "version: has a character" },
		{ "version", "\"-1\"", "version: begins with" },
		{ "vendor", "\"a/b\"", "vendor: must be letters" },
		{ "type", "\"locker\"", "type: must be" },
		{ "type", "\"meta\"", "type: meta, but there are payloads" },
		{ "summary", "\"two\\nlines\"", "summary: has a control character" },
		{ "summary", "\"\"", "summary: is empty" },
		{ "description", "\"a\\u001bb\"", "description: has a control character" },
		{ "created", "\"yesterday\"", "created: must be" },
		{ "created", "\"2026-13-31T12:00:00Z\"", "created: must be" },
		{ "created", "\"2026-01-31T12:00:00+01\"", "created: is empty or too long" },
		{ "acceptance_level", "\"high\"", "acceptance_level: must be" },
		{ "overlay", "1", "overlay: must be true or false" },
		{ "depends", "\"b\"", "depends: must be an array" },
		{ "depends", "[1]", "depends[0]: must be a string" },
		{ "depends", "[\"b\", \"b > 1\"]", "depends[1]: \"b > 1\"" },
		{ "provides", "[\"b >= 1\"]", "provides[0]: must be NAME or NAME = VERSION" },
		{ "files", NULL, "files: missing" },
		{ "files", "[\"/a\"]", "files[0]: has a leading" },
		{ "files", "[\"a/../b\"]", "files[0]: has a component" },
		{ "files", "[\"b\", \"a\"]", "files[1]: is not in byte order" },
		{ "files", "[\"a\", \"a\"]", "files[1]: is not in byte order or comes twice" },
		{ "shared", "[\"q\"]", "shared[0]: is not in files" },
		{ "shared", "[\"a\", \"b\"]", "shared[1]: is not in files" },
		{ "shared", "[\"b/c\", \"a\"]", "shared[1]: is not in byte order" },
		{ "services", "[\"a\", \"b\", \"a\"]", "services[2]: comes twice" },
		{ "services", "[\"../a\"]", "services[0]: begins with" },
		{ "payloads", "[]", "payloads: empty, but type is bootbank" },
		{ "payloads", "[7]", "payloads[0]: not an object" },
		{ "payloads", "[" PAYLOAD "," PAYLOAD "]",
		  "payloads[1]: has a name that comes twice" },
		{ "hook", "[]", "hook: unknown field" },
		{ "setuid", "[]", "setuid: is a field of format 2, but format is 1" },
		{ "X-a", "1", "X-a: unknown field" },
	};
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char *text = with(bad[i][0], bad[i][1]);

		assert_int_equal(parse(text, &e), -1);
		assert_int_equal(e.kind, ERR_INVALID);
		if (strncmp(e.text, "descriptor.json: ", 17) || !strstr(e.text, bad[i][2]))
			fail_msg("%zu: wanted \"%s\", got \"%s\"", i, bad[i][2], e.text);
		free(text);
	}
}

static void bad_payloads(void **state)
{
	static const char *const bad[][3] = {
		{ "name", NULL, "name: missing" },
		{ "name", "\"a\"", "name: must be a word" },
		{ "name", "\"../a.v00\"", "name: must be a word" },
		{ "name", "\"a/b.v00\"", "name: must be a word" },
		{ "name", "\".v00\"", "name: must be a word" },
		{ "name", "\"a.v0\"", "name: must be a word" },
		{ "name", "\"a.v000\"", "name: must be a word" },
		{ "name", "\"twelve-chars.v00\"", "name: is longer than 15" },
		{ "type", "\"vgz\"", "type: missing or not \"tardisk\"" },
		{ "size", "0", "size: missing or no number in range" },
		{ "size", "-1", "size: missing or no number in range" },
		{ "size", "1.5", "size: missing or no number in range" },
		{ "size", "9000000000", "size: missing or no number in range" },
		{ "sha256", "\"00\"", "sha256: missing or not 64 digits" },
		{ "sha256", "7", "sha256: missing or not 64 digits" },
		{ "content_size", "4097", "content_size: not a multiple of 4096" },
		{ "content_size", "4294967296", "content_size: missing or no number in range" },
		{ "content_sha256", NULL, "content_sha256: missing" },
		{ "root_hash", NULL, "root_hash: missing" },
		{ "root_hash", "\"AB\"", "root_hash: missing or not 64 digits" },
		{ "offset", "1", "offset: unknown field" },
	};
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		json_t *root = json_loads(base, 0, NULL);
		json_t *payload = json_array_get(json_object_get(root, "payloads"), 0);
		char *text;

		if (bad[i][1])
			json_object_set_new(payload, bad[i][0],
					    json_loads(bad[i][1], JSON_DECODE_ANY, NULL));
		else
			json_object_del(payload, bad[i][0]);
		text = json_dumps(root, 0);
		assert_int_equal(parse(text, &e), -1);
		if (!strstr(e.text, "descriptor.json: payloads[0]: ") || !strstr(e.text, bad[i][2]))
			fail_msg("%zu: wanted \"%s\", got \"%s\"", i, bad[i][2], e.text);
		free(text);
		json_decref(root);
	}
}

#define LIMITS \
	"\"memory_min\":4096,\"memory_max\":8192,\"cpu_weight\":7,\"cpu_max\":8,\"pids_max\":9"

/* The fields of format 2, and what is wrong with them. */
static void format_2(void **state)
{
	static const char head[] =
		"{\"format\":2,\"name\":\"a\",\"version\":\"1\",\"vendor\":\"v\",\"type\":"
		"\"bootbank\","
		"\"summary\":\"s\",\"created\":\"2026-01-31T12:00:00Z\",\"acceptance_level\":"
		"\"partner\","
		"\"files\":[\"etc/userworld.d/w.conf\",\"s\"],\"payloads\":[" PAYLOAD "],";
	static const char *const bad[][2] = {
		{ "\"architecture\":\"vax\"}", "architecture: must be all, x86_64 or aarch64" },
		{ "\"setuid\":[\"q\"]}", "setuid[0]: is not in files" },
		{ "\"resources\":[{}]}", "resources[0]: world: missing" },
		{ "\"resources\":[{\"world\":\"z\"}]}",
		  "resources[0]: etc/userworld.d/z.conf is not in files" },
		{ "\"resources\":[{\"world\":\"w\"},{\"world\":\"w\"}]}",
		  "resources[1]: has a world that comes twice" },
		{ "\"resources\":[{\"world\":\"w\",\"memory_max\":-1}]}",
		  "resources[0]: memory_max: missing or no number in range" },
		{ "\"resources\":[{\"world\":\"w\",\"memory_max\":4096,\"memory_min\":8192}]}",
		  "resources[0]: memory_min: is more than memory_max" },
		{ "\"sbom\":{\"path\":\"s\"}}", "sbom: sha256: missing or not 64 digits" },
		{ "\"sbom\":{\"path\":\"q\",\"sha256\":\"" HEX "\"}}", "sbom: q is not in files" },
		{ "\"sbom\":{\"components\":[{\"name\":\"a\"}]}}",
		  "sbom: components[0]: version: missing" },
		{ "\"sbom\":{\"components\":7}}", "sbom: components: must be an array" },
		{ "\"hooks\":{}}", "hooks: names neither" },
		{ "\"hooks\":{\"pre_remove\":\"q\"}}", "hooks: q is not in files" },
		{ "\"hooks\":{\"pre_remove\":\"s\",\"timeout\":601}}", "hooks: timeout: " },
		{ "\"health_window\":-1}", "health_window: must be a number of seconds" },
	};
	static const char good[] =
		"\"architecture\":\"x86_64\",\"setuid\":[\"s\"],\"services_stop\":[\"x\"],"
		"\"services_restart\":[\"y\",\"z\"],\"hooks\":{\"post_install\":\"s\"},"
		"\"health_window\":60,\"resources\":[{\"world\":\"w\"," LIMITS "}],"
		"\"sbom\":{\"path\":\"s\",\"sha256\":\"" HEX "\",\"components\":[{\"name\":\"n\","
		"\"version\":\"v\",\"license\":\"MIT\",\"purl\":\"pkg:a/b\"}]},\"x-y\":[1]}";
	char text[4096], *once, *twice;
	struct bundle_descriptor *d;
	struct err e = ERR_INIT;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "%s%s", head, bad[i][0]);
		assert_int_equal(parse(text, &e), -1);
		if (!strstr(e.text, bad[i][1]))
			fail_msg("%zu: wanted \"%s\", got \"%s\"", i, bad[i][1], e.text);
	}
	snprintf(text, sizeof(text), "%s%s", head, good);
	if (bundle_descriptor_parse(text, strlen(text), &d, &e))
		fail_msg("%s", e.text);
	assert_int_equal(bundle_descriptor_needs_format(d), 2);
	assert_int_equal(d->contracts[0].memory_max, 8192);
	assert_int_equal(d->contracts[0].pids_max, 9);
	assert_int_equal(d->services_restart.n, 2);
	assert_string_equal(d->sbom.components[0].purl, "pkg:a/b");
	assert_int_equal(bundle_descriptor_format(d, &once, &len, NULL), 0);
	bundle_descriptor_free(d);
	assert_non_null(strstr(once, "\"x-y\""));
	assert_int_equal(bundle_descriptor_parse(once, len, &d, NULL), 0);
	assert_int_equal(d->contracts[0].cpu_weight, 7);
	assert_string_equal(d->hooks.post_install, "s");
	assert_string_equal(d->hooks.pre_remove, "");
	assert_int_equal(bundle_hook_timeout(d), BUNDLE_HOOK_TIMEOUT);
	assert_int_equal(d->health_window, 60);
	assert_string_equal(d->sbom.path, "s");
	assert_int_equal(bundle_descriptor_format(d, &twice, &len, NULL), 0);
	assert_string_equal(once, twice);
	bundle_descriptor_free(d);
	free(once);
	free(twice);
}

static void not_json(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(parse("", &e), -1);
	assert_int_equal(parse("[]", &e), -1);
	assert_string_equal(e.text, "descriptor.json: not an object");
	assert_int_equal(parse("{\"format\":1,\n\"format\":1}", &e), -1);
	assert_non_null(strstr(e.text, "descriptor.json: line 2, column"));
	assert_int_equal(parse("{\"name\":\"a\\u0000b\"}", &e), -1);
	assert_non_null(strstr(e.text, "line 1"));
	for (size_t i = 0; i < strlen(base); i++) {
		char *text = strndup(base, i);

		assert_int_equal(parse(text, &e), -1);
		free(text);
	}
}

static void text_and_back(void **state)
{
	char *rich = with("depends", "[\"libc >= 2.36\"]"), *once, *twice;
	struct bundle_descriptor *d;
	size_t len;

	(void)state;
	assert_int_equal(bundle_descriptor_parse(rich, strlen(rich), &d, NULL), 0);
	assert_int_equal(bundle_descriptor_format(d, &once, &len, NULL), 0);
	assert_int_equal(len, strlen(once));
	assert_int_equal(once[len - 1], '\n');
	bundle_descriptor_free(d);
	assert_int_equal(bundle_descriptor_parse(once, len, &d, NULL), 0);
	assert_int_equal(bundle_descriptor_format(d, &twice, &len, NULL), 0);
	assert_string_equal(once, twice);
	bundle_descriptor_free(d);
	free(rich);
	free(once);
	free(twice);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),   cmocka_unit_test(good_fields),
		cmocka_unit_test(bad_fields), cmocka_unit_test(bad_payloads),
		cmocka_unit_test(not_json),   cmocka_unit_test(text_and_back),
		cmocka_unit_test(format_2),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
