// SPDX-License-Identifier: Apache-2.0
/*
 * Which role may call which operation: tests/golden/roles.txt has a line for each. Whoever adds an
 * operation decides that there, or with UPDATE=1 in the environment and a look at the difference.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/core/account/role.h"
#include "userworld/lib/file.h"

#define GOLDEN "tests/golden/roles.txt"

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *table(void)
{
	char *lines[1000], *text = NULL;
	const struct core_op *op;
	size_t size, n = 0;
	FILE *out;

	for (; (op = core_op_at(n)); n++) {
		char line[200];

		assert_true(n < 1000);
		snprintf(line, sizeof(line), "%-36s %-9s %-8s %-5s %s", op->name,
			 core_allowed(op, CORE_READ_ONLY) ? "read-only" : "-",
			 core_allowed(op, CORE_OPERATOR) ? "operator" : "-",
			 core_allowed(op, CORE_ADMIN) ? "admin" : "-",
			 core_changes(op) ? "changes" : "-");
		lines[n] = strdup(line);
	}
	qsort(lines, n, sizeof(lines[0]), by_text);
	out = open_memstream(&text, &size);
	fprintf(out, "# operation, who may call it over HTTP, and whether it is a change\n");
	for (size_t i = 0; i < n; i++) {
		fprintf(out, "%s\n", lines[i]);
		free(lines[i]);
	}
	fclose(out);
	return text;
}

static void every_operation_is_decided(void **state)
{
	char *now = table(), *golden = NULL;
	struct err e = ERR_INIT;

	(void)state;
	if (getenv("UPDATE"))
		assert_int_equal(file_write_atomic(GOLDEN, now, strlen(now), 0644, &e), 0);
	if (file_read(GOLDEN, 1 << 20, &golden, NULL, &e) < 0)
		fail_msg("%s (run the test from the top of the tree)", e.text);
	assert_string_equal(now, golden);
	free(now);
	free(golden);
}

static void privileges(void **state)
{
	struct core_op op = { .name = "x", .privilege = CORE_READ };

	(void)state;
	assert_false(core_allowed(&op, CORE_NOBODY));
	assert_true(core_allowed(&op, CORE_READ_ONLY));
	assert_false(core_changes(&op));
	op.privilege = CORE_OPERATE;
	assert_false(core_allowed(&op, CORE_READ_ONLY));
	assert_true(core_allowed(&op, CORE_OPERATOR));
	assert_true(core_changes(&op));
	op.privilege = CORE_CHANGE;
	assert_false(core_allowed(&op, CORE_OPERATOR));
	assert_true(core_allowed(&op, CORE_ADMIN));
	op.method = "GET";
	assert_false(core_changes(&op));
	op.method = NULL;
	op.flags = CORE_QUIET;
	assert_false(core_changes(&op));
	op.privilege = CORE_LOCAL;
	assert_false(core_allowed(&op, CORE_ADMIN));
	assert_false(core_changes(&op));
}

static void names(void **state)
{
	struct err e = ERR_INIT;
	enum core_role role;

	(void)state;
	assert_int_equal(role_parse("operator", &role, &e), 0);
	assert_int_equal(role, CORE_OPERATOR);
	assert_int_equal(role_parse("none", &role, &e), -1);
	assert_int_equal(role_parse("Admin", &role, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	assert_int_equal(role_of(NULL), CORE_NOBODY);
	assert_string_equal(role_name(role_of("read-only")), "read-only");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_operation_is_decided),
		cmocka_unit_test(privileges),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
