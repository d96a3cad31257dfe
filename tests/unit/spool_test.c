// SPDX-License-Identifier: Apache-2.0
/* The logger's spool of events: none lost, numbers that grow, also over a new logger. */
#include "userworld/vmklogger/spool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

static char path[64];
static struct spool spool;
static struct spool_slot *list;
static size_t count;
static uint64_t missed;

static int begin(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "/tmp/spool_test.%d", (int)getpid());
	unlink(path);
	spool_open(&spool, path);
	return spool.fd < 0;
}

static int end(void **state)
{
	(void)state;
	free(list);
	list = NULL;
	close(spool.fd);
	return unlink(path);
}

static void put(int n)
{
	struct record r = { .severity = 3, .world = n, .component = "oomd", .uptime = n };

	snprintf(r.text, sizeof(r.text), "number %d", n);
	spool_put(&spool, &r);
}

static void look(uint64_t after)
{
	struct err e = ERR_INIT;

	free(list);
	assert_int_equal(spool_read(path, after, &list, &count, &missed, &e), 0);
}

static void comes_back_in_order(void **state)
{
	uint64_t first;

	(void)state;
	look(0);
	assert_int_equal(count, 0);
	for (int i = 1; i <= 3; i++)
		put(i);
	look(0);
	assert_int_equal(count, 3);
	assert_int_equal(missed, 0);
	assert_string_equal(list[0].line, "number 1");
	assert_string_equal(list[2].line, "number 3");
	assert_string_equal(list[0].component, "oomd");
	first = list[0].number;
	look(first);
	assert_int_equal(count, 2);
	look(first + 2);
	assert_int_equal(count, 0);
	assert_int_equal(missed, 0);
}

static void oldest_go_and_are_counted(void **state)
{
	uint64_t first;

	(void)state;
	put(0);
	look(0);
	first = list[0].number;
	for (int i = 1; i < SPOOL_SLOTS + 10; i++)
		put(i);
	look(first);
	assert_int_equal(count, SPOOL_SLOTS);
	assert_int_equal(missed, 9);
	assert_string_equal(list[0].line, "number 10");
}

static void next_logger_goes_on(void **state)
{
	uint64_t had;

	(void)state;
	put(1);
	look(0);
	had = list[0].number;
	close(spool.fd);
	spool_open(&spool, path);
	put(2);
	look(had);
	assert_int_equal(count, 1);
	assert_int_equal(list[0].number, had + 1);
	/* The file was removed: nobody misses what cannot be told any more. */
	close(spool.fd);
	unlink(path);
	spool_open(&spool, path);
	put(3);
	look(had + 1);
	assert_int_equal(count, 1);
	assert_int_equal(missed, 0);
	assert_string_equal(list[0].line, "number 3");
}

static void half_a_write_is_left_out(void **state)
{
	struct spool_slot slot;
	uint64_t first;

	(void)state;
	put(1);
	put(2);
	look(0);
	first = list[0].number;
	slot = list[0];
	slot.again = 0;
	assert_int_equal(pwrite(spool.fd, &slot, sizeof(slot),
				(off_t)((1 + first % SPOOL_SLOTS) * sizeof(slot))),
			 sizeof(slot));
	look(0);
	assert_int_equal(count, 1);
	assert_string_equal(list[0].line, "number 2");
}

static void what_is_none(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	free(list);
	assert_int_equal(spool_read("/nowhere/x", 0, &list, &count, &missed, &e), 0);
	assert_int_equal(count, 0);
	assert_int_equal(truncate(path, 5000), 0);
	look(0);
	assert_int_equal(count, 0);
	close(spool.fd);
	spool_open(&spool, path);
	put(7);
	look(0);
	assert_int_equal(count, 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(comes_back_in_order, begin, end),
		cmocka_unit_test_setup_teardown(oldest_go_and_are_counted, begin, end),
		cmocka_unit_test_setup_teardown(next_logger_goes_on, begin, end),
		cmocka_unit_test_setup_teardown(half_a_write_is_left_out, begin, end),
		cmocka_unit_test_setup_teardown(what_is_none, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
