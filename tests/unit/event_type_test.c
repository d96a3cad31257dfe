// SPDX-License-Identifier: Apache-2.0
/* The catalogue of events: well-formed, told in docs/events.md, and used; events as lines. */
#include "userworld/lib/event_type.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/lib/file.h"

static const char *const names[] = {
#define EVENT_TYPE(name, ...) "EVENT_" #name,
#include "userworld/lib/event_list.h"
#undef EVENT_TYPE
};

static void is_well_formed(void **state)
{
	(void)state;
	for (int i = 0; i < EVENT_TYPES; i++) {
		const struct event_type *t = event_type((enum event_id)i);
		const char *key = strchr(t->alarm, ':');

		assert_ptr_equal(event_type_find(t->id), t);
		assert_string_equal(event_head((enum event_id)i)->id, t->id);
		assert_int_equal(event_head((enum event_id)i)->severity, t->severity);
		assert_true(event_severity_parse(event_severity_name(t->severity)) == t->severity);
		assert_int_equal(t->effect != EVENT_NONE, t->alarm[0] != '\0');
		/* What tells its alarms apart is among its details. */
		if (key)
			assert_non_null(strstr(t->details, key + 1));
		assert_int_equal(t->effect == EVENT_RAISES && !strchr(t->help, '.'), 0);
	}
}

static void is_told(void **state)
{
	char *text, row[2048];
	struct err e = ERR_INIT;
	int rows = 0, missing = 0;

	(void)state;
	if (file_read("docs/events.md", 1 << 20, &text, NULL, &e) < 0)
		fail_msg("%s (run the test from the top of the tree)", e.text);
	for (const char *at = text; (at = strstr(at, "\n| `")); at++)
		rows++;
	for (int i = 0; i < EVENT_TYPES; i++) {
		const struct event_type *t = event_type((enum event_id)i);
		static const char *const does[] = { "", "raises ", "clears ", "clears " };

		snprintf(row, sizeof(row), "\n| `%s` | %s | %s%s | %s | %s |\n", t->id,
			 event_severity_name(t->severity), does[t->effect], t->alarm, t->details,
			 t->help);
		if (!strstr(text, row)) {
			print_error("docs/events.md does not have:%s", row);
			missing++;
		}
	}
	free(text);
	assert_int_equal(missing, 0);
	assert_int_equal(rows, EVENT_TYPES);
}

/* Every event of the catalogue is told by somebody. */
static void is_used(void **state)
{
	static char used[1 << 20];
	FILE *grep = popen("grep -rhoE 'EVENT_[A-Z_]+' userworld --include='*.c'", "r");
	char word[80];
	int missing = 0;

	(void)state;
	assert_non_null(grep);
	used[fread(used, 1, sizeof(used) - 1, grep)] = '\0';
	pclose(grep);
	for (size_t i = 0; i < EVENT_TYPES; i++) {
		snprintf(word, sizeof(word), "%s\n", names[i]);
		if (!strstr(used, word)) {
			print_error("nobody tells of %s\n", names[i]);
			missing++;
		}
	}
	assert_int_equal(missing, 0);
}

static void details_are_json(void **state)
{
	char out[EVENT_DETAILS_MAX], big[EVENT_DETAILS_MAX + 1];

	(void)state;
	event_details(out, NULL);
	assert_string_equal(out, "{}");
	event_details(out, EVENT_WITH(EVENT_STR("a", "x\"\\\n"), EVENT_NUM("b", -5)));
	assert_string_equal(out, "{\"a\":\"x\\\"\\\\ \",\"b\":-5}");
	memset(big, 'x', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	event_details(out, EVENT_WITH(EVENT_STR("big", big), EVENT_NUM("b", 1)));
	assert_string_equal(out, "{\"b\":1}");
}

static void lines_come_back(void **state)
{
	static const char *const texts[] = { "plain", "with [brackets] and {\"braces\"} [x]", "" };
	const struct event_type *t = event_type(EVENT_OOM_VICTIM);
	char line[EVENT_LINE_MAX], details[EVENT_DETAILS_MAX];
	const char *back;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		event_details(details,
			      EVENT_WITH(EVENT_STR("service", "a] {\"b [c"), EVENT_NUM("ms", 3)));
		event_line(line, t->id, texts[i], details);
		assert_ptr_equal(event_line_parse(line, &back), t);
		assert_string_equal(line, texts[i]);
		assert_string_equal(back, details);
		event_line(line, t->id, texts[i], "{}");
		assert_ptr_equal(event_line_parse(line, &back), t);
		assert_string_equal(line, texts[i]);
		assert_string_equal(back, "{}");
	}
}

static void long_texts_are_cut(void **state)
{
	char text[2 * EVENT_LINE_MAX], line[EVENT_LINE_MAX];
	const char *details;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	event_line(line, "oom.over", text, "{\"available\":5}");
	assert_int_equal(strlen(line), EVENT_LINE_MAX - 1);
	assert_ptr_equal(event_line_parse(line, &details), event_type(EVENT_OOM_OVER));
	assert_string_equal(details, "{\"available\":5}");
}

static void other_lines_are_none(void **state)
{
	static const char *const lines[] = { "",	   "]",		  "x",
					     "[oom.over]", "x [no.such]", "x [oom.over] y",
					     "x oom.over]" };
	const char *details;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char line[64];

		strcpy(line, lines[i]);
		assert_null(event_line_parse(line, &details));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_well_formed),
		cmocka_unit_test(is_told),
		cmocka_unit_test(is_used),
		cmocka_unit_test(details_are_json),
		cmocka_unit_test(lines_come_back),
		cmocka_unit_test(long_texts_are_cut),
		cmocka_unit_test(other_lines_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
