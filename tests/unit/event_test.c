// SPDX-License-Identifier: Apache-2.0
/* The store of events: bounded, and never a reason to fail. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/core.h"
#include "userworld/core/event.h"

static const char *text_of(json_t *rows, size_t i)
{
	return json_string_value(json_object_get(json_array_get(rows, i), "text"));
}

static json_t *list(int limit)
{
	json_t *params = json_pack("{s:i}", "limit", limit);
	json_t *rows = NULL;
	struct err e = ERR_INIT;

	if (core_call("system.event.list", params, &rows, &e) < 0)
		fail_msg("%s", e.text);
	json_decref(params);
	return rows;
}

static void empty(void **state)
{
	json_t *rows = list(10);

	(void)state;
	assert_int_equal(json_array_size(rows), 0);
	json_decref(rows);
}

static void newest_first(void **state)
{
	json_t *rows;

	(void)state;
	core_event("test", "info", "number %d", 1);
	core_event("test", "warning", "number %d", 2);
	rows = list(10);
	assert_int_equal(json_array_size(rows), 2);
	assert_string_equal(text_of(rows, 0), "number 2");
	assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 0), "level")),
			    "warning");
	json_decref(rows);
	rows = list(1);
	assert_int_equal(json_array_size(rows), 1);
	json_decref(rows);
}

static void bounded(void **state)
{
	json_t *rows;

	(void)state;
	for (int i = 0; i < EVENT_ROWS + 50; i++)
		assert_int_equal(event_store_add(tree_path(EVENT_DB), "test", "info", "many", NULL),
				 0);
	rows = list(EVENT_ROWS);
	assert_int_equal(json_array_size(rows), EVENT_ROWS);
	assert_string_equal(text_of(rows, EVENT_ROWS - 1), "many");
	json_decref(rows);
}

static void damaged(void **state)
{
	json_t *rows;

	(void)state;
	tree_write(EVENT_DB, "this is no database, and long enough to be looked at as one", 0600);
	core_event("test", "error", "after the damage");
	rows = list(10);
	assert_int_equal(json_array_size(rows), 1);
	assert_string_equal(text_of(rows, 0), "after the damage");
	json_decref(rows);
}

/* The file stands, the table does not: half a write of somebody else. */
static void damaged_inside(void **state)
{
	FILE *f = fopen(tree_path(EVENT_DB), "r+");
	json_t *rows;

	(void)state;
	assert_non_null(f);
	fseek(f, 100, SEEK_SET);
	for (int i = 0; i < 3000; i++)
		fputc(0x5a, f);
	fclose(f);
	core_event("test", "info", "again");
	rows = list(10);
	assert_string_equal(text_of(rows, 0), "again");
	json_decref(rows);
}

static void unwritable(void **state)
{
	(void)state;
	/* A folder in its place: the event goes to the log only, and errno is kept. */
	unlink(tree_path(EVENT_DB));
	tree_write(EVENT_DB "/x", "", 0600);
	errno = EXDEV;
	core_event("test", "info", "lost");
	assert_int_equal(errno, EXDEV);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty),	  cmocka_unit_test(newest_first),
		cmocka_unit_test(bounded),	  cmocka_unit_test(damaged),
		cmocka_unit_test(damaged_inside), cmocka_unit_test(unwritable),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
