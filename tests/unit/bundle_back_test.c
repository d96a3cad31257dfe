// SPDX-License-Identifier: Apache-2.0
/* Decisions on the way to another set of bundles and back, and the journal of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/bundle/change.h"
#include "userworld/core/bundle/local.h"
#include "userworld/core/bundle/refused.h"
#include "userworld/core/bundle/services.h"
#include "userworld/core/bundle/watch.h"
#include "userworld/core/core.h"
#include "userworld/core/limited.h"
#include "userworld/core/lock.h"

#define DESCRIPTOR                                                                             \
	"{\"format\": 2, \"name\": \"tool\", \"version\": \"%s\", \"vendor\": \"acme\","       \
	" \"summary\": \"A tool\", \"created\": \"2026-01-31T12:00:00Z\", \"type\": \"meta\"," \
	" \"acceptance_level\": \"community\", \"health_window\": 30, \"files\": [],"          \
	" \"payloads\": []}"

static struct bundle_record record(const char *version, const char *tardisk)
{
	struct bundle_record r;
	struct err e = ERR_INIT;
	char text[1024];
	json_t *json;

	snprintf(text, sizeof(text), DESCRIPTOR, version);
	json = json_pack("{s:s, s:s, s:s, s:[s], s:[]}", "descriptor", text, "signature", "",
			 "install_date", "2026-01-31", "tardisks", tardisk, "overrides");
	if (bundle_record_from_json(json, &r, &e) < 0)
		fail_msg("%s", e.text);
	json_decref(json);
	return r;
}

/* An update of tool from 1 in tool.v00 to 2 in tool.v01. */
static void make_change(struct bundle_change *c, struct bundle_record *in,
			struct bundle_record *out)
{
	struct err e = ERR_INIT;

	*in = record("2", "tool.v01");
	*out = record("1", "tool.v00");
	assert_int_equal(bundle_change_init(c, 1, 1, &e), 0);
	c->in[0] = in;
	c->out[0] = out;
	json_array_append_new(c->paused, json_string("net"));
	json_array_append_new(c->held, json_string("idler"));
	json_array_append_new(c->local, json_pack("{s:s}", "path", "/etc/x"));
	json_object_set_new(c->restarts, "tool", json_integer(3));
	c->until = 1234;
	strcpy(c->culprit, "tool");
	strcpy(c->why, "it \"failed\"");
}

static void journal(void **state)
{
	struct bundle_change c, again;
	struct bundle_record in, out;
	struct err e = ERR_INIT;
	char *text;

	(void)state;
	make_change(&c, &in, &out);
	c.phase = CHANGE_WATCH;
	assert_int_equal(bundle_change_format(&c, &text, &e), 0);
	if (bundle_change_parse(text, &again, &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(again.phase, CHANGE_WATCH);
	assert_int_equal(again.n_in, 1);
	assert_string_equal(again.in[0]->d->version, "2");
	assert_string_equal(again.out[0]->tardisks[0], "tool.v00");
	assert_string_equal(json_string_value(json_array_get(again.paused, 0)), "net");
	assert_true(bundle_services_held(again.held, "idler"));
	assert_false(bundle_services_held(again.held, "idle"));
	assert_int_equal(json_integer_value(json_object_get(again.restarts, "tool")), 3);
	assert_int_equal(json_array_size(again.local), 1);
	assert_int_equal(again.until, 1234);
	assert_string_equal(again.why, "it \"failed\"");
	bundle_change_free(&again);
	/* Cut anywhere it is refused, and nothing leaks. */
	for (size_t len = strlen(text); len-- > 0;) {
		text[len] = '\0';
		assert_int_equal(bundle_change_parse(text, &again, &e), -1);
		assert_int_equal(e.kind, ERR_INVALID);
	}
	free(text);
	bundle_change_free(&c);
	bundle_record_free(&in);
	bundle_record_free(&out);
}

static void visorfs_decides(void **state)
{
	struct vfs_tardisk before[] = { { .name = "base.v00" }, { .name = "tool.v00" } };
	struct vfs_tardisk after[] = { { .name = "base.v00" }, { .name = "tool.v01" } };
	struct bundle_change c;
	struct bundle_record in, out;

	(void)state;
	make_change(&c, &in, &out);
	assert_false(bundle_change_switched(&c, before, 2));
	assert_true(bundle_change_switched(&c, after, 2));
	assert_true(bundle_change_brings(&c, "tool"));
	assert_false(bundle_change_brings(&c, "too"));
	c.n_in = 0; /* a removal */
	assert_false(bundle_change_switched(&c, before, 2));
	assert_true(bundle_change_switched(&c, after, 1));
	bundle_change_free(&c);
	bundle_record_free(&in);
	bundle_record_free(&out);
}

#define NONE "-"

static struct local_print print(const char *sum)
{
	struct local_print p = { .there = strcmp(sum, NONE) != 0, .mode = 0101644 };

	snprintf(p.sha256, sizeof(p.sha256), "%s", sum);
	return p;
}

static void three_ways(void **state)
{
	/* What the old version shipped, what the new one ships, what is here. */
	static const struct {
		const char *old, *new, *here;
		enum local_action branch, ramdisk; /* for either kind of a changed file */
	} cases[] = {
		{ "a", "b", "a", LOCAL_NOTHING, LOCAL_RENEW },
		{ "a", "b", "b", LOCAL_NOTHING, LOCAL_NOTHING },
		{ "a", "b", "c", LOCAL_CONFLICT, LOCAL_CONFLICT },
		{ "a", "b", NONE, LOCAL_CONFLICT, LOCAL_CONFLICT },
		{ "a", "a", "c", LOCAL_KEPT, LOCAL_KEPT },
		{ "a", "a", "a", LOCAL_NOTHING, LOCAL_NOTHING },
		{ "a", "a", NONE, LOCAL_KEPT, LOCAL_KEPT },
		{ "a", NONE, "a", LOCAL_NOTHING, LOCAL_DROP },
		{ "a", NONE, "c", LOCAL_ORPHANED, LOCAL_ORPHANED },
		{ "a", NONE, NONE, LOCAL_NOTHING, LOCAL_NOTHING },
		{ NONE, "b", "c", LOCAL_CONFLICT, LOCAL_CONFLICT },
		{ NONE, "b", "b", LOCAL_NOTHING, LOCAL_NOTHING },
		{ NONE, "b", NONE, LOCAL_CONFLICT, LOCAL_CONFLICT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct local_facts f = { .changed = true };

		f.old = print(cases[i].old);
		f.new = print(cases[i].new);
		f.here = print(cases[i].here);
		if (local_decide(&f) != cases[i].branch)
			fail_msg("case %zu: branch", i);
		f.ramdisk = true;
		if (local_decide(&f) != cases[i].ramdisk)
			fail_msg("case %zu: file of a ramdisk", i);
		f.changed = false;
		assert_int_equal(local_decide(&f), LOCAL_NOTHING);
	}
}

/* What a bundle that leaves had goes with it, but not before there is no way back. */
static void leaving(void **state)
{
	static const struct {
		const char *new, *here;
		bool ramdisk, final;
		enum local_action action;
	} cases[] = {
		{ NONE, "c", false, false, LOCAL_REMOVED },
		{ NONE, "c", true, false, LOCAL_REMOVED },
		{ NONE, "c", false, true, LOCAL_NOTHING },
		{ NONE, "c", true, true, LOCAL_REMOVED },
		{ NONE, "a", false, false, LOCAL_NOTHING },
		{ NONE, "a", true, false, LOCAL_DROP },
		{ NONE, NONE, true, true, LOCAL_NOTHING },
		{ "b", "c", true, true, LOCAL_CONFLICT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct local_facts f = { .changed = true, .leaves = true };

		f.old = print("a");
		f.new = print(cases[i].new);
		f.here = print(cases[i].here);
		f.ramdisk = cases[i].ramdisk;
		f.final = cases[i].final;
		if (local_decide(&f) != cases[i].action)
			fail_msg("case %zu: %s", i, local_action_name(local_decide(&f)));
	}
	assert_string_equal(local_action_name(LOCAL_REMOVED), "removed");
}

/* Another mode or owner is a change as well. */
static void modes_count(void **state)
{
	struct local_facts f = { .changed = true };

	(void)state;
	f.old = f.new = f.here = print("a");
	f.here.mode = 0101600;
	assert_int_equal(local_decide(&f), LOCAL_KEPT);
	f.here = f.old;
	f.here.gid = 5;
	assert_int_equal(local_decide(&f), LOCAL_KEPT);
	assert_string_equal(local_action_name(LOCAL_CONFLICT), "conflict");
}

static void judges(void **state)
{
	static const struct {
		const char *state;
		unsigned int restarts;
		int during, end;
	} cases[] = {
		{ "running", 3, 0, 0 },
		{ "done", 3, 0, 0 },
		{ "starting", 3, 0, -1 },
		{ "waiting", 3, 0, -1 },
		{ "running", 4, -1, -1 },
		{ "backoff", 3, -1, -1 },
		{ "ending", 3, -1, -1 },
		{ "failed", 3, -1, -1 },
		{ "restarting", 3, 0, -1 },
		/* Somebody wants it so; but not if it had failed before. */
		{ "stopping", 3, 0, 0 },
		{ "down", 3, 0, 0 },
		{ "down", 4, -1, -1 },
	};
	struct world_info w = { .name = "tool" };
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		strcpy(w.state, cases[i].state);
		w.restarts = cases[i].restarts;
		if (bundle_watch_judge(&w, 1, "tool", 3, false, &e) != cases[i].during ||
		    bundle_watch_judge(&w, 1, "tool", 3, true, &e) != cases[i].end)
			fail_msg("case %zu: %s", i, e.text);
	}
	assert_int_equal(bundle_watch_judge(&w, 1, "other", 0, false, &e), -1);
	assert_string_equal(e.text, "service other is not known to the supervisor");
}

/* What somebody has stopped stays down; what failed or is on its way gets another try. */
static void stays_down(void **state)
{
	static const struct world_info list[] = {
		{ .name = "off", .state = "down" },   { .name = "on", .state = "running" },
		{ .name = "bad", .state = "failed" }, { .name = "late", .state = "backoff" },
		{ .name = "other", .state = "down" },
	};
	static char *names[] = { "on", "off", "bad", "late", "unknown" };
	const struct bundle_descriptor d = { .services = { names, 5 } };
	json_t *held = json_array();

	(void)state;
	bundle_services_down(list, 5, &d, held);
	assert_int_equal(json_array_size(held), 1);
	assert_true(bundle_services_held(held, "off"));
	json_decref(held);
}

/* Who holds it for a moment keeps nobody away. */
static void waits_for_the_lock(void **state)
{
	static const char name[] = "/run/visoros/test.lock";
	struct err e = ERR_INIT;
	int lock = core_lock_within(name, 0, &e), again;
	pid_t pid;

	(void)state;
	assert_true(lock >= 0);
	assert_int_equal(core_lock_within(name, 120, &e), -1);
	assert_int_equal(e.kind, ERR_CONFLICT);
	pid = fork();
	if (pid == 0) {
		usleep(200000);
		_exit(0); /* its copy of the descriptor is the last one */
	}
	close(lock);
	again = core_lock_within(name, 60000, &e);
	assert_true(again >= 0);
	close(again);
	waitpid(pid, NULL, 0);
}

static void remembers(void **state)
{
	struct bundle_descriptor d = { .name = "tool", .version = "2", .vendor = "acme" };
	struct err e = ERR_INIT;
	json_t *list = NULL;

	(void)state;
	assert_int_equal(bundle_refused_check(&d, &e), 0);
	assert_int_equal(bundle_refused_add(&d, "no reason", &e), 0);
	assert_int_equal(bundle_refused_add(&d, "some reason", &e), 0);
	assert_int_equal(bundle_refused_check(&d, &e), -1);
	assert_int_equal(e.kind, ERR_CONFLICT);
	assert_non_null(strstr(e.text, "bundle tool 2 failed on this host at 20"));
	assert_non_null(strstr(e.text, "some reason"));
	d.vendor = "other";
	assert_int_equal(bundle_refused_check(&d, &e), 0);
	assert_int_equal(core_call("software.refused.list", NULL, &list, &e), 0);
	assert_int_equal(json_array_size(list), 1);
	json_decref(list);
	assert_int_equal(bundle_refused_remove("tool", "3", &e), -1);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
	assert_int_equal(bundle_refused_remove("tool", NULL, &e), 0);
	/* The last one takes the file along. */
	assert_int_not_equal(access(tree_path(BUNDLE_REFUSED), F_OK), 0);
	tree_write(BUNDLE_REFUSED, "what?", 01644);
	assert_int_equal(bundle_refused_check(&d, &e), 0);
	assert_int_equal(remove(tree_path(BUNDLE_REFUSED)), 0);
}

static void forgets_the_oldest(void **state)
{
	json_t *list = json_array();

	(void)state;
	for (int i = 0; i < BUNDLE_REFUSED_MAX + 2; i++) {
		char version[16];
		json_t *entry;

		snprintf(version, sizeof(version), "%d", i);
		entry = json_pack("{s:s, s:s, s:s}", "name", "tool", "version", version, "vendor",
				  "acme");
		refused_put(list, entry);
		json_decref(entry);
	}
	assert_int_equal(json_array_size(list), BUNDLE_REFUSED_MAX);
	assert_int_equal(refused_find(list, "tool", "1", "acme"), -1);
	assert_int_equal(refused_find(list, "tool", "2", "acme"), 0);
	assert_int_equal(refused_drop(list, "tool", "2"), 1);
	json_decref(list);
}

static int run(const char *script, unsigned int timeout, struct err *e)
{
	const char *const argv[] = { "/bin/sh", "-c", script, NULL };
	const char *const env[] = { "PATH=/usr/bin:/bin", NULL };

	*e = (struct err)ERR_INIT;
	return limited_run("test", argv, env, timeout, e);
}

static void runs_with_limits(void **state)
{
	static const char *const missing[] = { "/nowhere/at/all", NULL };
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(run("exit 0", 10, &e), 0);
	assert_int_equal(run("echo one; echo two >&2; exit 7", 10, &e), -1);
	assert_string_equal(e.text, "ended with exit code 7: two");
	assert_int_equal(run("printf 'a\\033b'; exit 1", 10, &e), -1);
	assert_string_equal(e.text, "ended with exit code 1: a?b");
	assert_int_equal(run("kill -TERM $$", 10, &e), -1);
	assert_string_equal(e.text, "was ended by signal 15");
	assert_int_equal(run("sleep 100", 1, &e), -1);
	assert_string_equal(e.text, "did not end within 1 s");
	/* It closes its output and goes on, and more output than a pipe holds. */
	assert_int_equal(run("exec >&- 2>&-; sleep 0.2", 10, &e), 0);
	assert_int_equal(run("i=0; while [ $i -lt 3000 ]; do i=$((i+1)); "
			     "echo 0123456789012345678901234567890123456789; done",
			     20, &e),
			 0);
	assert_int_equal(limited_run("test", missing, missing, 5, &e), -1);
	assert_non_null(strstr(e.text, "ended with exit code 127: /nowhere/at/all: No such file"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(journal),
		cmocka_unit_test(visorfs_decides),
		cmocka_unit_test(three_ways),
		cmocka_unit_test(modes_count),
		cmocka_unit_test(leaving),
		cmocka_unit_test(judges),
		cmocka_unit_test(remembers),
		cmocka_unit_test(runs_with_limits),
		cmocka_unit_test(forgets_the_oldest),
		cmocka_unit_test(stays_down),
		cmocka_unit_test(waits_for_the_lock),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
