// SPDX-License-Identifier: Apache-2.0
/*
 * A monkey at the keyboard: 100,000 keys, windows of all sizes, a host whose
 * answers change, with a core that only notes what is asked of it. Whatever
 * cannot be undone must have been on the screen as a question, with its
 * subject, when the last key said yes. Every screen must have been there, and
 * the views of Alt-F11 and Alt-F12 are drawn beside them. MONKEY_SEED and
 * MONKEY_KEYS change where it begins and how long it goes on.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dcui/driver.h"
#include "dcui/screens/screens.h"
#include "dcui/text.h"
#include "log.h"
#include "tests/unit/unit.h"

#define KEYS 100000

/* What the core was asked for since the last key. */
static char asked[64], subject[64];
static unsigned long asked_count[5]; /* restarts, installs, shutdowns, reboots, other changes */

static long pick(long n)
{
	return random() % n;
}

static json_t *random_services(void)
{
	static const char *const names[] = { "hostd", "dcui", "oomd", "net", "a-bundle", "ssh" };
	static const char *const states[] = { "running", "backoff", "failed", "down", "done" };
	json_t *list = json_array();

	for (long i = pick(60); i > 0; i--) {
		char name[48];

		snprintf(name, sizeof(name), "%s%ld", names[pick(6)], i);
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:s, s:I, s:I}", "name", name, "state",
						states[pick(5)], "pool",
						pick(2) ? "host/vim/vmvisor/x" : "host/user/x",
						"pid", (json_int_t)pick(40000), "restarts",
						(json_int_t)pick(1000)));
	}
	return list;
}

static json_t *random_lines(void)
{
	json_t *lines = json_array(), *result = json_pack("{s:o}", "lines", lines);

	for (long i = pick(80); i > 0; i--) {
		char text[400] = "";

		for (long n = pick(90); n > 0; n--) {
			char utf8[TEXT_UTF8_MAX + 1] = "";

			utf8[text_encode((uint32_t)(1 + pick(pick(9) ? 0x7e : 0xd7ff)), utf8)] = 0;
			strcat(text, utf8);
		}
		json_array_append_new(lines, json_string(text));
	}
	return result;
}

static json_t *random_disks(void)
{
	json_t *list = json_array();

	/* A name that a monkey can type. */
	for (long i = pick(20); i > 0; i--)
		json_array_append_new(list, json_pack("{s:s, s:I, s:b}", "device",
						      pick(9) ? "/dev/a" : "", "size",
						      (json_int_t)random(), "running", pick(2)));
	return list;
}

/* Rows for any table: each has all fields that one of them shows, or none. */
static json_t *random_rows(void)
{
	json_t *list = json_array();

	for (long i = pick(40); i > 0; i--)
		json_array_append_new(
			list,
			pick(9) ? json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:b}", "name",
					    "thing", "path", "/a/thing", "option", "/A/thing",
					    "build", "thing", "why", "a\tthing or two", "max",
					    (json_int_t)random() * pick(1 << 20), "bank",
					    (json_int_t)pick(2), "generation", (json_int_t)pick(99),
					    "current", pick(2))
				: json_null());
	return list;
}

static json_t *random_interfaces(void)
{
	json_t *list = json_array();

	for (long i = pick(12); i > 0; i--)
		json_array_append_new(
			list,
			pick(9) ? json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:b}",
					    "name", pick(2) ? "vmk0" : "a", "adapter", "eth0",
					    "device", "eth0", "link", pick(2) ? "up" : "down",
					    "address", pick(2) ? "2001:db8::1" : "", "type",
					    pick(2) ? "static" : "dhcp", "gateway", "fe80::1",
					    "vlan", (json_int_t)pick(9999), "prefix",
					    (json_int_t)pick(200), "enabled", pick(2))
				: json_null());
	return list;
}

/* What the page of the host itself knows: a welcome text of any kind. */
static json_t *random_host(void)
{
	char text[3000] = "";

	for (long i = pick(60); i > 0; i--) {
		static const char *const words[] = { "\n", "{hostname}", "{cpu} ",   "{",
						     "}",  "word ",	 "\xc3\xbc", "\t{url}" };

		strcat(text, words[pick(8)]);
	}
	return json_pack("{s:s}", "welcome", text);
}

static json_t *random_answer(const char *op)
{
	static const char *const tables[] = {
		"system.ramdisk.list",	 "system.ramdisk.files",
		"sched.group.list",	 "system.event.list",
		"system.setting.list",	 "software.bundle.list",
		"system.boot.bank.list", "system.keyboard.layout.list",
		"system.state.history",	 "system.state.diff",
		"network.nic.list",	 "network.test",
		"network.ipv4.list",
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (!strcmp(op, tables[i]))
			return random_rows();
	if (!strcmp(op, "network.interface.list") || !strcmp(op, "network.ipv6.get") ||
	    !strcmp(op, "network.ipv6.list"))
		return random_interfaces();
	if (!strcmp(op, "dcui.host"))
		return random_host();
	if (!strcmp(op, "system.service.list"))
		return random_services();
	if (!strcmp(op, "system.log.tail"))
		return random_lines();
	if (!strcmp(op, "system.boot.disk.list"))
		return random_disks();
	if (!strcmp(op, "account.password.is_set"))
		return json_pack("{s:b}", "is_set", pick(2));
	if (!strcmp(op, "system.hostname.get"))
		return json_pack("{s:s}", "hostname", pick(2) ? "visor" : "");
	return json_null();
}

/* Whatever is not known to change nothing counts as dangerous. */
static bool harmless(const char *op, bool dry)
{
	static const char *const ends[] = { ".list",  ".get",	  ".tail", ".is_set", ".verify",
					    ".files", ".history", ".diff", ".test" };
	const char *end = strrchr(op, '.');

	for (size_t i = 0; end && i < sizeof(ends) / sizeof(ends[0]); i++)
		if (!strcmp(end, ends[i]))
			return true;
	return dry || !strncmp(op, "dcui.", 5) || !strcmp(op, "account.password.set");
}

static int core(const char *op, json_t *params, json_t **result, struct err *e)
{
	static const char *const dangerous[] = { "system.service.restart", "system.boot.install",
						 "system.shutdown", "system.reboot" };
	bool dry = json_is_true(json_object_get(params, "dry_run"));

	for (int i = 0; i < 4; i++)
		if (!strcmp(op, dangerous[i]) && !dry) {
			const char *key = i == 1 ? "device" : "name";
			const char *name = json_string_value(json_object_get(params, key));

			if (!asked[0])
				snprintf(subject, sizeof(subject), "%s", name ? name : "now?");
			snprintf(asked, sizeof(asked), "%s", op);
			asked_count[i]++;
		}
	if (!asked[0] && !harmless(op, dry)) {
		snprintf(asked, sizeof(asked), "change");
		subject[0] = '\0';
		asked_count[4]++;
	}
	if (pick(4) == 0)
		return err_set(e, pick(2) ? ERR_NOT_FOUND : ERR_AUTH, "monkey: %s", op);
	*result = random_answer(op);
	return 0;
}

/* A name is harder to type than Enter: this monkey knows the one of a disk. */
static struct key key_for_name(const struct field *name)
{
	if (!strcmp(name->value, "a"))
		return (struct key){ KEY_ENTER, 0 };
	return name->value[0] ? (struct key){ KEY_CTRL, 'u' } : (struct key){ KEY_CHAR, 'a' };
}

static struct key random_key(const struct model *m)
{
	static const enum key_code common[] = { KEY_ENTER, KEY_ENTER, KEY_DOWN, KEY_DOWN, KEY_UP,
						KEY_F2,	   KEY_F12,   KEY_F11,	KEY_ESC,  KEY_TAB };

	if (ui_top(m) == SCREEN_ERASE && pick(4) == 0)
		return key_for_name(&m->install.name);
	switch (pick(10)) {
	case 0:
		return (struct key){ KEY_CHAR, (uint32_t)(0x20 + pick(0x5f)) };
	case 1:
		return (struct key){ KEY_CHAR, (uint32_t)pick(0x3000) };
	case 2:
		return (struct key){ (enum key_code)(KEY_CTRL + pick(KEY_CODE_COUNT - KEY_CTRL)),
				     (uint32_t)('a' + pick(26)) };
	case 3:
		return (struct key){ KEY_CHAR, 'a' };
	case 4: /* what screens do by a letter */
		return (struct key){ KEY_CHAR, (uint32_t) "egmrvdi6antmbpf"[pick(15)] };
	default:
		return (struct key){ common[pick(10)], 0 };
	}
}

/* Everything on the grid, as one line of ASCII. */
static void text_of(const struct grid *g, char *out)
{
	for (int row = 0; row < g->rows; row++)
		for (int col = 0; col < g->cols; col++) {
			uint32_t ch = grid_at(g, row, col)->ch;

			*out++ = ch < 0x7f ? (char)ch : '#';
		}
	*out = '\0';
}

static void check_grid(const struct grid *g)
{
	for (int row = 0; row < g->rows; row++)
		for (int col = 0; col < g->cols; col++) {
			const struct cell *c = grid_at(g, row, col);

			assert_true(text_printable(c->ch));
			assert_true(c->style < STYLE_COUNT);
		}
	assert_true(g->cursor_row < g->rows && g->cursor_col < g->cols);
}

/* The screen before the key had the question, and the key was a yes to it. */
static void check_asked(const char *before, struct key key)
{
	bool install = !strcmp(asked, "system.boot.install");
	bool power = !install && strcmp(asked, "system.service.restart") != 0;

	if (!strcmp(asked, "change") && key.code == KEY_F10) {
		assert_non_null(strstr(before, "<F10> Set It"));
		return;
	}
	if (!strcmp(asked, "change")) {
		assert_true(key.code == KEY_ENTER || key.code == KEY_F11);
		assert_true(
			(key.code == KEY_ENTER && strstr(before, "<Enter> Do it   <Esc> Cancel")) ||
			strstr(before, "<Enter> Keep   <Esc> Take Back Now") ||
			strstr(before, "<Enter> or <F11> Yes   <Esc> Cancel"));
		return;
	}
	assert_true(key.code == KEY_ENTER || (key.code == KEY_F11 && !power && !install));
	assert_non_null(strstr(before, install ? "<Enter> Install   <Esc> Cancel"
				       : power ? "<Enter> Yes"
					       : "<Enter> or <F11> Yes"));
	assert_non_null(strstr(before, subject));
	if (install)
		assert_non_null(strstr(before, "All that is on this disk will be lost."));
	if (power)
		assert_non_null(
			strstr(before, !strcmp(asked, "system.reboot") ? "Restart" : "Shut down"));
}

static void new_window(struct driver *d, struct grid **g)
{
	static const int sizes[][2] = {
		{ 25, 80 }, { 24, 80 }, { 20, 72 }, { 30, 100 }, { 24, 80 }
	};
	const int *size = sizes[pick(5)];

	d->m.rows = pick(50) ? size[0] : 1 + (int)pick(60);
	d->m.cols = pick(50) ? size[1] : 1 + (int)pick(200);
	grid_free(*g);
	*g = grid_new(d->m.rows, d->m.cols);
}

/* As if it had pressed Down so often: what is last in a list is not seen less than what is first.
 */
static void choose_anything(struct model *m)
{
	m->menu.chosen = (int)pick(16);
	m->trouble.chosen = (int)pick(8);
	m->network.list.chosen = (int)pick(16);
}

/* Other consoles beside this one: they show the same model, and hot keys lead to the log. */
static void look_elsewhere(struct model *m, struct grid *g)
{
	static const char line[] = "a line\0\033[2J and one that is longer than others\0";

	m->live.len = pick(2) ? sizeof(line) - 1 : 0;
	memcpy(m->live.text, line, sizeof(line));
	screen_status.render(m, g);
	check_grid(g);
	screen_live.render(m, g);
	check_grid(g);
	if (m->busy == ACTION_NONE && ui_top(m) != SCREEN_LIVE && pick(4) == 0)
		ui_push(m, SCREEN_LIVE);
}

/* SCREEN_STATUS is on a console of its own, never on the stack. */
static void check_all_seen(const unsigned long seen[static SCREEN_COUNT])
{
	unsigned long least = ULONG_MAX;

	for (int i = 0; i < SCREEN_COUNT; i++) {
		if (i == SCREEN_STATUS)
			continue;
		if (!seen[i])
			fail_msg("the monkey was never on screen %d", i);
		least = seen[i] < least ? seen[i] : least;
	}
	print_message("each screen saw %lu keys or more\n", least);
}

static unsigned long setting(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 10) : otherwise;
}

static void monkey(void **state)
{
	static char before[60 * 200 + 30 * 100 + 1];
	unsigned long keys = setting("MONKEY_KEYS", KEYS), seen[SCREEN_COUNT] = { 0 };
	struct grid *g = grid_new(25, 80);
	struct driver d;

	(void)state;
	log_open_stderr("monkey");
	log_max_severity(LOG_EMERG);
	srandom((unsigned int)setting("MONKEY_SEED", 20260101));
	driver_init(&d, core, true, 25, 80);
	for (unsigned long i = 0; i < keys; i++) {
		struct key key = random_key(&d.m);

		if (pick(200) == 0)
			new_window(&d, &g);
		if (pick(20) == 0)
			driver_tick(&d, d.m.now + (uint64_t)(pick(100) ? pick(8) : 700));
		driver_continue(&d);
		if (pick(5) == 0)
			choose_anything(&d.m);
		if (pick(50) == 0)
			look_elsewhere(&d.m, g);
		ui_render(&d.m, g);
		check_grid(g);
		seen[ui_top(&d.m)]++;
		text_of(g, before);
		asked[0] = '\0';
		driver_key(&d, key);
		driver_continue(&d);
		if (asked[0])
			check_asked(before, key);
		d.quit = false;
	}
	print_message("%lu keys: %lu agents restarted, %lu installs, %lu shutdowns, "
		      "%lu restarts, %lu other changes\n",
		      keys, asked_count[0], asked_count[1], asked_count[2], asked_count[3],
		      asked_count[4]);
	/* A monkey that never gets there proves nothing. */
	for (int i = 0; i < 5 && keys >= KEYS; i++)
		assert_true(asked_count[i] > (i == 1 ? 0 : 20));
	if (keys >= KEYS)
		check_all_seen(seen);
	driver_free(&d);
	grid_free(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(monkey) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
