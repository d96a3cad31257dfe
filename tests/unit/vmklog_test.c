// SPDX-License-Identifier: Apache-2.0
#include <string.h>
#include <syslog.h>

#include "tests/unit/unit.h"
#include "userworld/vmklogger/record.h"

/* 2026-11-22T13:00:00Z */
static const struct boot_clock right = { .boot = INT64_C(1795352400) * 1000000, .right = true };
static const struct boot_clock wrong = { .boot = 0, .right = false };

static void lines(void **state)
{
	struct record r = {
		.severity = LOG_INFO,
		.cpu = 0,
		.world = 1234,
		.uptime = 1123456,
		.component = "hostd",
		.text = "HTTPS on port 443",
	};
	char buf[LINE_BYTES];
	size_t len;

	(void)state;
	len = format_vmkernel(buf, "vmkernel", &r, right);
	assert_int_equal(len, strlen(buf));
	assert_string_equal(buf, "2026-11-22T13:00:01.123Z In(182) vmkernel: cpu0:1234)hostd: "
				 "HTTPS on port 443\n");
	r.severity = LOG_WARNING;
	r.cpu = 17;
	format_vmkernel(buf, "vmkwarning", &r, right);
	assert_string_equal(buf, "2026-11-22T13:00:01.123Z Wa(180) vmkwarning: "
				 "cpu17:1234)WARNING: hostd: HTTPS on port 443\n");
	r.severity = LOG_ALERT;
	r.cpu = CPU_UNKNOWN;
	r.world = 0;
	format_vmkernel(buf, "vmkernel", &r, right);
	assert_string_equal(buf, "2026-11-22T13:00:01.123Z Al(177) vmkernel: cpu?:0)ALERT: hostd: "
				 "HTTPS on port 443\n");
	r.severity = LOG_INFO;
	r.facility = LOG_FAC(LOG_USER);
	r.world = 3389987;
	strcpy(r.component, "shell");
	strcpy(r.text, "[root]: services.sh restart");
	format_syslog(buf, &r, right);
	assert_string_equal(buf, "2026-11-22T13:00:01.123Z In(14) shell[3389987]: "
				 "[root]: services.sh restart\n");
}

static void before_the_clock(void **state)
{
	struct record r = { .severity = LOG_ERR, .component = "x", .uptime = 4240999 };
	char buf[LINE_BYTES];

	(void)state;
	format_vmkernel(buf, "vmkernel", &r, wrong);
	assert_string_equal(buf, "0:00:00:04.240 Er(179) vmkernel: cpu0:0)WARNING: x: \n");
	r.uptime = (INT64_C(3) * 86400 + 2 * 3600 + 5 * 60 + 9) * 1000000;
	format_vmkernel(buf, "vmkernel", &r, wrong);
	assert_string_equal(buf, "3:02:05:09.000 Er(179) vmkernel: cpu0:0)WARNING: x: \n");
}

static void kernel_records(void **state)
{
	static const char plain[] = "6,339,5140900,-;NET: Registered PF_INET6 protocol family\n"
				    " SUBSYSTEM=acpi\n DEVICE=+acpi:PNP0103:00\n";
	static const char user[] = "30,12,77,-,caller=T152;supervisor: userworld a started\n";
	static const char bare[] = "4,13,78,c;Kernel panic, not syncing: x";
	struct record r;
	uint64_t seq;

	(void)state;
	assert_int_equal(kmsg_parse(plain, sizeof(plain) - 1, &r, &seq), 0);
	assert_int_equal(seq, 339);
	assert_int_equal(r.severity, LOG_INFO);
	assert_int_equal(r.facility, 0);
	assert_int_equal(r.uptime, 5140900);
	assert_int_equal(r.world, 0);
	assert_string_equal(r.component, "NET");
	assert_string_equal(r.text, "Registered PF_INET6 protocol family");
	assert_int_equal(kmsg_parse(user, sizeof(user) - 1, &r, NULL), 0);
	assert_int_equal(r.severity, LOG_INFO);
	assert_int_equal(r.facility, LOG_FAC(LOG_DAEMON));
	assert_int_equal(r.world, 152);
	assert_string_equal(r.component, "supervisor");
	assert_int_equal(kmsg_parse(bare, sizeof(bare) - 1, &r, NULL), 0);
	assert_string_equal(r.component, "kernel");
	assert_string_equal(r.text, "Kernel panic, not syncing: x");
	assert_int_equal(kmsg_parse("nonsense", 8, &r, NULL), -1);
	assert_int_equal(kmsg_parse("6;x", 3, &r, NULL), -1);
	assert_int_equal(kmsg_parse("6,1;x", 5, &r, NULL), -1);
}

static void datagrams(void **state)
{
	static const struct {
		const char *data;
		int severity;
		const char *component, *text;
		int facility;
	} want[] = {
		{ "<28>hostd: disk lost", LOG_WARNING, "hostd", "disk lost", LOG_DAEMON },
		{ "<13>Nov 22 13:00:01 root: hello", LOG_NOTICE, "root", "hello", LOG_USER },
		{ "<78>Nov  2 13:00:01 crond[155]: USER root\n", LOG_INFO, "crond", "USER root",
		  LOG_CRON },
		{ "no priority: text", LOG_NOTICE, "userworld", "no priority: text", LOG_USER },
		{ "<14>", LOG_INFO, "userworld", "", LOG_USER },
		{ "<>x", LOG_NOTICE, "userworld", "<>x", LOG_USER },
		{ "<4>kernel: not it", LOG_WARNING, "kernel", "not it", LOG_USER },
		{ "<999>x: y", LOG_NOTICE, "userworld", "<999>x: y", LOG_USER },
		{ "<14>a\tb\x1b[31m: c\nd", LOG_INFO, "userworld", "a b [31m: c d", LOG_USER },
		{ "<14>waaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaay-too-long: x", LOG_INFO, "userworld",
		  "waaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaay-too-long: x", LOG_USER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		struct record r = { 0 };

		syslog_parse(want[i].data, strlen(want[i].data), &r);
		assert_int_equal(r.severity, want[i].severity);
		assert_int_equal(r.facility, LOG_FAC(want[i].facility));
		assert_string_equal(r.component, want[i].component);
		assert_string_equal(r.text, want[i].text);
	}
}

/* Whatever a userworld sends, it stays one line of bounded length. */
static void long_text(void **state)
{
	static char data[5000];
	char buf[LINE_BYTES];
	struct record r = { .cpu = 0 };
	size_t len;

	(void)state;
	memset(data, '\n', sizeof(data));
	data[4999] = 'x';
	syslog_parse(data, sizeof(data), &r);
	assert_int_equal(strlen(r.text), TEXT_MAX);
	len = format_vmkernel(buf, "vmkernel", &r, right);
	assert_ptr_equal(memchr(buf, '\n', len), buf + len - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),	  cmocka_unit_test(before_the_clock),
		cmocka_unit_test(kernel_records), cmocka_unit_test(datagrams),
		cmocka_unit_test(long_text),
	};

	return cmocka_run_group_tests_name("vmklog", tests, NULL, NULL);
}
