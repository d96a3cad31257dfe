// SPDX-License-Identifier: Apache-2.0
/* Pages, entity tags and the conditions of requests. */
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/hostd/conn.h"
#include "userworld/hostd/condition.h"
#include "userworld/hostd/pages.h"
#include "userworld/hostd/tag.h"

static json_t *numbers(int n)
{
	json_t *rows = json_array();

	for (int i = 1; i <= n; i++)
		json_array_append_new(rows, json_integer(i));
	return rows;
}

static void cuts(void **state)
{
	json_t *rows = numbers(7), *part;
	struct page_cut cut = { .page = 3, .size = 3, .rows = 7 };

	(void)state;
	part = pages_cut(rows, &cut);
	assert_int_equal(json_array_size(part), 1);
	assert_int_equal(json_integer_value(json_array_get(part, 0)), 7);
	json_decref(part);
	cut.page = 4;
	part = pages_cut(rows, &cut);
	assert_int_equal(json_array_size(part), 0);
	json_decref(part);
	cut.page = PAGES_MAX;
	cut.size = PAGE_SIZE_MAX;
	part = pages_cut(rows, &cut);
	assert_int_equal(json_array_size(part), 0);
	json_decref(part);
	json_decref(rows);
}

static void links(void **state)
{
	struct page_cut cut = { .page = 2, .size = 3, .rows = 7 };
	char text[1200];

	(void)state;
	pages_links(&cut, "/x", text, sizeof(text));
	assert_string_equal(text, "</x?page=1&page_size=3>; rel=\"first\", "
				  "</x?page=1&page_size=3>; rel=\"prev\", "
				  "</x?page=3&page_size=3>; rel=\"next\", "
				  "</x?page=3&page_size=3>; rel=\"last\"");
	cut.page = 9;
	pages_links(&cut, "/x", text, sizeof(text));
	assert_string_equal(text, "</x?page=1&page_size=3>; rel=\"first\", "
				  "</x?page=3&page_size=3>; rel=\"prev\"");
	cut.rows = 3;
	pages_links(&cut, "/x", text, sizeof(text));
	assert_string_equal(text, "");
	cut.rows = 0;
	pages_links(&cut, "/x", text, sizeof(text));
	assert_string_equal(text, "");
}

static void page_numbers(void **state)
{
	json_t *query = json_pack("{s:s, s:s, s:s}", "page", "2", "other", "x", "size", "1x");
	unsigned int page = 1, size = 0;

	(void)state;
	assert_int_equal(pages_number(query, "page", 10, &page, NULL), 0);
	assert_int_equal(page, 2);
	assert_null(json_object_get(query, "page"));
	assert_int_equal(pages_number(query, "size", 10, &size, NULL), -1);
	assert_int_equal(pages_number(query, "none", 10, &size, NULL), 0);
	assert_int_equal(pages_number(NULL, "none", 10, &size, NULL), 0);
	assert_int_equal(size, 0);
	json_object_set_new(query, "page", json_string("11"));
	assert_int_equal(pages_number(query, "page", 10, &page, NULL), -1);
	json_object_set_new(query, "page", json_string("0"));
	assert_int_equal(pages_number(query, "page", 10, &page, NULL), -1);
	json_object_set_new(query, "page", json_string(""));
	assert_int_equal(pages_number(query, "page", 10, &page, NULL), -1);
	json_decref(query);
}

static void tags(void **state)
{
	json_t *a = json_pack("{s:i, s:i}", "x", 1, "y", 2),
	       *b = json_pack("{s:i, s:i}", "y", 2, "x", 1);
	char one[TAG_LENGTH + 1], other[TAG_LENGTH + 1];

	(void)state;
	assert_int_equal(tag_of(a, one), 0);
	assert_int_equal(tag_of(b, other), 0);
	assert_string_equal(one, other);
	assert_int_equal(strlen(one), TAG_LENGTH);
	json_object_set_new(b, "x", json_integer(3));
	tag_of(b, other);
	assert_string_not_equal(one, other);
	json_decref(a);
	json_decref(b);
}

static void listed(void **state)
{
	(void)state;
	assert_true(tag_listed("\"a\"", "a", false));
	assert_true(tag_listed("\"b\", \"a\"", "a", false));
	assert_true(tag_listed("*", "a", false));
	assert_true(tag_listed("W/\"a\"", "a", true));
	assert_false(tag_listed("W/\"a\"", "a", false));
	assert_false(tag_listed("\"ab\"", "a", true));
	assert_false(tag_listed("a", "a", true));
	assert_false(tag_listed("\"", "a", true));
	assert_false(tag_listed("", "a", true));
}

static void async(void **state)
{
	(void)state;
	assert_true(condition_is_async("respond-async"));
	assert_true(condition_is_async("wait=10, Respond-Async; x=1"));
	assert_false(condition_is_async("respond-asynchronously"));
	assert_false(condition_is_async("wait=10"));
	assert_false(condition_is_async(""));
}

/* What a small host can hold, more with memory, and never more than there are descriptors for. */
static void connections(void **state)
{
	const uint64_t mib = 1 << 20;

	(void)state;
	assert_int_equal(conn_most(0), 256);
	assert_int_equal(conn_most(90 * mib), 256);
	assert_in_range(conn_most(200 * mib), 700, 800);
	assert_in_range(conn_most(470 * mib), 2000, 2048);
	assert_int_equal(conn_most(UINT64_C(1) << 40), 2048);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connections),	cmocka_unit_test(cuts), cmocka_unit_test(links),
		cmocka_unit_test(page_numbers), cmocka_unit_test(tags), cmocka_unit_test(listed),
		cmocka_unit_test(async),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
