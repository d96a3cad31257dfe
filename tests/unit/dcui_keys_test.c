// SPDX-License-Identifier: Apache-2.0
/* Terminal bytes to keys, the serial line's answer, and scripts. */
#include <stdlib.h>
#include <string.h>

#include "dcui/field.h"
#include "dcui/keyseq.h"
#include "dcui/probe.h"
#include "dcui/script.h"
#include "tests/unit/unit.h"

/* Feeds bytes and then lets the time run out; the keys that come out. */
static size_t feed(const char *bytes, struct key *out, size_t max)
{
	struct keyseq s = { 0 };
	struct key keys[2];
	size_t n = 0;

	for (; *bytes; bytes++) {
		int count = keyseq_feed(&s, (unsigned char)*bytes, keys);

		for (int i = 0; i < count; i++) {
			assert_true(n < max);
			out[n++] = keys[i];
		}
	}
	if (keyseq_pending(&s) && keyseq_expire(&s, &keys[0]))
		out[n++] = keys[0];
	assert_false(keyseq_pending(&s));
	return n;
}

static void sequences_of_all_terminals(void **state)
{
	static const struct {
		const char *bytes;
		enum key_code code;
		uint32_t ch;
	} cases[] = {
		{ "a", KEY_CHAR, 'a' },	      { "\r", KEY_ENTER, 0 },
		{ "\n", KEY_ENTER, 0 },	      { "\t", KEY_TAB, 0 },
		{ "\b", KEY_BACKSPACE, 0 },   { "\x7f", KEY_BACKSPACE, 0 },
		{ "\x0c", KEY_CTRL, 'l' },    { "\033", KEY_ESC, 0 },
		{ "\033\033", KEY_ESC, 0 },   { "\033[A", KEY_UP, 0 },
		{ "\033OB", KEY_DOWN, 0 },    { "\033[1;5C", KEY_RIGHT, 0 }, /* with Ctrl */
		{ "\033[1~", KEY_HOME, 0 },   { "\033[H", KEY_HOME, 0 },
		{ "\033[4~", KEY_END, 0 },    { "\033[5~", KEY_PAGE_UP, 0 },
		{ "\033[3~", KEY_DELETE, 0 }, { "\033[Z", KEY_BACKTAB, 0 },
		{ "\033OM", KEY_ENTER, 0 }, /* keypad */
		{ "\033[[B", KEY_F2, 0 },   /* linux */
		{ "\033OQ", KEY_F2, 0 },    /* vt100, xterm */
		{ "\033[12~", KEY_F2, 0 },  /* vt220 of PuTTY */
		{ "\033[23~", KEY_F11, 0 },   { "\033[24~", KEY_F12, 0 },
		{ "\033[24;2~", KEY_F12, 0 }, { "\0332", KEY_F2, 0 }, /* Esc 2 */
		{ "\0330", KEY_F10, 0 },      { "\033!", KEY_F11, 0 },
		{ "\033-", KEY_F11, 0 },      { "\033@", KEY_F12, 0 },
		{ "\033=", KEY_F12, 0 },      { "\xc3\xa9", KEY_CHAR, 0xe9 },
		{ "\xc3\033[A", KEY_UP, 0 }, /* a broken character does not eat the next key */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct key keys[8];

		assert_int_equal(feed(cases[i].bytes, keys, 8), 1);
		assert_int_equal(keys[0].code, cases[i].code);
		assert_int_equal(keys[0].ch, cases[i].ch);
	}
}

static void what_is_no_key_is_swallowed(void **state)
{
	static const char *const cases[] = {
		"\033[24;80R",
		"\033[?64;1;2c",
		"\033[99~",
		"\033[M",
		"\033O?",
		"\033[[Z",
		"\x80",
		"\033[",
		"\033O",
		"\x1f",
		"\033[1111111111111111111111111111111111111111111111111111111111111111~",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct key keys[80];

		assert_int_equal(feed(cases[i], keys, 80), 0);
	}
}

static void esc_and_a_letter_are_two_keys(void **state)
{
	struct key keys[8];

	(void)state;
	assert_int_equal(feed("\033x", keys, 8), 2);
	assert_int_equal(keys[0].code, KEY_ESC);
	assert_true(key_is(keys[1], 'x'));
}

static void random_bytes_do_no_harm(void **state)
{
	struct keyseq s = { 0 };
	struct key keys[2];

	(void)state;
	srandom(1);
	for (int i = 0; i < 1000000; i++) {
		static const unsigned char likely[] = "\033[O[0;9~R?c\xc3\xa9\xf0";
		long r = random();
		unsigned char byte = r & 1 ? likely[(r >> 8) % (long)(sizeof(likely) - 1)]
					   : (unsigned char)(r >> 8);
		int count = keyseq_feed(&s, byte, keys);

		assert_in_range(count, 0, 2);
		assert_true(s.len < KEYSEQ_MAX);
		for (int k = 0; k < count; k++)
			assert_in_range(keys[k].code, KEY_NONE + 1, KEY_CODE_COUNT - 1);
	}
}

static void serial_answers(void **state)
{
	static const char utf8[] = "\033[12;2R\033[43;132R\033[?1;2c";
	static const char latin[] = "x\033[1;3R\033[24;80R\033[?62;1;6c";
	struct probe p;

	(void)state;
	assert_true(probe_parse(utf8, strlen(utf8), &p));
	assert_true(p.answered && p.utf8);
	assert_int_equal(p.rows, 43);
	assert_int_equal(p.cols, 132);
	assert_true(probe_parse(latin, strlen(latin), &p));
	assert_true(p.answered);
	assert_false(p.utf8);
	assert_int_equal(p.cols, 80);
	assert_false(probe_parse("\033[1;2", 5, &p));
	assert_false(p.answered);
	assert_false(probe_parse("login: ", 7, &p));
	for (size_t cut = 0; cut < strlen(utf8); cut++)
		assert_false(probe_parse(utf8, cut, &p));
}

static void scripts(void **state)
{
	static const char text[] = "# words <F9>\n<F2>a b<Enter> <Down>\n  <Space>#<Less>\n"
				   "<Wait 600><size 132x43> <Ctrl-L>\n";
	static const struct token expected[] = {
		{ .kind = TOKEN_KEY, .key = { KEY_F2, 0 } },
		{ .kind = TOKEN_KEY, .key = { KEY_CHAR, 'a' } },
		{ .kind = TOKEN_KEY, .key = { KEY_CHAR, ' ' } },
		{ .kind = TOKEN_KEY, .key = { KEY_CHAR, 'b' } },
		{ .kind = TOKEN_KEY, .key = { KEY_ENTER, 0 } },
		{ .kind = TOKEN_KEY, .key = { KEY_DOWN, 0 } },
		{ .kind = TOKEN_KEY, .key = { KEY_CHAR, ' ' } },
		{ .kind = TOKEN_KEY, .key = { KEY_CHAR, '#' } },
		{ .kind = TOKEN_KEY, .key = { KEY_CHAR, '<' } },
		{ .kind = TOKEN_WAIT, .seconds = 600 },
		{ .kind = TOKEN_SIZE, .rows = 43, .cols = 132 },
		{ .kind = TOKEN_KEY, .key = { KEY_CTRL, 'l' } },
		{ .kind = TOKEN_END },
	};
	struct script s = { text, text };
	struct err e = ERR_INIT;
	struct token t;

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		assert_int_equal(script_next(&s, &t, &e), 0);
		assert_memory_equal(&t, &expected[i], sizeof(t));
	}
}

static void bad_scripts(void **state)
{
	static const char *const bad[] = { "<F13>",
					   "<Enter",
					   "<>",
					   "<Size 0x0>",
					   "<Size 9999x2>",
					   "<Wait>",
					   "<a name that is much longer than any key>" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct script s = { bad[i], bad[i] };
		struct err e = ERR_INIT;
		struct token t;

		assert_int_equal(script_next(&s, &t, &e), -1);
		assert_int_equal(e.kind, ERR_INVALID);
	}
}

static void type_text(struct field *f, const char *text)
{
	for (; *text; text++)
		field_handle(f, (struct key){ KEY_CHAR, (unsigned char)*text });
}

static void editing(void **state)
{
	struct field f = { 0 };

	(void)state;
	type_text(&f, "abc");
	field_handle(&f, (struct key){ KEY_LEFT, 0 });
	field_handle(&f, (struct key){ KEY_CHAR, 0xe9 });
	assert_string_equal(f.value, "ab\xc3\xa9"
				     "c");
	field_handle(&f, (struct key){ KEY_BACKSPACE, 0 });
	field_handle(&f, (struct key){ KEY_HOME, 0 });
	field_handle(&f, (struct key){ KEY_DELETE, 0 });
	assert_string_equal(f.value, "bc");
	field_handle(&f, (struct key){ KEY_CHAR, 7 });
	assert_string_equal(f.value, "bc");
	for (int i = 0; i < 1000; i++)
		field_handle(&f, (struct key){ KEY_CHAR, 0x20ac });
	assert_int_equal(strlen(f.value), 3 * (FIELD_MAX - 2) + 2);
	field_handle(&f, (struct key){ KEY_CTRL, 'u' });
	for (size_t i = 0; i < sizeof(f.value); i++)
		assert_int_equal(f.value[i], 0);
	assert_false(field_handle(&f, (struct key){ KEY_ENTER, 0 }));
}

static void lists_keep_the_choice_in_sight(void **state)
{
	struct list l = { 0 };

	(void)state;
	for (int i = 0; i < 12; i++)
		assert_true(list_handle(&l, (struct key){ KEY_DOWN, 0 }, 10, 4));
	assert_int_equal(l.chosen, 9);
	assert_int_equal(l.top, 6);
	list_handle(&l, (struct key){ KEY_PAGE_UP, 0 }, 10, 4);
	assert_int_equal(l.chosen, 6);
	list_handle(&l, (struct key){ KEY_HOME, 0 }, 10, 4);
	assert_int_equal(l.top, 0);
	l.chosen = 9;
	list_clamp(&l, 3, 4); /* the list became shorter */
	assert_int_equal(l.chosen, 2);
	assert_int_equal(l.top, 0);
	list_clamp(&l, 0, 4);
	assert_int_equal(l.chosen, 0);
	assert_false(list_handle(&l, (struct key){ KEY_CHAR, 'x' }, 10, 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sequences_of_all_terminals),
		cmocka_unit_test(what_is_no_key_is_swallowed),
		cmocka_unit_test(esc_and_a_letter_are_two_keys),
		cmocka_unit_test(random_bytes_do_no_harm),
		cmocka_unit_test(serial_answers),
		cmocka_unit_test(scripts),
		cmocka_unit_test(bad_scripts),
		cmocka_unit_test(editing),
		cmocka_unit_test(lists_keep_the_choice_in_sight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
