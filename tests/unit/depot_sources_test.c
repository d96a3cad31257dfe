// SPDX-License-Identifier: Apache-2.0
/* Addresses of depots, and the file that holds them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/core.h"
#include "userworld/core/depot/set.h"

static void address(const char *text, const char *expected)
{
	char out[DEPOT_ADDRESS_MAX];
	struct err e = ERR_INIT;

	if (expected) {
		assert_int_equal(depot_address(text, out, &e), 0);
		assert_string_equal(out, expected);
	} else {
		assert_int_equal(depot_address(text, out, &e), -1);
		assert_int_equal(e.kind, ERR_USAGE);
	}
}

static void addresses(void **state)
{
	char longest[DEPOT_ADDRESS_MAX + 1];

	(void)state;
	address("http://host/depot", "http://host/depot");
	address("HTTPS://host:8443/a/b//", "HTTPS://host:8443/a/b");
	address("http://host/depot/index.json", "http://host/depot");
	address("http://host", "http://host");
	address("/vmfs/depot/", "/vmfs/depot");
	address("/vmfs/depot.zip", "/vmfs/depot.zip");
	address("http://host/depot.zip", "http://host/depot.zip");
	address("https://host/depot.ZIP/index.json", "https://host/depot.ZIP");
	address("", NULL);
	address("/", NULL);
	address("depot", NULL);
	address("ftp://host/depot", NULL);
	address("http://", NULL);
	address("http://host/a,b", NULL);
	address("http://host/a?b", NULL);
	address("/a b", NULL);
	memset(longest, 'x', sizeof(longest));
	longest[0] = '/';
	longest[DEPOT_ADDRESS_MAX] = '\0';
	address(longest, NULL);
	longest[DEPOT_ADDRESS_MAX - 1] = '\0';
	address(longest, longest);
}

static void file(void **state)
{
	char list[DEPOT_SOURCES_MAX][DEPOT_ADDRESS_MAX], many[DEPOT_SOURCES_MAX * 3 + 4];
	struct err e = ERR_INIT;
	char *text;
	size_t n;

	(void)state;
	assert_int_equal(depot_sources_parse("# ours\nhttp://a/\n\n/b", list, &n, &e), 0);
	assert_int_equal(n, 2);
	assert_int_equal(depot_sources_format(list, n, &text, &e), 0);
	assert_string_equal(text, "http://a\n/b\n");
	free(text);
	assert_int_equal(depot_sources_parse("/a\nodd\n", list, &n, &e), -1);
	assert_string_equal(e.text, "line 2: not the address of a depot");
	for (n = 0; n <= DEPOT_SOURCES_MAX; n++)
		memcpy(many + 3 * n, "/x\n", 4);
	assert_int_equal(depot_sources_parse(many, list, &n, &e), -1);
	assert_string_equal(e.text, "line 33: more than 32 depots");
}

static json_t *call(const char *op, const char *depot, enum err_kind kind)
{
	json_t *params = depot ? json_pack("{s:s}", "depot", depot) : NULL, *result = NULL;
	struct err e = ERR_INIT;

	if (core_call(op, params, &result, &e) < 0)
		assert_int_equal(e.kind, kind);
	else
		assert_int_equal(kind, ERR_NONE);
	json_decref(params);
	return result;
}

static void operations(void **state)
{
	json_t *list;

	(void)state;
	list = call("software.sources.list", NULL, ERR_NONE);
	assert_int_equal(json_array_size(list), 0);
	json_decref(list);
	json_decref(call("software.sources.add", "http://a/depot/", ERR_NONE));
	json_decref(call("software.sources.add", "/b.zip", ERR_NONE));
	call("software.sources.add", "http://a/depot/index.json", ERR_CONFLICT);
	call("software.sources.remove", "http://a", ERR_NOT_FOUND);
	json_decref(call("software.sources.remove", "http://a/depot", ERR_NONE));
	list = call("software.sources.list", NULL, ERR_NONE);
	assert_int_equal(json_array_size(list), 1);
	assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "depot")),
			    "/b.zip");
	json_decref(list);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses),
		cmocka_unit_test(file),
		cmocka_unit_test(operations),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
