// SPDX-License-Identifier: Apache-2.0
/* The store of events: bounded, filtered, and never a reason to fail. */
#include "userworld/core/event.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/events.h"
#include "userworld/core/event/store.h"

static void empty(void **state)
{
	json_t *rows = list(10);

	(void)state;
	assert_int_equal(json_array_size(rows), 0);
	json_decref(rows);
}

static void newest_first(void **state)
{
	json_t *rows, *row;

	(void)state;
	core_set_actor("eve (network)");
	core_event(EVENT_BUNDLE_INSTALLED,
		   EVENT_WITH(EVENT_STR("bundle", "b"), EVENT_STR("version", "1")), "number %d", 1);
	core_event(EVENT_AUTH_LOCKED, EVENT_WITH(EVENT_NUM("seconds", 60)), "number %d\n\xff", 2);
	rows = list(10);
	assert_int_equal(json_array_size(rows), 2);
	assert_string_equal(field(rows, 0, "text"), "number 2 ?");
	assert_string_equal(field(rows, 0, "severity"), "warning");
	assert_string_equal(field(rows, 0, "id"), "auth.locked");
	assert_string_equal(field(rows, 0, "user"), "eve (network)");
	row = json_object_get(json_array_get(rows, 0), "details");
	assert_int_equal(json_integer_value(json_object_get(row, "seconds")), 60);
	row = json_object_get(json_array_get(rows, 1), "details");
	assert_string_equal(json_string_value(json_object_get(row, "version")), "1");
	assert_true(number_of(rows, 0) > number_of(rows, 1));
	json_decref(rows);
	rows = list(1);
	assert_int_equal(json_array_size(rows), 1);
	json_decref(rows);
}

static size_t count_of(json_t *params)
{
	json_t *rows = call("system.event.list", params);
	size_t n = json_array_size(rows);

	json_decref(rows);
	return n;
}

static void filters(void **state)
{
	json_int_t number;
	json_t *rows;

	(void)state;
	core_event(EVENT_BUNDLE_INSTALLED, NULL, "one");
	core_event(EVENT_BUNDLE_INSTALL_FAILED, NULL, "two");
	core_event(EVENT_AUTH_LOCKED, NULL, "three");
	rows = list(10);
	number = number_of(rows, 2);
	json_decref(rows);
	rows = call("system.event.list", json_pack("{s:I, s:i}", "since", number, "limit", 1));
	assert_int_equal(json_array_size(rows), 1);
	assert_string_equal(field(rows, 0, "text"), "two");
	json_decref(rows);
	assert_int_equal(count_of(json_pack("{s:I}", "since", number)), 2);
	assert_int_equal(count_of(json_pack("{s:I}", "since", number + 2)), 0);
	assert_int_equal(count_of(json_pack("{s:I}", "before", number + 2)), 2);
	assert_int_equal(count_of(json_pack("{s:s}", "severity", "error")), 1);
	assert_int_equal(count_of(json_pack("{s:s}", "severity", "warning")), 2);
	assert_int_equal(count_of(json_pack("{s:s}", "id", "bundle")), 2);
	assert_int_equal(count_of(json_pack("{s:s}", "id", "bundle.install")), 1);
	assert_int_equal(count_of(json_pack("{s:s}", "id", "bun")), 0);
	assert_int_equal(count_of(json_pack("{s:s}", "from", "2001-02-03T04:05:06.789Z")), 3);
	assert_int_equal(count_of(json_pack("{s:s}", "to", "2001-02-03")), 0);
}

static void refused(const char *name, const char *value)
{
	json_t *params = json_pack("{s:s}", name, value), *rows = NULL;
	struct err e = ERR_INIT;

	assert_int_equal(core_call("system.event.list", params, &rows, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	assert_non_null(strstr(e.text, name));
	json_decref(params);
}

static void bad_filters(void **state)
{
	static const char *const times[] = { "yesterday", "2026-13-01", "2026-01-01T10:00:00",
					     "2026-01-01T10:00:00.5Z", "2026-01-01 10:00:00Z" };

	(void)state;
	refused("severity", "fatal");
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		refused("from", times[i]);
}

/* A flood of one severity leaves the others alone. */
static void bounded(void **state)
{
	json_t *rows;

	(void)state;
	full("tmp");
	for (int i = 0; i < EVENT_ROWS / 2 + 20; i++)
		core_event(EVENT_BUNDLE_INSTALLED, NULL, "many");
	rows = list(EVENT_ROWS);
	assert_int_equal(json_array_size(rows), EVENT_ROWS / 2 + 1);
	assert_string_equal(field(rows, EVENT_ROWS / 2, "text"), "tmp is full");
	json_decref(rows);
	for (int i = 0; i < EVENT_ROWS / 2; i++) {
		full("var");
		core_event(EVENT_AUTH_LOCKED, NULL, "many");
	}
	assert_int_equal(
		count_of(json_pack("{s:s, s:i}", "severity", "error", "limit", EVENT_ROWS)),
		EVENT_ROWS / 5);
	assert_int_equal(count_of(json_pack("{s:i}", "limit", EVENT_ROWS)), EVENT_ROWS);
}

/* Events as long as they can be, more than there may be: the file does not grow above its bound. */
static void bounded_in_bytes(void **state)
{
	static const enum event_id ids[] = { EVENT_BUNDLE_INSTALLED, EVENT_AUTH_LOCKED,
					     EVENT_BUNDLE_STUCK };
	char text[EVENT_TEXT_MAX], detail[400];
	struct stat st;
	json_t *rows;

	(void)state;
	memset(text, 't', sizeof(text));
	memset(detail, 'd', sizeof(detail));
	text[sizeof(text) - 1] = detail[sizeof(detail) - 1] = '\0';
	for (int i = 0; i < EVENT_ROWS / 2 + 20; i++)
		for (size_t k = 0; k < sizeof(ids) / sizeof(ids[0]); k++)
			core_event(ids[k], EVENT_WITH(EVENT_STR("bundle", detail)), "%03d%s", i,
				   text);
	assert_int_equal(stat(tree_path(EVENT_DB), &st), 0);
	assert_in_range(st.st_size, 500 << 10, 1 << 20);
	rows = list(EVENT_ROWS);
	assert_in_range(json_array_size(rows), 300, EVENT_ROWS);
	for (size_t k = 0; k < sizeof(ids) / sizeof(ids[0]); k++)
		assert_memory_equal(field(rows, k, "text"), "519", 3);
	json_decref(rows);
}

static void damaged(void **state)
{
	json_t *rows;

	(void)state;
	tree_write(EVENT_DB, "this is no database, and long enough to be looked at as one", 0600);
	core_event(EVENT_BUNDLE_INSTALL_FAILED, NULL, "after the damage");
	rows = list(10);
	assert_int_equal(json_array_size(rows), 1);
	assert_string_equal(field(rows, 0, "text"), "after the damage");
	/* Above all numbers of the store before. */
	assert_true(number_of(rows, 0) > 1000);
	json_decref(rows);
}

/* The file stands, the table does not: half a write of somebody else. */
static void damaged_inside(void **state)
{
	FILE *f;
	json_t *rows;

	(void)state;
	full("tmp");
	f = fopen(tree_path(EVENT_DB), "r+");
	assert_non_null(f);
	fseek(f, 100, SEEK_SET);
	for (int i = 0; i < 3000; i++)
		fputc(0x5a, f);
	fclose(f);
	core_event(EVENT_BUNDLE_INSTALLED, NULL, "again");
	rows = list(10);
	assert_string_equal(field(rows, 0, "text"), "again");
	json_decref(rows);
}

/* Writes of SQLite until its file system is full; -1: never. */
static int writes_left = -1;
static int refused_writes;

static ssize_t write_while_room(int fd, const void *data, size_t len, off_t at)
{
	if (writes_left == 0) {
		refused_writes++;
		errno = ENOSPC;
		return -1;
	}
	if (writes_left > 0)
		writes_left--;
	return pwrite(fd, data, len, at);
}

static int add(sqlite3 *db, void *row, struct err *e)
{
	return store_add(db, row, e);
}

/* Whichever write finds no room, the words are those of SQLite for it. An alarm writes most. */
static void full_at_every_write(void **state)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	static char text[EVENT_TEXT_MAX];
	struct event_row row = { .type = event_type(EVENT_RAMDISK_FULL),
				 .source = "test",
				 .user = "",
				 .text = text,
				 .details = "{\"ramdisk\":\"tmp\"}" };
	int failures = 0;

	(void)state;
	assert_int_equal(vfs->xSetSystemCall(vfs, "pwrite", (sqlite3_syscall_ptr)write_while_room),
			 SQLITE_OK);
	assert_int_equal(
		vfs->xSetSystemCall(vfs, "pwrite64", (sqlite3_syscall_ptr)write_while_room),
		SQLITE_OK);
	memset(text, 't', sizeof(text) - 1);
	for (int n = 0; n < 100; n++) {
		struct err e = ERR_INIT;
		int rc;

		forget(NULL);
		full("var");
		refused_writes = 0;
		writes_left = n;
		rc = store_run(tree_path(EVENT_DB), add, &row, &e);
		writes_left = -1;
		if (!refused_writes)
			break;
		if (rc == 0)
			continue;
		failures++;
		if (!strstr(e.text, "events.db: database or disk is full") ||
		    e.kind != ERR_NO_SPACE)
			fail_msg("write %d: %s: %s", n, err_name(e.kind), e.text);
	}
	assert_int_equal(refused_writes, 0);
	assert_true(failures > 3);
	vfs->xSetSystemCall(vfs, NULL, NULL);
}

static void unwritable(void **state)
{
	(void)state;
	/* A folder in its place: the event goes to the log only, and errno is kept. */
	tree_write(EVENT_DB "/x", "", 0600);
	errno = EXDEV;
	core_event(EVENT_BUNDLE_INSTALLED, NULL, "lost");
	assert_int_equal(errno, EXDEV);
	unlink(tree_path(EVENT_DB "/x"));
	rmdir(tree_path(EVENT_DB));
}

static void spooled(struct spool *spool, const char *line)
{
	struct record r = { .severity = LOG_ERR, .component = "oomd", .uptime = uptime_now() };

	snprintf(r.text, sizeof(r.text), "%s", line);
	spool_put(spool, &r);
}

static void collected_once(void **state)
{
	static char path[4096];
	struct spool spool = { .fd = -1 };
	json_t *rows, *details;

	(void)state;
	tree_write("/run/x", "", 0600);
	snprintf(path, sizeof(path), "%s", tree_path(SPOOL_FILE));
	spool_open(&spool, path);
	assert_true(spool.fd >= 0);
	spooled(&spool, "victim: x [oom.victim] {\"service\":\"x\",\"ms\":7}");
	spooled(&spool, "no event");
	spooled(&spool, "nobody [oom.nobody] {broken}");
	spooled(&spool, "short [oom.short] {\"broken");
	rows = list(10);
	assert_int_equal(json_array_size(rows), 2);
	assert_string_equal(field(rows, 0, "text"), "short");
	details = json_object_get(json_array_get(rows, 0), "details");
	assert_int_equal(json_object_size(details), 0);
	assert_string_equal(field(rows, 1, "text"), "victim: x");
	assert_string_equal(field(rows, 1, "source"), "oomd");
	assert_string_equal(field(rows, 1, "user"), "");
	details = json_object_get(json_array_get(rows, 1), "details");
	assert_int_equal(json_integer_value(json_object_get(details, "ms")), 7);
	json_decref(rows);
	spooled(&spool, "nobody [oom.nobody] {\"candidates\":1}");
	rows = alarms();
	assert_int_equal(json_array_size(rows), 1);
	json_decref(rows);
	rows = list(10);
	assert_int_equal(json_array_size(rows), 3);
	json_decref(rows);
	for (int i = 0; i < SPOOL_SLOTS + 4; i++)
		spooled(&spool, "short [oom.short]");
	rows = list(1000);
	assert_int_equal(json_array_size(rows), 3 + 1 + SPOOL_SLOTS);
	assert_string_equal(field(rows, SPOOL_SLOTS, "text"), "4 events were not kept");
	json_decref(rows);
	/* Who tells it may not know whether the alarm stands: once it is news. */
	spooled(&spool, "enough [oom.over]");
	spooled(&spool, "enough [oom.over]");
	rows = alarms();
	assert_int_equal(json_array_size(rows), 0);
	json_decref(rows);
	assert_int_equal(count_of(json_pack("{s:s}", "id", "oom.over")), 1);
	close(spool.fd);
}

static void *later(void *arg)
{
	usleep(100000);
	core_event(EVENT_BUNDLE_INSTALLED, NULL, "late");
	return arg;
}

static void waiting(void **state)
{
	json_t *rows;
	pthread_t thread;
	struct err e = ERR_INIT;
	time_t began;

	(void)state;
	full("tmp");
	assert_int_equal(event_wait(0, 10, 0, &rows, &e), 0);
	assert_int_equal(json_array_size(rows), 1);
	json_decref(rows);
	assert_int_equal(event_wait(1, 10, 1, &rows, &e), 0);
	assert_int_equal(json_array_size(rows), 0);
	json_decref(rows);
	assert_int_equal(pthread_create(&thread, NULL, later, NULL), 0);
	began = time(NULL);
	assert_int_equal(event_wait(1, 10, 60000, &rows, &e), 0);
	pthread_join(thread, NULL);
	/* The event ended the wait, not the time. */
	assert_true(time(NULL) - began < 50);
	assert_int_equal(json_array_size(rows), 1);
	assert_string_equal(field(rows, 0, "text"), "late");
	json_decref(rows);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(empty, forget),
		cmocka_unit_test_setup(newest_first, forget),
		cmocka_unit_test_setup(filters, forget),
		cmocka_unit_test_setup(bad_filters, forget),
		cmocka_unit_test_setup(bounded, forget),
		cmocka_unit_test_setup(bounded_in_bytes, forget),
		cmocka_unit_test_setup(damaged, forget),
		cmocka_unit_test_setup(damaged_inside, forget),
		cmocka_unit_test_setup(full_at_every_write, forget),
		cmocka_unit_test_setup(unwritable, forget),
		cmocka_unit_test_setup(collected_once, forget),
		cmocka_unit_test_setup(waiting, forget),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
