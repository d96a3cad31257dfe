// SPDX-License-Identifier: Apache-2.0
/* Reading from a server that breaks connections off. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "tests/unit/web.h"
#include "userworld/core/fetch/fetch.h"

#define SIZE 300000

static char content[SIZE];

#define FILE_OF(len) .data = content, .size = (len)

/* Reads to the end: how many good bytes came from that one on, or minus that if it ended in an
 * error. */
static long read_all(struct fetch *f, size_t from)
{
	char buf[5000];
	long got = 0;
	ssize_t n;

	while ((n = fetch_read(f, buf, sizeof(buf))) > 0) {
		assert_memory_equal(buf, content + from + got, n);
		got += n;
	}
	fetch_close(f);
	return n < 0 ? -got : got;
}

static long read_from(const struct web *web)
{
	struct err e = ERR_INIT;
	struct web_seen *seen;
	struct fetch *f;
	char url[64];
	long got;
	int port;
	pid_t pid = web_start(web, &port, &seen);

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/file", port);
	if (fetch_open(&f, url, &e))
		fail_msg("%s", e.text);
	assert_true(fetch_is_whole(f));
	got = read_all(f, 0);
	web_stop(pid, seen);
	return got;
}

static void whole(void **state)
{
	(void)state;
	assert_int_equal(read_from(&(struct web){ FILE_OF(SIZE) }), SIZE);
}

static void resumed(void **state)
{
	(void)state;
	assert_int_equal(read_from(&(struct web){ FILE_OF(SIZE), .ranges = true, .piece = 70000,
						  .tag = "\"one\"" }),
			 SIZE);
}

/* The rest is not taken from where it could be another file's. */
static void not_resumed(void **state)
{
	const struct web untagged = { FILE_OF(SIZE), .ranges = true, .piece = 70000 };
	const struct web weak = { FILE_OF(SIZE), .ranges = true, .piece = 70000,
				  .tag = "W/\"one\"" };
	const struct web changed = { FILE_OF(SIZE),    .ranges = true,	   .piece = 70000,
				     .tag = "\"one\"", .other = "\"two\"", .changes = 1 };
	struct web careless = changed;
	const struct web no_ranges = { FILE_OF(SIZE), .piece = 70000, .tag = "\"one\"" };

	(void)state;
	careless.careless = true;
	assert_int_equal(read_from(&untagged), -70000);
	assert_int_equal(read_from(&weak), -70000);
	assert_int_equal(read_from(&changed), -70000);
	assert_int_equal(read_from(&careless), -70000);
	assert_int_equal(read_from(&no_ranges), -70000);
}

/* The end, and then a part from the middle, of the same file. */
static void parts_from(const struct web *web, const char *fault)
{
	struct err e = ERR_INIT;
	struct fetch_file file;
	struct web_seen *seen;
	struct fetch *f;
	char url[64];
	int port;
	pid_t pid = web_start(web, &port, &seen);

	snprintf(url, sizeof(url), "http://127.0.0.1:%d/file", port);
	assert_int_equal(fetch_open_tail(&f, url, 150000, &e), 0);
	assert_false(fetch_is_whole(f));
	file = *fetch_file(f);
	assert_int_equal(file.size, SIZE);
	assert_string_equal(file.validator, web->tag && web->tag[0] == '"' ? web->tag : "");
	assert_int_equal(read_all(f, SIZE - 150000), 150000);
	if (!fault) {
		assert_int_equal(fetch_open_part(&f, url, &file, 1000, 100000, &e), 0);
		assert_int_equal(read_all(f, 1000), 100000);
	} else {
		assert_int_equal(fetch_open_part(&f, url, &file, 1000, 100000, &e), -1);
		assert_int_equal(e.kind, ERR_UNAVAILABLE);
		assert_non_null(strstr(e.text, fault));
	}
	web_stop(pid, seen);
}

static void parts(void **state)
{
	const struct web good = { FILE_OF(SIZE), .ranges = true, .tag = "\"one\"" };
	const struct web broken = { FILE_OF(SIZE), .ranges = true, .piece = 70000,
				    .tag = "\"one\"" };
	const struct web untagged = { FILE_OF(SIZE), .ranges = true };
	const struct web changed = { FILE_OF(SIZE), .ranges = true, .tag = "\"one\"",
				     .other = "\"two\"", .changes = 1 };
	const struct web small = { FILE_OF(1000), .ranges = true };
	const struct web none = { FILE_OF(SIZE) };
	struct err e = ERR_INIT;
	struct fetch_file larger = { .size = SIZE + 1 };
	struct web_seen *seen;
	struct fetch *f;
	char url[64];
	int port;
	pid_t pid;

	(void)state;
	parts_from(&good, NULL);
	parts_from(&broken, NULL);
	parts_from(&untagged, NULL);
	parts_from(&changed, "changed while it was read");
	/* All of it is the end as well; and so it is for a server without ranges. */
	for (int i = 0; i < 2; i++) {
		pid = web_start(i ? &none : &small, &port, &seen);
		snprintf(url, sizeof(url), "http://127.0.0.1:%d/file", port);
		assert_int_equal(fetch_open_tail(&f, url, 2000, &e), 0);
		assert_true(fetch_is_whole(f));
		assert_int_equal(fetch_file(f)->size, i ? SIZE : 1000);
		assert_int_equal(read_all(f, 0), i ? SIZE : 1000);
		web_stop(pid, seen);
	}
	/* Without a tag a change is seen by the size. */
	pid = web_start(&untagged, &port, &seen);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/file", port);
	assert_int_equal(fetch_open_part(&f, url, &larger, 0, 10, &e), -1);
	assert_string_equal(strchr(e.text + 7, '/'), "/file: changed while it was read");
	web_stop(pid, seen);
}

static void range(const char *text, int rc, uint64_t from, uint64_t to, uint64_t total)
{
	struct fetch_span span = { 0 };

	assert_int_equal(fetch_range_parse(text, &span), rc);
	if (rc)
		return;
	assert_int_equal(span.from, from);
	assert_int_equal(span.to, to);
	assert_int_equal(span.total, total);
}

static void headers(void **state)
{
	char text[FETCH_RANGE_TEXT];
	struct fetch_file file = { "x", 0 };

	(void)state;
	range("bytes 0-0/1", 0, 0, 1, 1);
	range("bytes 1000-1999/2000", 0, 1000, 2000, 2000);
	range("bytes 7-8/*", 0, 7, 9, 0);
	range(NULL, -1, 0, 0, 0);
	range("", -1, 0, 0, 0);
	range("bytes */2000", -1, 0, 0, 0);
	range("bytes 2-1/3", -1, 0, 0, 0);
	range("bytes 0-3/3", -1, 0, 0, 0);
	range("bytes -1-3/9", -1, 0, 0, 0);
	range("bytes 0- 3/9", -1, 0, 0, 0);
	range("bytes 0-3/9x", -1, 0, 0, 0);
	range("bytes 0-99999999999999999999/9", -1, 0, 0, 0);
	range("bytes 0-18446744073709551615/*", -1, 0, 0, 0);
	range("items 0-1/9", -1, 0, 0, 0);
	fetch_range_format(5, 0, text);
	assert_string_equal(text, "bytes=5-");
	fetch_range_format(5, 9, text);
	assert_string_equal(text, "bytes=5-8");
	fetch_range_format_tail(70, text);
	assert_string_equal(text, "bytes=-70");
	fetch_validator("\"a\"", "Sun", &file);
	assert_string_equal(file.validator, "\"a\"");
	fetch_validator("W/\"a\"", "Sun", &file);
	assert_string_equal(file.validator, "Sun");
	fetch_validator(NULL, NULL, &file);
	assert_string_equal(file.validator, "");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole), cmocka_unit_test(resumed), cmocka_unit_test(not_resumed),
		cmocka_unit_test(parts), cmocka_unit_test(headers),
	};

	for (size_t i = 0; i < SIZE; i++)
		content[i] = (char)(i * 7 + i / 1000);
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
