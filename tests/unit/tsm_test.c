// SPDX-License-Identifier: Apache-2.0
/* Lines typed at the tech support shell: what is meant, and what the terminal is to show. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "userworld/tsm/complete.h"
#include "userworld/tsm/edit.h"
#include "userworld/tsm/pool.h"

#define UP "\x1b[A"
#define DOWN "\x1b[B"
#define LEFT "\x1b[D"
#define RIGHT "\x1b[C"

static struct edit edit;

static int fresh(void **state)
{
	(void)state;
	memset(&edit, 0, sizeof(edit));
	edit.cols = 80;
	return 0;
}

/* Types keys; the line that is complete at the end goes into the history. */
static enum edit_result type(const char *keys)
{
	struct screen out = { .len = 0 };
	enum edit_result r = EDIT_GOES_ON;

	for (; *keys; keys++)
		r = edit_key(&edit, (unsigned char)*keys, &out);
	return r;
}

static void lines(void **state)
{
	static const struct {
		const char *keys, *line;
		size_t at;
	} cases[] = {
		{ "ls -la", "ls -la", 6 },
		{ "lx\x7fs", "ls", 2 },
		{ "\x7f\x7f", "", 0 },
		{ "ac" LEFT "b", "abc", 2 },
		{ "bc\x01"
		  "a\x05"
		  "d",
		  "abcd", 4 },
		{ "abc\x02\x02\x04", "ac", 1 },
		{ "abc" LEFT LEFT "\x1b[3~", "ac", 1 },
		{ "one two  \x17", "one ", 4 },
		{ "abc" LEFT "\x0b", "ab", 2 },
		{ "abc" LEFT "\x15", "c", 0 },
		{ "a\x1b[15~b", "ab", 2 },
		{ "a\x1b[1;5Cb", "ab", 2 },
		{ "\xc3\xa4"
		  "b" LEFT LEFT "x",
		  "x\xc3\xa4"
		  "b",
		  1 },
		{ "\xc3\xa4\x7f", "", 0 },
		{ LEFT RIGHT "a\x1bOHb\x1bOF", "ba", 2 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fresh(state);
		assert_int_equal(type(cases[i].keys), EDIT_GOES_ON);
		assert_string_equal(edit.line, cases[i].line);
		assert_int_equal(edit.len, strlen(edit.line));
		assert_int_equal(edit.at, cases[i].at);
	}
}

static void ends(void **state)
{
	(void)state;
	assert_int_equal(type("ls\r"), EDIT_DONE);
	assert_int_equal(type("\x03"), EDIT_CONTROL);
	assert_int_equal(type("\x1a"), EDIT_CONTROL);
	assert_int_equal(type("\t"), EDIT_COMPLETE);
	edit_next(&edit, false);
	assert_int_equal(type("\x04"), EDIT_CONTROL);
}

static void enter(const char *line)
{
	assert_int_equal(type(line), EDIT_GOES_ON);
	edit_next(&edit, true);
}

static void history(void **state)
{
	(void)state;
	type(UP);
	assert_string_equal(edit.line, "");
	enter("one");
	enter("two");
	enter("two");
	type(UP);
	assert_string_equal(edit.line, "two");
	type(UP);
	assert_string_equal(edit.line, "one");
	type(UP);
	assert_string_equal(edit.line, "one");
	type(DOWN "x");
	assert_string_equal(edit.line, "twox");
	type(DOWN);
	assert_string_equal(edit.line, "");
	for (int i = 0; i < 200; i++)
		enter(i % 2 ? "odd" : "even");
	for (int i = 0; i < 300; i++)
		type(UP);
	assert_string_equal(edit.line, "even");
}

/* Too much for a line is not taken; nothing is written behind its end. */
static void too_long(void **state)
{
	(void)state;
	for (int i = 0; i < 3 * EDIT_LINE_MAX; i++)
		type("x");
	assert_int_equal(edit.len, EDIT_LINE_MAX);
	type("\x01y");
	assert_int_equal(strlen(edit.line), EDIT_LINE_MAX);
	type("\x15\x0b");
	assert_int_equal(edit.len, 0);
}

static void expect_screen(const char *keys, const char *want)
{
	struct screen out = { .len = 0 };

	for (; *keys; keys++)
		edit_key(&edit, (unsigned char)*keys, &out);
	out.data[out.len] = '\0';
	assert_string_equal(out.data, want);
}

static void shown(void **state)
{
	struct screen out = { .len = 0 };

	(void)state;
	edit_output(&edit, "old\r\n\x1b[1m[root] ", 16, &out);
	assert_string_equal(edit.prompt, "\x1b[1m[root] ");
	expect_screen("ab", "ab");
	expect_screen(LEFT, "\r\x1b[K\x1b[1m[root] ab\x1b[1D");
	/* Output of a program in the background: the line is put behind it again. */
	out.len = 0;
	edit_output(&edit, "done\r\n$ ", 8, &out);
	out.data[out.len] = '\0';
	assert_string_equal(out.data, "\r\x1b[Kdone\r\n$ \r\x1b[K$ ab\x1b[1D");
}

/* A line wider than the terminal: the part around the cursor. */
static void wide(void **state)
{
	(void)state;
	edit.cols = 20;
	strcpy(edit.prompt, "$ ");
	type("abcdefghijklmnopqrstuvwxyz");
	expect_screen("0", "\r\x1b[K$ klmnopqrstuvwxyz0");
	expect_screen("\x01", "\r\x1b[K$ abcdefghijklmnopq\x1b[17D");
}

static void names(void **state)
{
	static const struct {
		const char *line, *add, *list;
		int count;
	} cases[] = {
		{ "cat al", "pha ", "alpha", 1 },
		{ "cat be", "", "", 2 },
		{ "cat ben", "ch/", "bench/", 1 },
		{ "cat bench/", "deep ", "deep", 1 },
		{ "pro", "gram ", "program", 1 },
		{ "x=al", "pha ", "alpha", 1 },
		{ "ls|pro", "", "", 0 },
		{ "cat none", "", "", 0 },
		{ "cat .h", "idden ", ".hidden", 1 },
		{ "./al", "pha ", "alpha", 1 },
	};
	static const char *const files[] = { "alpha", "beta", ".hidden", "bench/deep",
					     "bin/program" };
	char dir[] = "/tmp/tsm_test.XXXXXX", path[128], add[64], list[COMPLETE_LIST];

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	assert_int_equal(mkdir("bench", 0700) | mkdir("bin", 0700), 0);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		fclose(fopen(files[i], "w"));
	snprintf(path, sizeof(path), "%s/bin:%s/none:%s/bin", dir, dir, dir);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int n = complete(cases[i].line, dir, path, add, sizeof(add), list);

		assert_int_equal(n, cases[i].count);
		assert_string_equal(add, cases[i].add);
		if (n == 1)
			assert_string_equal(list, cases[i].list);
	}
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		unlink(files[i]);
	assert_int_equal(rmdir("bench") | rmdir("bin") | chdir("/") | rmdir(dir), 0);
}

static void refusals(void **state)
{
	char text[640];

	(void)state;
	refusal_text(text, sizeof(text), "host/vim/vimuser/terminal/shell", "24");
	assert_non_null(strstr(text, "host/vim/vimuser/terminal/shell may have 24 processes"));
	assert_non_null(
		strstr(text, "visorcli sched group set -g host/vim/vimuser/terminal/shell"));
	throttle_text(text, sizeof(text), "host/x", 50, 2.5);
	assert_non_null(strstr(text, "held back for 2.5 s: the shell's pool host/x may use"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(lines, fresh),	cmocka_unit_test_setup(ends, fresh),
		cmocka_unit_test_setup(history, fresh), cmocka_unit_test_setup(too_long, fresh),
		cmocka_unit_test_setup(shown, fresh),	cmocka_unit_test_setup(wide, fresh),
		cmocka_unit_test_setup(names, fresh),	cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests_name("tsm", tests, NULL, NULL);
}
