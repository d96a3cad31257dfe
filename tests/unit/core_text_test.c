// SPDX-License-Identifier: Apache-2.0
/* Small readers of text: routes, resolv.conf, UTF-8, the tail of a log, the machine. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/core.h"
#include "userworld/core/network/resolv.h"
#include "userworld/core/network/route4.h"
#include "userworld/core/utf8.h"

static void gateways(void **state)
{
	static const char table[] = "Iface\tDestination\tGateway "
				    "\tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
				    "eth0\t00000000\t0202000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
				    "eth0\t0002000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
				    "eth1\t0003000A\t0103000A\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n";
	char out[INET_ADDRSTRLEN];

	(void)state;
	assert_int_equal(route4_gateway(table, "eth0", out), 0);
	assert_string_equal(out, "10.0.2.2");
	assert_int_equal(route4_gateway(table, "eth1", out), -1);
	assert_string_equal(out, "");
	assert_int_equal(route4_gateway("", "eth0", out), -1);
}

static void name_servers(void **state)
{
	json_t *dns = resolv_parse("# comment\nnameserver 10.0.2.3 extra\nsearch a b\n"
				   "nameserver\t10.0.2.4\nsearch example.org lan\noptions x");
	char *text = json_dumps(dns, JSON_COMPACT | JSON_SORT_KEYS);

	(void)state;
	assert_string_equal(text, "{\"search\":[\"example.org\",\"lan\"],"
				  "\"servers\":[\"10.0.2.3\",\"10.0.2.4\"]}");
	free(text);
	json_decref(dns);
	dns = resolv_parse("");
	assert_int_equal(json_array_size(json_object_get(dns, "servers")), 0);
	json_decref(dns);
}

static void repairs(void **state)
{
	static const struct {
		const char *from;
		const char *to;
	} cases[] = {
		{ "plain", "plain" },
		{ "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80" },
		{ "a\xff"
		  "b",
		  "a?b" },
		{ "\xc0\x80", "??" },		/* overlong */
		{ "\xed\xa0\x80", "???" },	/* surrogate */
		{ "\xf4\x90\x80\x80", "????" }, /* above U+10FFFF */
		{ "x\xe2\x82", "x??" },		/* cut off */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = strdup(cases[i].from);

		utf8_repair(text, strlen(text));
		assert_string_equal(text, cases[i].to);
		free(text);
	}
}

/* The lines of the answer, joined by "|". */
static void expect_tail(int count, const char *expected)
{
	json_t *params = json_pack("{s:s, s:i}", "name", "test", "lines", count);
	json_t *result = NULL, *line;
	char joined[256] = "";
	struct err e = ERR_INIT;
	size_t i;

	if (core_call("system.log.tail", params, &result, &e) < 0)
		fail_msg("%s", e.text);
	json_array_foreach (json_object_get(result, "lines"), i, line) {
		strcat(joined, i ? "|" : "");
		strcat(joined, json_string_value(line));
	}
	assert_string_equal(joined, expected);
	json_decref(params);
	json_decref(result);
}

static void tails(void **state)
{
	(void)state;
	tree_write("/var/log/test.log", "one\ntwo\n\nthree\xff\n", 0644);
	expect_tail(1, "three?");
	expect_tail(2, "|three?");
	expect_tail(3, "two||three?");
	expect_tail(99, "one|two||three?");
	tree_write("/var/log/test.log", "no end", 0644);
	expect_tail(1, "no end");
	tree_write("/var/log/test.log", "", 0644);
	expect_tail(5, "");
}

/* However long the log is, only its end is read, and no half line comes of it. */
static void long_tail(void **state)
{
	json_t *params = json_pack("{s:s, s:i}", "name", "long.log", "lines", 5000);
	char *text = malloc(1000001);
	json_t *result = NULL, *lines;
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < 1000000; i++)
		text[i] = i % 100 == 99 ? '\n' : (char)('0' + i % 10);
	text[1000000] = '\0';
	tree_write("/var/log/long.log", text, 0644);
	assert_int_equal(core_call("system.log.tail", params, &result, &e), 0);
	lines = json_object_get(result, "lines");
	assert_in_range(json_array_size(lines), 2600, 2622);
	assert_int_equal(json_string_length(json_array_get(lines, 0)), 99);
	free(text);
	json_decref(params);
	json_decref(result);
}

static void logs_only(void **state)
{
	json_t *params = json_pack("{s:s}", "name", "nothing");
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(core_call("system.log.tail", params, NULL, &e), -1);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
	json_object_set_new(params, "name", json_string("../../etc/shadow"));
	assert_int_equal(core_call("system.log.tail", params, NULL, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	json_decref(params);
}

static void machine(void **state)
{
	struct err e = ERR_INIT;
	json_t *hw = NULL;

	(void)state;
	tree_write("/proc/cpuinfo",
		   "processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\n\n"
		   "processor\t: 1\nmodel name\t: Some CPU @ 2 GHz\n",
		   0444);
	tree_write("/proc/meminfo", "MemTotal:  1000 kB\nMemFree: 1 kB\nMemAvailable: 500 kB\n",
		   0444);
	tree_write("/sys/class/dmi/id/sys_vendor", "QEMU  \n", 0444);
	if (core_call("system.hardware.get", NULL, &hw, &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(json_integer_value(json_object_get(hw, "cpu_count")), 2);
	assert_string_equal(json_string_value(json_object_get(hw, "cpu_model")),
			    "Some CPU @ 2 GHz");
	assert_string_equal(json_string_value(json_object_get(hw, "vendor")), "QEMU");
	assert_string_equal(json_string_value(json_object_get(hw, "model")), "");
	assert_int_equal(json_integer_value(json_object_get(hw, "memory_available_bytes")), 512000);
	json_decref(hw);
}

static enum err_kind set_name(const char *name)
{
	json_t *params = json_pack("{s:s}", "hostname", name);
	struct err e = ERR_INIT;

	core_call("system.hostname.set", params, NULL, &e);
	json_decref(params);
	return e.kind;
}

static void host_names(void **state)
{
	char *text;

	(void)state;
	tree_write("/proc/sys/kernel/hostname", "old\n", 0644);
	tree_write("/etc/hostname", "old\n", 01644);
	assert_int_equal(set_name("-x"), ERR_INVALID);
	assert_int_equal(set_name("a..b"), ERR_INVALID);
	assert_int_equal(set_name("a_b"), ERR_INVALID);
	assert_int_equal(set_name("a."), ERR_INVALID);
	assert_int_equal(set_name("host-1.example.org"), ERR_NONE);
	text = tree_read("/etc/hostname");
	assert_string_equal(text, "host-1.example.org\n");
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(gateways),  cmocka_unit_test(name_servers),
		cmocka_unit_test(repairs),   cmocka_unit_test(tails),
		cmocka_unit_test(long_tail), cmocka_unit_test(logs_only),
		cmocka_unit_test(machine),   cmocka_unit_test(host_names),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
