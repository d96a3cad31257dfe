// SPDX-License-Identifier: Apache-2.0
/* docs/rest-api.md tells of every route and every parameter, and of none that is not there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/core/core.h"
#include "userworld/lib/file.h"

static char *text;

static int read_doc(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	if (file_read("docs/rest-api.md", 1 << 20, &text, NULL, &e) == 0)
		return 0;
	print_error("%s (run the test from the top of the tree)\n", e.text);
	return -1;
}

static int free_doc(void **state)
{
	(void)state;
	free(text);
	return 0;
}

/* The section of an operation: from its heading to the next one. */
static char *section_of(const struct core_op *op)
{
	char heading[256];
	const char *start, *end;

	snprintf(heading, sizeof(heading), "\n### %s %s\n", op->method, op->path);
	start = strstr(text, heading);
	if (!start)
		return NULL;
	start += strlen(heading);
	end = strstr(start, "\n#");
	return end ? strndup(start, (size_t)(end - start)) : strdup(start);
}

static void routes_are_told(void **state)
{
	const struct core_op *op;
	int missing = 0;

	(void)state;
	for (size_t i = 0; (op = core_op_at(i)); i++) {
		char *section = op->path ? section_of(op) : NULL;

		if (op->path && (!section || !strstr(section, op->name))) {
			print_error("not told: ### %s %s with %s\n", op->method, op->path,
				    op->name);
			missing++;
		}
		for (const struct core_param *p = op->params; section && p && p->name; p++) {
			char word[80];

			snprintf(word, sizeof(word), "`%s`", p->name);
			if (!strstr(section, word)) {
				print_error("%s: parameter %s is not told\n", op->name, word);
				missing++;
			}
		}
		free(section);
	}
	assert_int_equal(missing, 0);
}

/* Requests that hostd answers by itself. */
static bool is_special(const char *heading)
{
	return !strncmp(heading, "GET /sessions", 13) || !strncmp(heading, "POST /sessions", 14) ||
	       !strncmp(heading, "DELETE /sessions", 16) ||
	       !strncmp(heading, "POST /uploads", 13) || !strncmp(heading, "PUT /uploads", 12) ||
	       !strncmp(heading, "DELETE /uploads", 15) ||
	       !strncmp(heading, "GET /system/events/stream", 25) ||
	       !strncmp(heading, "GET /system/tasks/stream", 24) ||
	       !strncmp(heading, "GET /system/logs/{name}/stream", 30);
}

static bool is_route(const char *heading, size_t len)
{
	const struct core_op *op;
	char route[256];

	for (size_t i = 0; (op = core_op_at(i)); i++) {
		if (!op->path)
			continue;
		snprintf(route, sizeof(route), "%s %s", op->method, op->path);
		if (strlen(route) == len && !strncmp(heading, route, len))
			return true;
	}
	return false;
}

static void told_routes_are_there(void **state)
{
	const char *at = text;

	(void)state;
	while ((at = strstr(at, "\n### "))) {
		size_t len = strcspn(at += 5, "\n");

		if (!is_special(at) && !is_route(at, len))
			fail_msg("there is no route %.*s", (int)len, at);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(routes_are_told),
		cmocka_unit_test(told_routes_are_there),
	};

	return cmocka_run_group_tests(tests, read_doc, free_doc);
}
