// SPDX-License-Identifier: Apache-2.0
/* Text of several lines: typing, moving over rows that are broken, what does not fit. */
#include <stdlib.h>
#include <string.h>

#include "dcui/area.h"
#include "dcui/text.h"
#include "tests/unit/unit.h"

#define WIDTH 6 /* five characters and the cursor */
#define ROWS 3

static struct area a;

static int start(void **state)
{
	(void)state;
	area_set(&a, "");
	return 0;
}

static void press(enum key_code code)
{
	assert_true(area_handle(&a, (struct key){ code, 0 }, WIDTH, ROWS));
}

static void type(const char *text)
{
	while (*text) {
		uint32_t ch = *text == '\n' ? '\n' : text_decode(&text);

		text += ch == '\n';
		assert_true(area_handle(&a, (struct key){ ch == '\n' ? KEY_ENTER : KEY_CHAR, ch },
					WIDTH, ROWS));
	}
}

static void typing(void **state)
{
	(void)state;
	type("one\ntwo");
	assert_string_equal(a.text, "one\ntwo");
	press(KEY_HOME);
	type("x");
	assert_string_equal(a.text, "one\nxtwo");
	press(KEY_BACKSPACE);
	press(KEY_BACKSPACE);
	assert_string_equal(a.text, "onetwo");
	press(KEY_DELETE);
	assert_string_equal(a.text, "onewo");
	press(KEY_LEFT);
	type("\xc3\xbc");
	assert_string_equal(a.text, "on\xc3\xbc"
				    "ewo");
	press(KEY_BACKSPACE);
	assert_string_equal(a.text, "onewo");
	/* Nothing that could not be shown. */
	area_handle(&a, (struct key){ KEY_CHAR, 0x1b }, WIDTH, ROWS);
	assert_string_equal(a.text, "onewo");
	assert_false(area_handle(&a, (struct key){ KEY_F10, 0 }, WIDTH, ROWS));
	assert_false(area_handle(&a, (struct key){ KEY_CTRL, 'a' }, WIDTH, ROWS));
	assert_true(area_handle(&a, (struct key){ KEY_CTRL, 'u' }, WIDTH, ROWS));
	assert_string_equal(a.text, "");
	press(KEY_BACKSPACE);
	press(KEY_DELETE);
	press(KEY_UP);
	press(KEY_RIGHT);
	assert_int_equal(a.cursor, 0);
}

/* Rows: "abcde", "fgh", "", "ij". */
static void moving(void **state)
{
	(void)state;
	area_set(&a, "abcdefgh\n\nij");
	assert_int_equal(a.cursor, 12);
	press(KEY_UP);
	assert_int_equal(a.cursor, 9);
	press(KEY_UP);
	assert_int_equal(a.cursor, 5);
	press(KEY_END);
	assert_int_equal(a.cursor, 8);
	press(KEY_UP);
	assert_int_equal(a.cursor, 3);
	press(KEY_END);
	assert_int_equal(a.cursor, 4); /* behind it is the next row */
	press(KEY_RIGHT);
	assert_int_equal(a.cursor, 5);
	press(KEY_HOME);
	assert_int_equal(a.cursor, 5);
	press(KEY_LEFT);
	press(KEY_HOME);
	assert_int_equal(a.cursor, 0);
	press(KEY_LEFT);
	press(KEY_UP);
	assert_int_equal(a.cursor, 0);
	press(KEY_PAGE_DOWN);
	assert_int_equal(a.cursor, 9);
	press(KEY_PAGE_DOWN);
	assert_int_equal(a.cursor, 10);
	press(KEY_PAGE_UP);
	assert_int_equal(a.cursor, 5);
}

static void shown(const struct grid *g, const char *rows[ROWS])
{
	for (int row = 0; row < ROWS; row++)
		for (int col = 0; col < WIDTH - 1; col++)
			assert_int_equal(grid_at(g, row, col)->ch, rows[row][col]);
}

static void drawing(void **state)
{
	struct rect r = { 0, 0, ROWS, WIDTH };
	struct grid *g = grid_new(ROWS, WIDTH);

	(void)state;
	type("abcdefgh\n\nij\n");
	area_draw(&a, g, r);
	shown(g, (const char *[]){ "     ", "ij   ", "     " });
	assert_int_equal(g->cursor_row, 2);
	assert_int_equal(g->cursor_col, 0);
	assert_int_equal(grid_at(g, 0, WIDTH - 1)->ch, 0x25b2);
	assert_int_equal(grid_at(g, 2, WIDTH - 1)->ch, ' ');
	for (int i = 0; i < 4; i++)
		press(KEY_UP);
	area_draw(&a, g, r);
	shown(g, (const char *[]){ "abcde", "fgh  ", "     " });
	assert_int_equal(g->cursor_row, 0);
	assert_int_equal(grid_at(g, 0, WIDTH - 1)->ch, ' ');
	assert_int_equal(grid_at(g, 2, WIDTH - 1)->ch, 0x25bc);
	/* A full last row has its cursor behind it. */
	area_set(&a, "abcde");
	area_draw(&a, g, r);
	assert_int_equal(g->cursor_row, 0);
	assert_int_equal(g->cursor_col, 5);
	grid_free(g);
}

static void no_more_than_fits(void **state)
{
	char *text = malloc(AREA_MAX + 2);

	(void)state;
	memset(text, 'x', AREA_MAX + 1);
	text[AREA_MAX + 1] = '\0';
	area_set(&a, text);
	assert_int_equal(strlen(a.text), AREA_MAX);
	type("y");
	press(KEY_ENTER);
	assert_int_equal(strlen(a.text), AREA_MAX);
	assert_null(strchr(a.text, 'y'));
	/* Cut between characters: the last one begins one byte too late. */
	memcpy(text + AREA_MAX - 1, "\xc3\xbc", 2);
	area_set(&a, text);
	assert_int_equal(strlen(a.text), AREA_MAX - 1);
	type("\xc3\xbc");
	assert_int_equal(strlen(a.text), AREA_MAX - 1);
	type("y");
	assert_int_equal(strlen(a.text), AREA_MAX);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(typing, start),
		cmocka_unit_test_setup(moving, start),
		cmocka_unit_test_setup(drawing, start),
		cmocka_unit_test_setup(no_more_than_fits, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
