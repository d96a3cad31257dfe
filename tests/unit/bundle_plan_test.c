// SPDX-License-Identifier: Apache-2.0
/* Decisions about an install, and the records of what was installed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/bundle/change.h"
#include "userworld/core/bundle/plan.h"
#include "userworld/core/system/maintenance.h"
#include "userworld/core/bundle/record.h"
#include "userworld/core/core.h"

#define MIB ((uint64_t)1 << 20)

static struct bundle_payload payloads[] = {
	{ .name = "a.v00", .size = 4097, .content_size = 3 * MIB },
	{ .name = "b.v00", .size = 1, .content_size = MIB },
};

static struct bundle_descriptor sample(void)
{
	struct bundle_descriptor d = {
		.name = "tool",
		.version = "1.2",
		.vendor = "acme",
		.architecture = "all",
		.live_install_allowed = true,
		.live_remove_allowed = true,
		.payloads = payloads,
		.n_payloads = 2,
	};

	return d;
}

static void staging(void **state)
{
	struct bundle_descriptor d = sample();
	const struct bundle_descriptor *one = &d;

	(void)state;
	/* Two pages, one page, and slack. */
	assert_in_range(bundle_stage_bytes(&one, 1), 3 * 4096, 3 * 4096 + 128 * 1024);
	assert_true(bundle_stage_inodes(&one, 1) >= 3);
}

static void memory(void **state)
{
	struct bundle_descriptor d = sample();
	const struct bundle_descriptor *one = &d, *two[] = { &d, &d };
	uint64_t need = bundle_stage_bytes(&one, 1) + 4 * MIB + 12 * MIB;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(bundle_admit_memory(&one, 1, false, 100 * MIB, need, &e), 0);
	assert_int_equal(bundle_admit_memory(&one, 1, false, 100 * MIB, need - 1, &e), -1);
	assert_int_equal(e.kind, ERR_NO_SPACE);
	assert_non_null(strstr(e.text, "bundle tool needs 16M"));
	/* What stays compressed needs room for the payloads twice, whatever they unpack to. */
	need = bundle_stage_bytes(&one, 1) + 4098 + 12 * MIB;
	assert_int_equal(bundle_admit_memory(&one, 1, true, 100 * MIB, need, &e), 0);
	assert_int_equal(bundle_admit_memory(&one, 1, true, 100 * MIB, need - 1, &e), -1);
	/* Two bundles share the slack and the margin. */
	need = 2 * need - bundle_memory_margin(100 * MIB) - 64 * 1024;
	assert_int_equal(bundle_admit_memory(two, 2, true, 100 * MIB, need, &e), 0);
	assert_int_equal(bundle_admit_memory(two, 2, true, 100 * MIB, need - 1, &e), -1);
	assert_non_null(strstr(e.text, "bundle tool with 1 more needs"));
	/* What only takes away needs nothing. */
	assert_int_equal(bundle_admit_memory(NULL, 0, true, 100 * MIB, 0, &e), 0);
	/* Above oomd's tripwire, however large the host. */
	assert_int_equal(bundle_memory_margin(100 * MIB), 12 * MIB);
	assert_int_equal(bundle_memory_margin(1000 * MIB), 46 * MIB);
}

static void contracts(void **state)
{
	struct bundle_contract worlds[] = { { .world = "a", .memory_min = 2 * MIB },
					    { .world = "b", .memory_min = MIB } };
	struct bundle_descriptor d = sample();
	const struct bundle_descriptor *one = &d;
	uint64_t need = bundle_stage_bytes(&one, 1) + 4 * MIB + 12 * MIB + 3 * MIB;
	struct err e = ERR_INIT;

	(void)state;
	d.contracts = worlds;
	d.n_contracts = 2;
	assert_int_equal(bundle_admit_memory(&one, 1, false, 100 * MIB, need, &e), 0);
	assert_int_equal(bundle_admit_memory(&one, 1, false, 100 * MIB, need - 1, &e), -1);
	assert_int_equal(bundle_admit_machine(&d, "x86_64", &e), 0);
	d.architecture = "aarch64";
	assert_int_equal(bundle_admit_machine(&d, "x86_64", &e), -1);
	assert_string_equal(e.text, "bundle tool is for aarch64, this host is x86_64");
}

static void live(void **state)
{
	struct bundle_descriptor d = sample();
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(bundle_admit_live(&d, false, &e), 0);
	assert_int_equal(bundle_admit_live_remove(&d, false, &e), 0);
	d.maintenance_mode = true;
	assert_int_equal(bundle_admit_live(&d, false, &e), -1);
	assert_int_equal(e.kind, ERR_CONFLICT);
	assert_int_equal(bundle_admit_live_remove(&d, false, &e), -1);
	assert_int_equal(bundle_admit_live(&d, true, &e), 0);
	assert_int_equal(bundle_admit_live_remove(&d, true, &e), 0);
	d = sample();
	d.live_install_allowed = false;
	assert_int_equal(bundle_admit_live(&d, false, &e), -1);
	assert_int_equal(bundle_admit_live_remove(&d, false, &e), 0);
	d.live_remove_allowed = false;
	assert_int_equal(bundle_admit_live_remove(&d, false, &e), -1);
}

/* What the host is there for, as far as it is up. */
static void maintenance(void **state)
{
	static const struct world_info list[] = {
		{ .name = "a", .pool = "host/user/a", .state = "running" },
		{ .name = "b", .pool = "host/user", .state = "backoff" },
		{ .name = "c", .pool = "host/user/c", .state = "down" },
		{ .name = "d", .pool = "host/user/x/d", .state = "starting" },
		{ .name = "e", .pool = "host/user/e", .state = "done" },
		{ .name = "f", .pool = "host/userx", .state = "running" },
		{ .name = "g", .pool = "host/system/g", .state = "running" },
		{ .name = "h", .pool = "host/user/h", .state = "failed" },
	};
	json_t *names = maintenance_choose(list, 8),
	       *expected = json_pack("[s, s, s]", "a", "b", "d");

	(void)state;
	assert_true(json_equal(names, expected));
	json_decref(names);
	json_decref(expected);
}

static void names(void **state)
{
	static struct vfs_tardisk taken[100];
	char out[VISORFS_NAME_MAX + 1], longest[BUNDLE_NAME_MAX + 1];
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(bundle_tardisk_name("tool", taken, 0, out, &e), 0);
	assert_string_equal(out, "tool.v00");
	for (int i = 0; i < 100; i++)
		snprintf(taken[i].name, sizeof(taken[i].name), "tool.v%02d", i);
	assert_int_equal(bundle_tardisk_name("tool", taken, 3, out, &e), 0);
	assert_string_equal(out, "tool.v03");
	assert_int_equal(bundle_tardisk_name("tool", taken, 100, out, &e), -1);
	assert_int_equal(e.kind, ERR_CONFLICT);
	memset(longest, 'x', BUNDLE_NAME_MAX);
	longest[BUNDLE_NAME_MAX] = '\0';
	assert_int_equal(bundle_tardisk_name(longest, taken, 0, out, &e), 0);
	assert_int_equal(strlen(out), VISORFS_NAME_MAX);
	assert_string_equal(out + VISORFS_NAME_MAX - 4, ".v00");
}

static void id(void **state)
{
	struct bundle_descriptor d = sample();
	char *text = bundle_id(&d);

	(void)state;
	assert_string_equal(text, "acme_bootbank_tool_1.2");
	free(text);
}

static const char descriptor[] =
	"{\"format\": 1, \"name\": \"tool\", \"version\": \"1.2\", \"vendor\": \"acme\","
	" \"summary\": \"A tool\", \"created\": \"2026-01-31T12:00:00Z\", \"type\": \"meta\","
	" \"acceptance_level\": \"community\", \"live_install_allowed\": true,"
	" \"live_remove_allowed\": true, \"files\": [], \"payloads\": []}";

static char *record_text(const char *tardisks)
{
	json_t *record = json_pack("{s:s, s:s, s:s, s:o, s:[{s:s, s:s}]}", "descriptor", descriptor,
				   "signature", "c2ln", "install_date", "2026-01-31", "tardisks",
				   json_loads(tardisks, 0, NULL), "overrides", "path", "/etc/x",
				   "below", "base.v00");
	char *text = json_dumps(record, 0);

	json_decref(record);
	return text;
}

static void record_and_back(void **state)
{
	struct bundle_record r, again;
	struct err e = ERR_INIT;
	char *text = record_text("[\"tool.v00\", \"tool.v01\"]");
	char *formatted;

	(void)state;
	if (bundle_record_parse(text, &r, &e) < 0)
		fail_msg("%s", e.text);
	assert_string_equal(r.d->name, "tool");
	assert_int_equal(r.n_tardisks, 2);
	assert_string_equal(r.tardisks[1], "tool.v01");
	assert_int_equal(bundle_record_format(&r, &formatted, &e), 0);
	assert_int_equal(bundle_record_parse(formatted, &again, &e), 0);
	assert_string_equal(again.d->version, "1.2");
	assert_string_equal(again.install_date, "2026-01-31");
	assert_string_equal(again.tardisks[0], "tool.v00");
	assert_int_equal(again.signature_len, 3);
	assert_memory_equal(again.signature, "sig", 3);
	assert_string_equal(again.text, descriptor);
	assert_int_equal(json_array_size(again.overrides), 1);
	bundle_record_free(&r);
	bundle_record_free(&again);
	free(formatted);
	free(text);
}

static void bad_records(void **state)
{
	static const char *const bad[] = {
		"",
		"[]",
		"{}",
		"{\"install_date\": \"2026-01-31\"}",
		"{\"install_date\": \"2026-01-31\", \"descriptor\": {}, \"tardisks\": []}",
	};
	char *text = record_text("[\"\"]");
	struct bundle_record r;
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(bundle_record_parse(bad[i], &r, &e), -1);
	assert_int_equal(bundle_record_parse(text, &r, &e), -1);
	free(text);
}

static void put_record(const char *path, const char *tardisks)
{
	char *text = record_text(tardisks);

	tree_write(path, text, 0644);
	free(text);
}

static bool exists(const char *path)
{
	return access(tree_path(path), F_OK) == 0;
}

/* A tardisk of that name, as visorfs shows it. */
static void put_tardisk(const char *name)
{
	static const char *const files[] = { "order",  "residency", "size",    "packed",
					     "memory", "files",	    "branches" };
	char path[256];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "/sys/fs/visorfs/0/tardisks/%s/%s", name, files[i]);
		tree_write(path, "1\n", 0444);
	}
}

/* A change that is on its way: a meta-bundle has no tardisks, so these are made up. */
static void put_journal(const char *tardisks)
{
	char *record = record_text(tardisks);
	json_t *journal = json_pack("{s:s, s:[o], s:[], s:[], s:[], s:{}, s:i, s:s, s:s}", "phase",
				    "switch", "in", json_loads(record, 0, NULL), "out", "paused",
				    "local", "restarts", "until", 0, "culprit", "", "why", "");
	char *text = json_dumps(journal, 0);

	tree_write(BUNDLE_CHANGE, text, 0600);
	json_decref(journal);
	free(record);
	free(text);
}

static void reconciles(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	put_tardisk("base.v00");
	put_tardisk("tool.v00");
	put_record(BUNDLE_RECORDS "/kept.json", "[\"tool.v00\"]");
	put_record(BUNDLE_RECORDS "/tool.json", "[\"gone.v00\"]");
	tree_write(BUNDLE_RECORDS "/broken.json", "{", 0644);
	if (core_reconcile(&e) < 0)
		fail_msg("%s", e.text);
	assert_true(exists(BUNDLE_RECORDS "/kept.json"));
	assert_false(exists(BUNDLE_RECORDS "/tool.json"));
	/* Interrupted before the switch, after it, and by a damaged journal. */
	put_journal("[\"tool.v01\"]");
	if (core_reconcile(&e) < 0)
		fail_msg("%s", e.text);
	assert_false(exists(BUNDLE_RECORDS "/tool.json"));
	assert_false(exists(BUNDLE_CHANGE));
	assert_false(core_unsettled());
	put_journal("[\"tool.v00\"]");
	if (core_reconcile(&e) < 0)
		fail_msg("%s", e.text);
	assert_true(exists(BUNDLE_RECORDS "/tool.json"));
	assert_true(core_unsettled());
	tree_write(BUNDLE_CHANGE, "{", 0600);
	if (core_reconcile(&e) < 0)
		fail_msg("%s", e.text);
	assert_false(exists(BUNDLE_CHANGE));
	remove(tree_path(BUNDLE_RECORDS "/kept.json"));
	remove(tree_path(BUNDLE_RECORDS "/broken.json"));
}

/* What was installed (from the test before), and the image's tardisk without descriptor. */
static void lists(void **state)
{
	struct err e = ERR_INIT;
	json_t *rows = NULL;

	(void)state;
	if (core_call("software.bundle.list", NULL, &rows, &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(json_array_size(rows), 2);
	assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 0), "name")),
			    "base.v00");
	assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 0), "type")),
			    "base");
	assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 1), "name")),
			    "tool");
	json_decref(rows);
}

static void removal_of_the_image(void **state)
{
	json_t *params = json_pack("{s:s}", "name", "base.v00");
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(core_call("software.bundle.remove", params, NULL, &e), -1);
	assert_int_equal(e.kind, ERR_CONFLICT);
	json_object_set_new(params, "name", json_string("nothing"));
	assert_int_equal(core_call("software.bundle.remove", params, NULL, &e), -1);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
	json_decref(params);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(staging),     cmocka_unit_test(memory),
		cmocka_unit_test(contracts),   cmocka_unit_test(live),
		cmocka_unit_test(maintenance), cmocka_unit_test(names),
		cmocka_unit_test(id),	       cmocka_unit_test(record_and_back),
		cmocka_unit_test(bad_records), cmocka_unit_test(reconciles),
		cmocka_unit_test(lists),       cmocka_unit_test(removal_of_the_image),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
