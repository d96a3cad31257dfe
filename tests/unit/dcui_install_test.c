// SPDX-License-Identifier: Apache-2.0
/* Installing from the console while it goes on: an operation that tells how far it is. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dcui/driver.h"
#include "log.h"
#include "tests/unit/unit.h"

static int go[2];  /* a byte: the install goes on, to 50 % or (0) to its end */
static bool waits; /* for that byte */
static const char *failure;

static int core(const char *op, json_t *params, json_t **result, struct err *e)
{
	char byte;

	if (!strcmp(op, "system.boot.disk.list")) {
		*result = json_pack("[{s:s, s:I, s:s}]", "device", "/dev/sda", "size",
				    (json_int_t)1 << 30, "serial", "S1");
		return 0;
	}
	if (!strcmp(op, "account.password.is_set")) {
		*result = json_pack("{s:b}", "is_set", 0);
		return 0;
	}
	*result = json_pack("{s:s, s:s, s:i}", "content", "nothing", "build", "b1", "from_bank", 0);
	if (strcmp(op, "system.boot.install") != 0 ||
	    json_is_true(json_object_get(params, "dry_run")))
		return 0;
	assert_string_equal(json_string_value(json_object_get(params, "device")), "/dev/sda");
	assert_string_equal(json_string_value(json_object_get(params, "serial")), "S1");
	call_tell(waits ? 42 : 0);
	do {
		byte = 0;
		if (waits && read(go[0], &byte, 1) != 1)
			_exit(1);
		if (byte)
			call_tell(50);
	} while (byte);
	if (!failure)
		return 0;
	json_decref(*result);
	*result = NULL;
	return err_set(e, ERR_UNAVAILABLE, "%s", failure);
}

/* Until cond holds; what happens is waited for. */
#define UNTIL(d, cond)                                                              \
	while (!(cond)) {                                                           \
		struct pollfd p[DRIVER_FDS] = { 0 };                                \
		int fds[DRIVER_FDS];                                                \
                                                                                    \
		driver_fds(d, fds);                                                 \
		for (int i_ = 0; i_ < DRIVER_FDS; i_++)                             \
			p[i_] = (struct pollfd){ .fd = fds[i_], .events = POLLIN }; \
		assert_true(poll(p, DRIVER_FDS, 60000) > 0);                        \
		driver_continue(d);                                                 \
	}

static void keys(struct driver *d, const char *text)
{
	for (; *text; text++) {
		struct key key = { *text == '\n' ? KEY_ENTER : KEY_CHAR, (uint32_t)*text };

		driver_key(d, key);
		UNTIL(d, d->m.busy == ACTION_NONE || d->m.busy == ACTION_INSTALL);
	}
}

/* What stands in a row, without the rest of the screen. */
static bool shows(const struct driver *d, const char *text)
{
	struct grid *g = grid_new(24, 80);
	bool found = false;
	char *screen;
	size_t len;
	FILE *f = open_memstream(&screen, &len);

	ui_render(&d->m, g);
	grid_dump(g, false, f);
	fclose(f);
	found = strstr(screen, text) != NULL;
	free(screen);
	grid_free(g);
	return found;
}

/* As far as the install has begun. */
static void begin(struct driver *d, bool lasts, const char *fails)
{
	waits = lasts;
	failure = fails;
	assert_int_equal(pipe(go), 0);
	log_open_stderr("test");
	log_max_severity(LOG_EMERG);
	driver_init(d, core, false, 24, 80);
	driver_key(d, (struct key){ KEY_F2, 0 });
	keys(d, "\n");
	assert_int_equal(ui_top(&d->m), SCREEN_MENU);
	for (int i = 0; i < 20 && !shows(d, "Writes the image that this host runs"); i++)
		driver_key(d, (struct key){ KEY_DOWN, 0 });
	keys(d, "\n\nsda\n");
	if (lasts)
		UNTIL(d, d->m.busy_percent == 42);
}

static void end(struct driver *d)
{
	close(go[0]);
	close(go[1]);
	driver_free(d);
}

static void percents_show_and_keys_wait(void **state)
{
	struct driver d;

	(void)state;
	begin(&d, true, NULL);
	assert_true(shows(&d, "Installing to /dev/sda ...") && shows(&d, "42 %"));
	driver_key(&d, (struct key){ KEY_ESC, 0 });
	assert_int_equal(ui_top(&d.m), SCREEN_ERASE);
	/* However long it takes, nobody is logged out before he has seen the end. */
	driver_tick(&d, d.m.now + 500);
	assert_int_equal(write(go[1], "x", 1), 1);
	UNTIL(&d, d.m.busy_percent == 50);
	driver_tick(&d, d.m.now + 500);
	assert_int_equal(write(go[1], "", 1), 1);
	UNTIL(&d, d.m.busy == ACTION_NONE);
	driver_tick(&d, d.m.now + 60);
	assert_int_equal(ui_top(&d.m), SCREEN_RESULT);
	assert_true(shows(&d, "Build b1 was installed to /dev/sda") && shows(&d, "<F12>"));
	driver_key(&d, (struct key){ KEY_F12, 0 });
	assert_int_equal(ui_top(&d.m), SCREEN_POWER);
	end(&d);
}

static void what_was_written_is_said(void **state)
{
	struct driver d;

	(void)state;
	begin(&d, true, "/dev/sda: write: Input/output error");
	assert_int_equal(write(go[1], "", 1), 1);
	UNTIL(&d, d.m.busy == ACTION_NONE);
	assert_true(shows(&d, "Input/output error") && shows(&d, "what was on it may be lost"));
	assert_false(shows(&d, "<F12>"));
	end(&d);
}

/* Also if it fails so soon that the first percent comes together with the answer. */
static void what_was_begun_is_said(void **state)
{
	struct driver d;

	(void)state;
	begin(&d, false, "/dev/sda: write: Input/output error");
	UNTIL(&d, d.m.busy == ACTION_NONE);
	assert_true(shows(&d, "what was on it may be lost"));
	end(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(percents_show_and_keys_wait),
		cmocka_unit_test(what_was_written_is_said),
		cmocka_unit_test(what_was_begun_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
