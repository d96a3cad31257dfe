// SPDX-License-Identifier: Apache-2.0
/* Facts from answers, warnings from facts, and the rules of the stack of screens. */
#include <string.h>

#include "dcui/ui.h"
#include "dcui/warnings.h"
#include "tests/unit/unit.h"

static struct facts load(const char *text)
{
	json_t *answers = json_loads(text, 0, NULL);
	static struct facts f;

	assert_non_null(answers);
	facts_load(&f, answers);
	json_decref(answers);
	return f;
}

static void answers_become_facts(void **state)
{
	struct facts f = load(
		"{\"system.hostname.get\": {\"hostname\": \"v\"},"
		" \"system.uptime.get\": {\"seconds\": 7},"
		" \"account.password.is_set\": {\"is_set\": false},"
		" \"network.dns.get\": {\"servers\": [\"192.0.2.1\", 3]},"
		" \"system.service.list\": [{\"name\": \"a\", \"pid\": 4, \"essential\": true}]}");

	(void)state;
	assert_true(f.loaded);
	assert_string_equal(f.hostname, "v");
	assert_int_equal(f.uptime, 7);
	assert_int_equal(f.password_set, NO);
	assert_int_equal(f.hostd_answers, UNKNOWN);
	assert_int_equal(f.dns_count, 1);
	assert_non_null(facts_service(&f, "a"));
	assert_true(facts_service(&f, "a")->essential);
	assert_null(facts_service(&f, "b"));
}

static void idle_time_is_known_unknown_or_none(void **state)
{
	(void)state;
	assert_true(load("{\"dcui.host\": {\"idle_seconds\": 30}}").idle_seconds == 30);
	assert_true(load("{\"dcui.host\": {\"idle_seconds\": 0}}").idle_seconds == FACTS_NEVER);
	assert_true(load("{\"dcui.host\": {}}").idle_seconds == 0);
}

static void strange_answers_leave_fields_empty(void **state)
{
	static const char *const strange[] = {
		"{}",
		"[]",
		"{\"system.ramdisk.list\": {\"name\": 1}, \"system.uptime.get\": [1]}",
		"{\"system.ramdisk.list\": [null, 1, \"x\"], \"network.dns.get\": null}",
		"{\"system.uptime.get\": {\"seconds\": -5}, \"dcui.host\": {\"serial\": {}}}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++) {
		struct facts f = load(strange[i]);

		assert_int_equal(f.uptime, 0);
		assert_string_equal(f.serial, "");
		assert_int_equal(f.error_count, 0);
	}
}

static void lists_are_cut(void **state)
{
	json_t *answers = json_object(), *list = json_array();
	struct facts f;

	(void)state;
	for (int i = 0; i < 1000; i++)
		json_array_append_new(list, json_pack("{s:s}", "name", "x"));
	json_object_set(answers, "system.service.list", list);
	json_object_set(answers, "system.ramdisk.list", list);
	json_object_set(answers, "system.alarm.list", list);
	json_object_set_new(answers, "network.ipv4.list", list);
	facts_load(&f, answers);
	json_decref(answers);
	assert_int_equal(f.service_count, FACTS_SERVICES);
	assert_int_equal(f.ramdisk_count, FACTS_RAMDISKS);
	assert_int_equal(f.nic_count, FACTS_NICS);
	assert_int_equal(f.alarm_count, FACTS_ALARMS);
}

static void failures_are_kept(void **state)
{
	struct facts f = load("{\"system.service.list\": {\"error\": {\"kind\": \"unavailable\","
			      " \"text\": \"no supervisor\"}}}");

	(void)state;
	assert_string_equal(facts_error(&f, "system.service.list"), "no supervisor");
	assert_null(facts_error(&f, "system.uptime.get"));
	for (int i = 0; i < 20; i++)
		facts_add_error(&f, "x", "y");
	assert_int_equal(f.error_count, FACTS_ERRORS);
}

static bool warns(const struct facts *f, const char *part)
{
	struct warning w[WARNINGS_MAX];
	size_t count = warnings_of(f, w);

	for (size_t i = 0; i < count; i++)
		if (strstr(w[i].text, part))
			return true;
	return false;
}

static void warnings(void **state)
{
	struct facts f = { .loaded = true, .ramdisk_count = 1, .nic_count = 1, .service_count = 1 };
	struct ramdisk *r = &f.ramdisks[0];

	(void)state;
	strcpy(f.nics[0].address, "192.0.2.1");
	strcpy(f.services[0].name, "hostd");
	strcpy(f.services[0].state, "running");
	*r = (struct ramdisk){ .name = "root", .path = "/", .max = 1000, .used = 799 };
	f.hostd_answers = YES;
	f.password_set = YES;
	assert_false(warns(&f, ""));
	r->used = 800;
	assert_true(warns(&f, "Ramdisk root (/) is 80 % full"));
	r->used = 0;
	r->max_inodes = 10;
	r->used_inodes = 8;
	assert_true(warns(&f, "holds 8 of at most 10"));
	f.hostd_answers = NO;
	assert_true(warns(&f, "hostd does not answer (running)"));
	strcpy(f.services[0].state, "backoff");
	f.services[0].restarts = 1;
	f.hostd_answers = UNKNOWN;
	assert_true(warns(&f, "hostd: backoff after 1 restart."));
	f.password_set = NO;
	assert_true(warns(&f, "password of root is not set"));
	f.nics[0].address[0] = '\0';
	assert_true(warns(&f, "No network address"));
	f.nic_count = 0;
	assert_true(warns(&f, "No network adapter"));
	f.loaded = false;
	assert_false(warns(&f, ""));
}

/* Those that the screen does not tell by itself, until somebody has seen them. */
static void warnings_of_alarms(void **state)
{
	struct facts f = load(
		"{\"system.alarm.list\": ["
		"{\"alarm\": \"panic\", \"severity\": \"error\", \"text\": \"a panic\"},"
		"{\"alarm\": \"ramdisk:x\", \"severity\": \"error\", \"text\": \"x is full\"},"
		"{\"alarm\": \"pool:y\", \"text\": \"y forks\", \"acknowledged\": \"2026-11-23\"},"
		"{\"alarm\": \"maintenance\", \"severity\": \"info\", \"text\": \"entered\"}]}");
	struct warning w[WARNINGS_MAX];
	size_t count = warnings_of(&f, w);

	(void)state;
	assert_int_equal(f.alarm_count, 4);
	assert_true(warns(&f, "a panic."));
	assert_false(warns(&f, "x is full"));
	assert_false(warns(&f, "y forks"));
	assert_string_equal(w[count - 1].text, "entered.");
	assert_true(w[count - 1].notice);
}

/* State that is not saved, except where somebody wants it so. */
static void warnings_of_state(void **state)
{
	static const struct {
		const char *answer, *text;
		bool there;
	} cases[] = {
		{ "{\"mode\": \"ready\"}", "tate", false },
		{ "{\"mode\": \"gone\"}", "boot medium is gone", true },
		{ "{\"mode\": \"refused\", \"why\": \"other\"}", "not saved: other", true },
		{ "{\"mode\": \"failed\", \"why\": \"full\"}", "not saved: full", true },
		{ "{\"mode\": \"reset\"}", "restart the host", true },
		{ "{\"mode\": \"stateless\"}", "Stateless", true },
		{ "{\"mode\": \"stateless\", \"on_purpose\": true}", "tateless", false },
		{ "{\"mode\": \"ready\", \"trial\": 5}", "on trial", true },
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct facts f;

		snprintf(text, sizeof(text), "{\"system.state.get\": %s}", cases[i].answer);
		f = load(text);
		assert_int_equal(warns(&f, cases[i].text), cases[i].there);
	}
}

static void percentages(void **state)
{
	(void)state;
	assert_int_equal(facts_percent(0, 0), 0);
	assert_int_equal(facts_percent(5, 0), 0);
	assert_int_equal(facts_percent(999, 1000), 99);
	assert_int_equal(facts_percent(2000, 1000), 100);
	assert_int_equal(facts_percent(UINT64_MAX / 2, UINT64_MAX), 50);
}

static void actions_need_login_and_confirmation(void **state)
{
	struct model m;

	(void)state;
	model_init(&m, 25, 80);
	m.granted = ACTION_REBOOT;
	assert_false(ui_permit(&m, ACTION_REBOOT)); /* not logged in */
	m.logged_in = true;
	assert_false(ui_permit(&m, ACTION_REBOOT)); /* the grant has been used up */
	m.granted = ACTION_SHUTDOWN;
	assert_false(ui_permit(&m, ACTION_REBOOT)); /* granted for something else */
	m.granted = ACTION_REBOOT;
	assert_true(ui_permit(&m, ACTION_REBOOT));
	assert_false(ui_permit(&m, ACTION_RESTART_AGENTS));
	assert_true(ui_permit(&m, ACTION_READ_LOG));
	assert_true(ui_permit(&m, ACTION_SET_PASSWORD));
	m.logged_in = false;
	assert_false(ui_permit(&m, ACTION_SET_PASSWORD));
	model_free(&m);
}

/* A grant does not survive another key. */
static void a_key_takes_the_grant_back(void **state)
{
	struct model m;

	(void)state;
	model_init(&m, 25, 80);
	m.logged_in = true;
	m.granted = ACTION_REBOOT;
	ui_handle((struct key){ KEY_DOWN, 0 }, &m);
	assert_false(ui_permit(&m, ACTION_REBOOT));
	model_free(&m);
}

static void while_busy_keys_are_dropped(void **state)
{
	struct model m;

	(void)state;
	model_init(&m, 25, 80);
	ui_busy(&m, ACTION_LOGIN, "Checking %s", "x");
	ui_handle((struct key){ KEY_F2, 0 }, &m);
	assert_int_equal(m.depth, 1);
	ui_idle(&m);
	ui_handle((struct key){ KEY_F2, 0 }, &m);
	assert_int_equal(ui_top(&m), SCREEN_LOGIN);
	model_free(&m);
}

static void passwords_do_not_stay_in_memory(void **state)
{
	struct model m;
	const unsigned char *bytes = (const unsigned char *)&m;

	(void)state;
	model_init(&m, 25, 80);
	ui_handle((struct key){ KEY_F2, 0 }, &m);
	for (const char *c = "s3cr3tpass"; *c; c++)
		ui_handle((struct key){ KEY_CHAR, (uint32_t)*c }, &m);
	assert_string_equal(m.login.password.value, "s3cr3tpass");
	ui_handle((struct key){ KEY_ESC, 0 }, &m);
	for (size_t i = 0; i + 6 <= sizeof(m); i++)
		assert_int_not_equal(memcmp(bytes + i, "s3cr3t", 6), 0);
	model_free(&m);
}

static void errors_become_sentences(void **state)
{
	static const struct {
		const char *text, *sentence;
	} cases[] = {
		{ "wrong user name or password", "Wrong user name or password." },
		{ "password: needs 8 characters", "Password: needs 8 characters." },
		{ "/etc/shadow: gone", "/etc/shadow: gone" },
		{ "reading /etc/shadow", "Reading /etc/shadow" },
		{ "h2o: x", "h2o: x" },
		{ "", "" },
	};
	char buf[64];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ui_sentence(buf, sizeof(buf), cases[i].text);
		assert_string_equal(buf, cases[i].sentence);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_become_facts),
		cmocka_unit_test(idle_time_is_known_unknown_or_none),
		cmocka_unit_test(strange_answers_leave_fields_empty),
		cmocka_unit_test(lists_are_cut),
		cmocka_unit_test(failures_are_kept),
		cmocka_unit_test(warnings),
		cmocka_unit_test(warnings_of_alarms),
		cmocka_unit_test(warnings_of_state),
		cmocka_unit_test(percentages),
		cmocka_unit_test(actions_need_login_and_confirmation),
		cmocka_unit_test(a_key_takes_the_grant_back),
		cmocka_unit_test(while_busy_keys_are_dropped),
		cmocka_unit_test(passwords_do_not_stay_in_memory),
		cmocka_unit_test(errors_become_sentences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
