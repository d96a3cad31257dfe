// SPDX-License-Identifier: Apache-2.0
/* The table of tasks. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "userworld/core/system/task.h"
#include "userworld/hostd/tasks.h"

static json_t *add(struct tasks *t, const char *id, const char *key)
{
	const struct task_start start = { .id = id,
					  .op = "a.b",
					  .what = " x=1",
					  .user = "root",
					  .from = "192.0.2.7",
					  .key = key,
					  .digest = "d",
					  .cancellable = true,
					  .now = 1000000000 };

	return tasks_add(t, &start);
}

static const char *text(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key));
}

static void lives(void **state)
{
	struct tasks t;
	json_t *row, *result = json_integer(7);

	(void)state;
	assert_int_equal(tasks_load(&t, NULL, 0, NULL), 0);
	row = add(&t, "1", "");
	assert_true(task_runs(row));
	assert_string_equal(text(row, "started"), "2001-09-09T01:46:40Z");
	assert_int_equal(json_integer_value(json_object_get(row, "revision")), 1);
	assert_true(tasks_progress(&t, row, 0));
	assert_true(tasks_progress(&t, row, 40));
	assert_false(tasks_progress(&t, row, 40));
	assert_false(tasks_progress(&t, row, 3));
	assert_false(tasks_progress(&t, row, 101));
	assert_int_equal(t.revision, 3);
	tasks_end(&t, row, result, NULL, 1000000001);
	assert_string_equal(text(row, "state"), "done");
	assert_true(json_is_false(json_object_get(row, "cancellable")));
	assert_ptr_equal(task_result(row, NULL), result);
	json_decref(result);
	json_decref(t.rows);
}

static void ends_badly(void **state)
{
	struct err failed = { ERR_INVALID, 0, "not good: \xff" }, cancelled = ERR_INIT,
		   got = ERR_INIT;
	struct tasks t;
	json_t *row;

	(void)state;
	tasks_load(&t, NULL, 0, NULL);
	row = add(&t, "1", "");
	tasks_end(&t, row, NULL, &failed, 0);
	assert_string_equal(text(row, "state"), "failed");
	assert_null(task_result(row, &got));
	assert_int_equal(got.kind, ERR_INVALID);
	assert_non_null(strstr(got.text, "not good"));
	row = add(&t, "2", "");
	err_set(&cancelled, ERR_CONFLICT, "cancelled");
	cancelled.num = ECANCELED;
	tasks_end(&t, row, NULL, &cancelled, 0);
	assert_string_equal(text(row, "state"), "cancelled");
	json_decref(t.rows);
}

/* What ran when hostd died is said to be interrupted; the rest is as it was. */
static void after_a_death(void **state)
{
	struct tasks t, u;
	json_t *row, *nothing = json_null();
	struct err e = ERR_INIT;
	char *file;

	(void)state;
	tasks_load(&t, NULL, 0, NULL);
	row = add(&t, "1", "k");
	tasks_worker(row, 77, 1234);
	tasks_end(&t, add(&t, "2", ""), nothing, NULL, 0);
	file = tasks_text(&t);
	assert_int_equal(tasks_load(&u, file, 5, &e), 0);
	row = json_array_get(u.rows, 0);
	assert_string_equal(text(row, "state"), "interrupted");
	assert_null(json_object_get(row, "pid"));
	assert_null(task_result(row, &e));
	assert_int_equal(e.kind, ERR_UNAVAILABLE);
	assert_string_equal(text(json_array_get(u.rows, 1), "state"), "done");
	assert_true(u.revision > t.revision);
	assert_ptr_equal(tasks_of_key(&u, "root", "k"), row);
	assert_null(tasks_of_key(&u, "other", "k"));
	free(file);
	json_decref(t.rows);
	json_decref(u.rows);
}

static void damaged_file(void **state)
{
	static const char *const bad[] = { "", "{", "[]x", "\xff" };
	static const char *const odd[] = { "[]", "{}", "{\"tasks\": 7}",
					   "{\"tasks\": [7, {}, null]}" };
	struct err e = ERR_INIT;
	struct tasks t;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(tasks_load(&t, bad[i], 0, &e), -1);
		assert_int_equal(json_array_size(t.rows), 0);
		json_decref(t.rows);
	}
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(tasks_load(&t, odd[i], 0, &e), 0);
		assert_int_equal(json_array_size(t.rows), 0);
		assert_non_null(add(&t, "1", ""));
		json_decref(t.rows);
	}
}

static void has_room(void **state)
{
	json_t *nothing = json_null(), *first = NULL, *row;
	struct tasks t;
	char id[16];

	(void)state;
	tasks_load(&t, NULL, 0, NULL);
	for (int i = 0; i < TASKS_MAX; i++) {
		snprintf(id, sizeof(id), "%d", i);
		row = add(&t, id, "");
		assert_non_null(row);
		if (i == 5)
			first = row;
	}
	assert_null(add(&t, "more", ""));
	/* One that has ended gives its place; those that run do not. */
	tasks_end(&t, first, nothing, NULL, 0);
	assert_non_null(add(&t, "more", ""));
	assert_null(add(&t, "and more", ""));
	assert_int_equal(json_array_size(t.rows), TASKS_MAX);
	json_decref(t.rows);
}

static void long_result(void **state)
{
	char *much = malloc(TASK_RESULT_MAX + 1);
	struct err e = ERR_INIT;
	struct tasks t;
	json_t *row, *result;

	(void)state;
	memset(much, 'x', TASK_RESULT_MAX);
	much[TASK_RESULT_MAX] = '\0';
	result = json_string(much);
	tasks_load(&t, NULL, 0, NULL);
	row = add(&t, "1", "");
	tasks_end(&t, row, result, NULL, 0);
	assert_string_equal(text(row, "state"), "done");
	assert_null(task_result(row, &e));
	assert_int_equal(e.kind, ERR_CONFLICT);
	json_decref(result);
	json_decref(t.rows);
	free(much);
}

/* A process is known again by when it was started, however large it has become. */
static void test_worker_is_known(void **state)
{
	json_int_t started = task_pid_started(getpid());
	void *more = mmap(NULL, 64 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	assert_true(started > 0);
	assert_ptr_not_equal(more, MAP_FAILED);
	assert_int_equal(task_pid_started(getpid()), started);
	munmap(more, 64 << 20);
	assert_int_equal(task_pid_started(0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_worker_is_known), cmocka_unit_test(lives),
		cmocka_unit_test(ends_badly),		cmocka_unit_test(after_a_death),
		cmocka_unit_test(damaged_file),		cmocka_unit_test(has_room),
		cmocka_unit_test(long_result),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
