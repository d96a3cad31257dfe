// SPDX-License-Identifier: Apache-2.0
/* The live log: its end over rotation, lines on as many rows as they need, and the hot keys that
 * lead there. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dcui/hotkey.h"
#include "dcui/screens/screens.h"
#include "tests/unit/unit.h"

static char folder[] = "/tmp/dcui-live-XXXXXX";
static char path[64], aside[64];
static struct model m;

static void put(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static int start(void **state)
{
	(void)state;
	m.live = (struct live){ 0 };
	unlink(path);
	unlink(aside);
	return 0;
}

static const char *last(size_t *at)
{
	return live_before(&m.live, at);
}

static void reads_what_is_new(void **state)
{
	size_t at;

	(void)state;
	put(path, "one\ntwo\n");
	assert_true(live_read(&m.live, path));
	assert_false(live_read(&m.live, path));
	put(path, "one\ntwo\nthree\nhalf");
	assert_true(live_read(&m.live, path));
	at = m.live.len;
	assert_string_equal(last(&at), "half");
	assert_string_equal(last(&at), "three");
	assert_string_equal(last(&at), "two");
	assert_string_equal(last(&at), "one");
	assert_null(last(&at));
}

static void goes_on_in_the_new_log(void **state)
{
	size_t at;

	(void)state;
	put(path, "old one\nold two\n");
	assert_true(live_read(&m.live, path));
	assert_int_equal(rename(path, aside), 0);
	assert_true(live_read(&m.live, path));
	assert_non_null(strstr(m.live.why, path));
	assert_false(live_read(&m.live, path)); /* says so once */
	put(path, "new\n");
	assert_true(live_read(&m.live, path));
	assert_string_equal(m.live.why, "");
	at = m.live.len;
	assert_string_equal(last(&at), "new");
	assert_string_equal(last(&at), "old two");
}

static void a_long_log_begins_with_a_whole_line(void **state)
{
	char *text = malloc(3 * LIVE_BYTES);
	size_t len = 0, at, lines = 0;
	const char *line;

	(void)state;
	for (int i = 0; len < 2 * LIVE_BYTES; i++)
		len += (size_t)sprintf(text + len, "line %06d\n", i);
	put(path, text);
	assert_true(live_read(&m.live, path));
	assert_true(m.live.len <= LIVE_BYTES);
	for (at = m.live.len; (line = last(&at)); lines++)
		assert_int_equal(strlen(line), strlen("line 000000"));
	assert_true(lines > LIVE_BYTES / strlen("line 000000\n") - 2);
	/* One line that has no end. */
	memset(text, 'x', 2 * LIVE_BYTES);
	text[2 * LIVE_BYTES] = '\0';
	put(path, text);
	assert_true(live_read(&m.live, path));
	at = m.live.len;
	assert_null(last(&at));
	free(text);
}

static void row(const struct grid *g, int number, char text[static 21])
{
	for (int col = 0; col < 20; col++)
		text[col] = (char)grid_at(g, number, col)->ch;
	text[20] = '\0';
}

static void long_lines_go_on_below(void **state)
{
	struct grid *g = grid_new(8, 20);
	char text[21];

	(void)state;
	put(path, "first\n\nabcdefghijklmnopqrstuvwxyz\n\x1b[31mred\n");
	assert_true(live_read(&m.live, path));
	screen_live.render(&m, g);
	row(g, 6, text);
	assert_null(strchr(text, 0x1b));
	assert_non_null(strstr(text, "[31mred"));
	row(g, 5, text);
	assert_string_equal(text, "uvwxyz              ");
	row(g, 4, text);
	assert_string_equal(text, "abcdefghijklmnopqrst");
	row(g, 3, text);
	assert_string_equal(text, "                    ");
	row(g, 2, text);
	assert_string_equal(text, "first               ");
	grid_free(g);
}

/* Feeds all; what was passed on, and the last hot key. */
static enum hot feed(const char *bytes, char *passed)
{
	struct hotkey h = { 0 };
	enum hot found = HOT_NONE, hot;
	size_t len = 0;

	for (; *bytes; bytes++) {
		unsigned char out[HOTKEY_MAX];
		int count = hotkey_feed(&h, (unsigned char)*bytes, out, &hot);

		memcpy(passed + len, out, (size_t)count);
		len += (size_t)count;
		found = hot != HOT_NONE ? hot : found;
	}
	passed[len] = '\0';
	return found;
}

static void hot_keys(void **state)
{
	static const struct {
		const char *typed, *passed;
		enum hot hot;
	} cases[] = {
		{ "abc", "abc", HOT_NONE },
		{ "\x07\x02"
		  "1",
		  "", HOT_LOG },
		{ "\x07\x02"
		  "2",
		  "", HOT_SHELL },
		{ "a\x07\x02"
		  "3b",
		  "ab", HOT_CONSOLE },
		{ "\x07\x02?", "", HOT_HELP },
		{ "\x07x", "\x07x", HOT_NONE },
		{ "\x07\x02x", "\x07\x02x", HOT_NONE },
		{ "\x07\x07\x02"
		  "1",
		  "\x07", HOT_LOG },
		{ "\x07\x02\x07\x02"
		  "2",
		  "\x07\x02", HOT_SHELL },
		{ "\x02"
		  "1",
		  "\x02"
		  "1",
		  HOT_NONE },
	};
	char passed[32];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(feed(cases[i].typed, passed), cases[i].hot);
		assert_string_equal(passed, cases[i].passed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(reads_what_is_new, start),
		cmocka_unit_test_setup(goes_on_in_the_new_log, start),
		cmocka_unit_test_setup(a_long_log_begins_with_a_whole_line, start),
		cmocka_unit_test_setup(long_lines_go_on_below, start),
		cmocka_unit_test(hot_keys),
	};
	int failed;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/log", folder);
	snprintf(aside, sizeof(aside), "%s/log.1", folder);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	unlink(aside);
	rmdir(folder);
	return failed;
}
