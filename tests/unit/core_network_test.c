// SPDX-License-Identifier: Apache-2.0
/* IPv6 addresses as the kernel prints them; whom the host asks for the time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/core.h"
#include "userworld/core/network/inet6.h"
#include "userworld/core/network/ntp_conf.h"

#define ADDRESSES                                                 \
	"00000000000000000000000000000001 01 80 10 80       lo\n" \
	"fe80000000000000505400fffe123456 02 40 20 80     eth0\n" \
	"nonsense\n"                                              \
	"20010db8000000000000000000000099 02 80 00 40     eth0\n" \
	"20010db800000000505400fffe123456 02 40 00 20     eth0\n" \
	"20010db8000000010000000000000005 03 40 00 c8     eth1\n"

#define ROUTES                                                                            \
	"20010db8000000000000000000000000 40 00000000000000000000000000000000 00 "        \
	"00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0\n" \
	"00000000000000000000000000000000 00 00000000000000000000000000000000 00 "        \
	"fe800000000000000000000000000002 00000400 00000001 00000000 00000003     eth0\n" \
	"00000000000000000000000000000000 00 00000000000000000000000000000000 00 "        \
	"00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo\n"

static void gateways(void **state)
{
	char out[INET6_ADDRSTRLEN];

	(void)state;
	assert_int_equal(inet6_gateway(ROUTES, "eth0", out), 0);
	assert_string_equal(out, "fe80::2");
	assert_int_equal(inet6_gateway(ROUTES, "lo", out), -1);
	assert_int_equal(inet6_gateway(ROUTES, "eth1", out), -1);
	assert_string_equal(out, "");
	assert_int_equal(inet6_gateway("", "eth0", out), -1);
}

static void addresses(void **state)
{
	json_t *rows = NULL;
	struct err e = ERR_INIT;
	char *text;

	(void)state;
	tree_write("/proc/net/if_inet6", ADDRESSES, 0644);
	tree_write("/proc/net/ipv6_route", ROUTES, 0644);
	tree_write("/run/network/dhcp6.eth0", "2001:db8::99\n", 0644);
	/* What another device was given is no lease here. */
	tree_write("/run/network/dhcp6.eth1", "2001:db8::5054:ff:fe12:3456\n", 0644);
	assert_int_equal(core_call("network.ipv6.list", NULL, &rows, &e), 0);
	text = json_dumps(rows, JSON_COMPACT);
	assert_string_equal(
		text,
		"[{\"name\":\"eth0\",\"address\":\"fe80::5054:ff:fe12:3456\",\"prefix\":64,"
		"\"type\":\"link-local\",\"state\":\"preferred\",\"gateway\":\"\"},"
		"{\"name\":\"eth0\",\"address\":\"2001:db8::99\",\"prefix\":128,"
		"\"type\":\"dhcp\",\"state\":\"tentative\",\"gateway\":\"fe80::2\"},"
		"{\"name\":\"eth0\",\"address\":\"2001:db8::5054:ff:fe12:3456\",\"prefix\":64,"
		"\"type\":\"auto\",\"state\":\"deprecated\",\"gateway\":\"fe80::2\"},"
		"{\"name\":\"eth1\",\"address\":\"2001:db8:0:1::5\",\"prefix\":64,"
		"\"type\":\"static\",\"state\":\"duplicate\",\"gateway\":\"\"}]");
	free(text);
	json_decref(rows);
}

/* A kernel without IPv6. */
static void no_addresses(void **state)
{
	json_t *rows = NULL;
	struct err e = ERR_INIT;

	(void)state;
	remove(tree_path("/proc/net/if_inet6"));
	remove(tree_path("/proc/net/ipv6_route"));
	assert_int_equal(core_call("network.ipv6.list", NULL, &rows, &e), 0);
	assert_int_equal(json_array_size(rows), 0);
	json_decref(rows);
}

static void servers(void **state)
{
	static const char *const bad[] = { "a;reboot",	       "-s",   "a b$c",
					   "192.0.2.1/24",     "a\nb", "_x",
					   "1,2,3,4,5,6,7,8,9" };
	char out[NTP_TEXT_MAX];
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(ntp_servers_parse(" a.example,192.0.2.1  2001:db8::1,", out, &e), 0);
	assert_string_equal(out, "a.example 192.0.2.1 2001:db8::1");
	assert_int_equal(ntp_servers_parse("", out, &e), 0);
	assert_string_equal(out, "");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (ntp_servers_parse(bad[i], out, &e) == 0)
			fail_msg("'%s' was taken", bad[i]);
		assert_int_equal(e.kind, ERR_INVALID);
	}
}

static int set(const char *params, struct err *e)
{
	json_t *p = json_loads(params, 0, NULL);
	int rc;

	*e = (struct err)ERR_INIT;
	rc = core_call("system.ntp.set", p, NULL, e);
	json_decref(p);
	return rc;
}

static void expect_conf(const char *want)
{
	char *text = tree_read(NTP_CONF);

	assert_string_equal(text, want);
	free(text);
}

static void settings(void **state)
{
	json_t *now = NULL;
	struct err e = ERR_INIT;
	char *text;

	(void)state;
	tree_write(NTP_CONF, "# mine\nenabled = yes\nservers =\n", 0644);
	tree_write("/run/network/ntp", "10.0.2.2 10.0.2.3\n", 0644);
	assert_int_equal(set("{\"servers\": \"a.example,b.example\", \"enabled\": false}", &e), 0);
	expect_conf("# mine\nenabled = no\nservers = a.example b.example\n");
	assert_int_equal(core_call("system.ntp.get", NULL, &now, &e), 0);
	json_object_del(now, "synchronized"); /* this machine's */
	text = json_dumps(now, JSON_COMPACT);
	assert_string_equal(text, "{\"enabled\":false,\"servers\":[\"a.example\",\"b.example\"],"
				  "\"dhcp_servers\":[\"10.0.2.2\",\"10.0.2.3\"],"
				  "\"state\":\"unknown\",\"pid\":0}");
	free(text);
	json_decref(now);
	assert_int_equal(set("{\"servers\": \"a;b\"}", &e), -1);
	assert_string_equal(e.text, "'a;b' is no host name and no address");
	assert_int_equal(set("{}", &e), -1);
	assert_int_equal(e.kind, ERR_USAGE);
	assert_int_equal(set("{\"servers\": \"\"}", &e), 0);
	expect_conf("# mine\nenabled = no\nservers = \n");
	/* What somebody has spoilt by hand is not made worse. */
	tree_write(NTP_CONF, "server = x\n", 0644);
	assert_int_equal(set("{\"enabled\": true}", &e), -1);
	assert_non_null(strstr(e.text, "unknown key 'server'"));
	expect_conf("server = x\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gateways),	cmocka_unit_test(addresses),
		cmocka_unit_test(no_addresses), cmocka_unit_test(servers),
		cmocka_unit_test(settings),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
