// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "dcui/cell.h"
#include "dcui/draw.h"
#include "dcui/text.h"
#include "tests/unit/unit.h"

static void one_cell_per_character(void **state)
{
	static const struct {
		const char *text;
		uint32_t first;
		int width;
	} cases[] = {
		{ "a", 'a', 1 },
		{ "\xc3\xa9t\xc3\xa9", 0xe9, 3 },
		{ "\xe2\x94\x80", 0x2500, 1 },
		{ "\t", ' ', 1 },
		{ "\033[31m", '?', 5 },	    /* escape sequences lose their Esc */
		{ "\xe6\xbc\xa2", '?', 1 }, /* two columns wide */
		{ "e\xcc\x81", 'e', 2 },    /* a combining mark gets a cell, as a question mark */
		{ "\xe2\x80\xae", '?', 1 }, /* right-to-left override */
		{ "\xc3", '?', 1 },	    /* cut off */
		{ "\xc0\xaf", '?', 2 },	    /* overlong */
		{ "\xed\xa0\x80", '?', 3 }, /* surrogate */
		{ "\xf4\x90\x80\x80", '?', 4 }, /* beyond Unicode */
		{ "\xff\xfe", '?', 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *p = cases[i].text;

		assert_int_equal(text_width(cases[i].text), cases[i].width);
		assert_int_equal(text_decode(&p), cases[i].first);
	}
}

static void encode_is_the_inverse(void **state)
{
	(void)state;
	for (uint32_t ch = 0x20; ch < 0x2600; ch++) {
		char utf8[TEXT_UTF8_MAX + 1] = "";
		const char *p = utf8;

		if (!text_printable(ch))
			continue;
		utf8[text_encode(ch, utf8)] = '\0';
		assert_int_equal(text_decode(&p), ch);
		assert_int_equal(*p, '\0');
	}
}

static void wrap(const char *text, int width, const char *expected)
{
	char got[256] = "";

	while (*text) {
		const char *next;
		size_t len = text_wrap(text, width, &next);

		strncat(got, text, len);
		strcat(got, "|");
		assert_true(next > text);
		text = next;
	}
	assert_string_equal(got, expected);
}

static void wraps_at_words(void **state)
{
	(void)state;
	wrap("one two three", 7, "one two|three|");
	wrap("one two three", 8, "one two|three|");
	wrap("abcdefgh", 3, "abc|def|gh|");
	wrap("a\n\nb", 5, "a||b|");
	wrap("\xc3\xa9\xc3\xa9 \xc3\xa9\xc3\xa9", 2, "\xc3\xa9\xc3\xa9|\xc3\xa9\xc3\xa9|");
	wrap("ab", 0, "a|b|");
	wrap("ab   ", 2, "ab|");
	wrap("", 4, "");
}

static void sizes_and_times(void **state)
{
	char buf[64];

	(void)state;
	assert_string_equal(text_size(0, buf, sizeof(buf)), "0 bytes");
	assert_string_equal(text_size(1023, buf, sizeof(buf)), "1023 bytes");
	assert_string_equal(text_size(33554432, buf, sizeof(buf)), "32 MiB");
	assert_string_equal(text_size(1536, buf, sizeof(buf)), "1.5 KiB");
	assert_string_equal(text_size(UINT64_MAX, buf, sizeof(buf)), "16 EiB");
	assert_string_equal(text_uptime(3661, buf, sizeof(buf)), "1 h 01 min");
	assert_string_equal(text_uptime(59, buf, sizeof(buf)), "0 min");
	assert_string_equal(text_uptime(86400, buf, sizeof(buf)), "1 day 00:00");
	assert_string_equal(text_uptime(273921, buf, sizeof(buf)), "3 days 04:05");
}

/* Everything far outside and across the borders: only ASan could complain. */
static void drawing_is_clipped(void **state)
{
	struct grid *g = grid_new(3, 10);

	(void)state;
	for (int row = -5; row < 8; row++)
		for (int col = -30; col < 20; col += 3) {
			draw_text(g, row, col, 12, STYLE_BODY, "something long");
			draw_gauge(g, row, col, 20, 150, true);
			draw_fill(g, (struct rect){ row, col, 9, 40 }, STYLE_BAR);
			grid_restyle(g, row, col, 30, STYLE_BAD);
		}
	draw_dialog(g, 10, 40, "A title that is too long", "<Enter> and more keys than fit");
	draw_footer(g, "<F1> left text", "<F2> right text that is longer");
	assert_null(grid_at(g, 3, 0));
	assert_null(grid_at(g, 0, 10));
	assert_null(grid_at(g, -1, 0));
	grid_free(g);
}

static void cut_text_is_marked(void **state)
{
	struct grid *g = grid_new(1, 10);

	(void)state;
	assert_int_equal(draw_text(g, 0, 0, 5, STYLE_BODY, "abcde"), 5);
	assert_int_equal(grid_at(g, 0, 4)->ch, 'e');
	assert_int_equal(draw_text(g, 0, 0, 5, STYLE_BODY, "abcdef"), 5);
	assert_int_equal(grid_at(g, 0, 4)->ch, '>');
	grid_free(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_cell_per_character), cmocka_unit_test(encode_is_the_inverse),
		cmocka_unit_test(wraps_at_words),	  cmocka_unit_test(sizes_and_times),
		cmocka_unit_test(drawing_is_clipped),	  cmocka_unit_test(cut_text_is_marked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
