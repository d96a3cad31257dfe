// SPDX-License-Identifier: Apache-2.0
/* Console and shell take turns at one line: what is typed behind a hot key is for the other one. */
#include <string.h>
#include <unistd.h>

#include "dcui/typed.h"
#include "tests/unit/unit.h"

struct reader {
	char text[64];
	size_t len;
};

static void put(void *who, const unsigned char *bytes, int count)
{
	struct reader *r = who;

	memcpy(r->text + r->len, bytes, (size_t)count);
	r->len += (size_t)count;
}

/* One line, typed in one piece, as read from a pipe. */
static struct typed typed_at_once(const char *text, size_t len)
{
	struct typed t = { 0 };
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], text, len), len);
	assert_int_equal(typed_read(&t, fds[0]), len);
	close(fds[0]);
	close(fds[1]);
	return t;
}

#define TYPED(text) typed_at_once(text, sizeof(text) - 1)

static void each_gets_its_own(void **state)
{
	struct typed t = TYPED("a\x07\x02"
			       "2root\r\x07\x02"
			       "3\x1bOQ");
	struct reader console = { 0 }, shell = { 0 };
	struct hotkey outer = { 0 }, inner = { 0 };

	(void)state;
	assert_int_equal(typed_take(&t, &outer, put, &console), HOT_SHELL);
	assert_string_equal(console.text, "a");
	assert_true(typed_left(&t));
	assert_int_equal(typed_take(&t, &inner, put, &shell), HOT_CONSOLE);
	assert_string_equal(shell.text, "root\r");
	assert_int_equal(typed_take(&t, &outer, put, &console), HOT_NONE);
	assert_string_equal(console.text, "a\x1bOQ");
	assert_false(typed_left(&t));
}

/* A sequence that is only begun waits for the next reading, and nothing is read before all is
 * taken. */
static void pieces(void **state)
{
	struct typed t = TYPED("x\x07");
	struct reader console = { 0 };
	struct hotkey keys = { 0 };

	(void)state;
	assert_int_equal(typed_read(&t, -1), 2);
	assert_int_equal(typed_take(&t, &keys, put, &console), HOT_NONE);
	assert_int_equal(typed_read(&t, -1), -1);
	assert_false(typed_left(&t));
	t = TYPED("\x02"
		  "1y");
	assert_int_equal(typed_take(&t, &keys, put, &console), HOT_LOG);
	assert_string_equal(console.text, "x");
	typed_drop(&t);
	assert_false(typed_left(&t));
	assert_int_equal(typed_take(&t, &keys, put, &console), HOT_NONE);
	assert_string_equal(console.text, "x");
}

static void without_hot_keys(void **state)
{
	struct typed t = TYPED("\x07\x02"
			       "2z");
	struct reader console = { 0 };

	(void)state;
	assert_int_equal(typed_take(&t, NULL, put, &console), HOT_NONE);
	assert_string_equal(console.text, "\x07\x02"
					  "2z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_gets_its_own),
		cmocka_unit_test(pieces),
		cmocka_unit_test(without_hot_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
