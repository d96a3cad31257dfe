// SPDX-License-Identifier: Apache-2.0
/* Which events the use of ramdisks makes, and how often. */
#include "userworld/core/visorfs/ramdisk_news.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/core/bundle/keep.h"

#define MIB (1ull << 20)

static struct ramdisk_news *news;
static struct vfs_ramdisk tmp, etc;
static char told[2048];
static int again;

static void tell(void *context, const struct ramdisk_told *t)
{
	size_t len = strlen(told);

	assert_ptr_equal(context, told);
	snprintf(told + len, sizeof(told) - len, "%s %s: %s\n", t->ramdisk->name,
		 event_severity_name(event_type(t->id)->severity), t->text);
}

/* What is told at a time of the first n of tmp and etc. */
static const char *at(uint64_t now, size_t n)
{
	struct vfs_ramdisk list[] = { tmp, etc };

	told[0] = 0;
	again = ramdisk_news_update(news, list, n, now, tell, told);
	return told;
}

static int begin(void **state)
{
	(void)state;
	tmp = (struct vfs_ramdisk){ .name = "tmp",
				    .path = "/tmp",
				    .max_bytes = 10 * MIB,
				    .used_bytes = MIB,
				    .max_inodes = 100,
				    .used_inodes = 3,
				    .full_events = 7 };
	etc = tmp;
	strcpy(etc.name, "etc");
	strcpy(etc.path, "/etc");
	news = ramdisk_news_new();
	return news ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	ramdisk_news_free(news);
	return 0;
}

/* Full as it should be; but what did not fit is told, and is over by itself. */
static void cut_to_size(void **state)
{
	(void)state;
	strcpy(tmp.name, "payloads");
	strcpy(tmp.path, "/var/lib/payloads");
	tmp.used_bytes = tmp.peak_bytes = 10 * MIB;
	tmp.mark_bytes = tmp.mark_inodes = 95;
	assert_non_null(strstr(at(0, 1), "payloads warning: Ramdisk payloads at "
					 "/var/lib/payloads has passed 95 %"));
	snprintf(etc.path, sizeof(etc.path), "%s", BUNDLE_KEEP);
	etc.used_bytes = etc.peak_bytes = 10 * MIB;
	etc.mark_bytes = etc.mark_inodes = 95;
	assert_null(strstr(at(100, 2), "etc"));
	etc.full_events++;
	assert_non_null(strstr(at(200, 2), "1 requests refused"));
	assert_non_null(strstr(at(300, 2), "etc info: Ramdisk etc at " BUNDLE_KEEP " has room"));
}

static void nothing_is_new(void **state)
{
	(void)state;
	assert_string_equal(at(5, 2), "");
	assert_string_equal(at(6, 2), "");
	assert_int_equal(again, 0);
}

static void marks_go_up_at_once(void **state)
{
	(void)state;
	at(1, 2);
	tmp.mark_bytes = 80;
	tmp.used_bytes = 8 * MIB;
	assert_string_equal(
		at(2, 2),
		"tmp warning: Ramdisk tmp at /tmp has passed 80 %: 8192 of 10240 KiB used\n");
	assert_string_equal(at(3, 2), "");
	tmp.mark_bytes = 95;
	assert_string_equal(
		at(3, 2),
		"tmp warning: Ramdisk tmp at /tmp has passed 95 %: 8192 of 10240 KiB used\n");
	etc.mark_inodes = 95;
	etc.used_inodes = 96;
	assert_string_equal(
		at(4, 2),
		"etc warning: Ramdisk etc at /etc has passed 95 %: 96 of 100 inodes used\n");
	assert_int_equal(again, 0);
}

static void marks_that_are_there_are_told(void **state)
{
	(void)state;
	tmp.mark_inodes = 80;
	tmp.used_inodes = 82;
	assert_string_equal(
		at(1000, 1),
		"tmp warning: Ramdisk tmp at /tmp has passed 80 %: 82 of 100 inodes used\n");
}

static void marks_do_not_flutter(void **state)
{
	(void)state;
	at(0, 1);
	tmp.mark_bytes = 80;
	at(10, 1);
	for (uint64_t now = 11; now < 10 + RAMDISK_QUIET; now++) {
		tmp.mark_bytes = now % 2 ? 0 : 80;
		assert_string_equal(at(now, 1), "");
		assert_int_equal(again, now % 2 ? (int)(10 + RAMDISK_QUIET - now) : 0);
	}
	tmp.mark_bytes = 0;
	assert_string_equal(
		at(10 + RAMDISK_QUIET, 1),
		"tmp info: Ramdisk tmp at /tmp is below 80 % again: 1024 of 10240 KiB used\n");
	assert_int_equal(again, 0);
}

static void refusals_are_summed_up(void **state)
{
	(void)state;
	at(0, 1);
	tmp.full_events++;
	tmp.used_bytes = 10 * MIB;
	assert_string_equal(
		at(1, 1),
		"tmp error: Ramdisk tmp at /tmp was full: 1 requests refused, now 10240 of "
		"10240 KiB and 3 of 100 inodes used\n");
	tmp.full_events += 3;
	assert_string_equal(at(2, 1), "");
	assert_int_equal(again, RAMDISK_QUIET - 1);
	tmp.full_events += 2;
	assert_string_equal(
		at(1 + RAMDISK_QUIET, 1),
		"tmp error: Ramdisk tmp at /tmp was full: 5 requests refused, now 10240 of "
		"10240 KiB and 3 of 100 inodes used\n");
	/* It is over when it has been below all marks for a while. */
	assert_string_equal(at(2 + RAMDISK_QUIET, 1), "");
	assert_int_equal(again, RAMDISK_QUIET - 1);
	tmp.used_bytes = MIB;
	assert_string_equal(at(500, 1),
			    "tmp info: Ramdisk tmp at /tmp has room: 1024 of 10240 KiB used\n");
	assert_string_equal(at(900, 1), "");
}

static void ramdisks_come_and_go(void **state)
{
	(void)state;
	etc.mark_bytes = 80;
	assert_string_equal(at(1, 1), "");
	assert_string_not_equal(at(2, 2), "");
	assert_string_equal(at(3, 1), "etc info: Ramdisk etc at /etc is gone\n");
	assert_string_equal(at(3, 1), "");
	/* Another one of that name. */
	assert_string_not_equal(at(4, 2), "");
	tmp.full_events = 2;
	assert_non_null(strstr(at(5, 2), "2 requests refused"));
}

/* Removed and made again, full as the one before, while nobody looked; then an empty one. */
static void another_one_of_that_name(void **state)
{
	(void)state;
	tmp.mark_bytes = 95;
	tmp.peak_bytes = tmp.used_bytes = 10 * MIB;
	at(100, 1);
	tmp.peak_bytes = tmp.used_bytes = 9 * MIB + MIB / 2;
	tmp.full_events = 0;
	assert_string_equal(
		at(101, 1),
		"tmp warning: Ramdisk tmp at /tmp has passed 95 %: 9728 of 10240 KiB used\n");
	assert_string_equal(at(102, 1), "");
	tmp.mark_bytes = tmp.peak_bytes = tmp.used_bytes = 0;
	assert_string_equal(at(103, 1),
			    "tmp info: Ramdisk tmp at /tmp has room: 0 of 10240 KiB used\n");
	assert_string_equal(at(104, 1), "");
}

/* Alarms of a hostd before: what is over now is taken back, what is not stays as it is. */
static void alarms_that_stand_are_taken_back(void **state)
{
	(void)state;
	etc.mark_bytes = 95;
	assert_string_not_equal(at(1000, 2), "");
	assert_int_equal(ramdisk_news_stands(news, "tmp", "/tmp", false), 0);
	assert_int_equal(ramdisk_news_stands(news, "etc", "/etc", false), 0);
	assert_int_equal(ramdisk_news_stands(news, "var", "/var", true), 0);
	assert_string_equal(at(1000, 2),
			    "tmp info: Ramdisk tmp at /tmp has room: 1024 of 10240 KiB used\n"
			    "var info: Ramdisk var at /var is gone\n");
	assert_string_equal(at(1001, 2), "");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_is_new, begin, end),
		cmocka_unit_test_setup_teardown(cut_to_size, begin, end),
		cmocka_unit_test_setup_teardown(marks_go_up_at_once, begin, end),
		cmocka_unit_test_setup_teardown(marks_that_are_there_are_told, begin, end),
		cmocka_unit_test_setup_teardown(marks_do_not_flutter, begin, end),
		cmocka_unit_test_setup_teardown(refusals_are_summed_up, begin, end),
		cmocka_unit_test_setup_teardown(ramdisks_come_and_go, begin, end),
		cmocka_unit_test_setup_teardown(another_one_of_that_name, begin, end),
		cmocka_unit_test_setup_teardown(alarms_that_stand_are_taken_back, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
