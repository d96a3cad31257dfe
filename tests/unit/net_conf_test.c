// SPDX-License-Identifier: Apache-2.0
/* /etc/network.conf as text, the kernel's routes, what ping says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/core/network/net_conf.h"
#include "userworld/core/network/ping.h"
#include "userworld/core/network/route.h"

static void as_before(void **state)
{
	struct net_conf c;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(net_conf_parse("f", "", &c, &e), 0);
	assert_int_equal(c.count, 1);
	assert_string_equal(c.list[0].name, "vmk0");
	assert_true(c.list[0].enabled && c.dhcp_dns);
	assert_string_equal(c.list[0].address, "");
	/* The example of network.conf(5), older than this parser. */
	assert_int_equal(net_conf_parse("f",
					"address = 192.0.2.10/24\ngateway = 192.0.2.1\n"
					"dns = 192.0.2.53 2001:db8::53\n"
					"address6 = 2001:db8::10/64\ngateway6 = fe80::1\n",
					&c, &e),
			 0);
	assert_string_equal(c.list[0].address, "192.0.2.10/24");
	assert_string_equal(c.list[0].gateway6, "fe80::1");
	assert_string_equal(c.dns, "192.0.2.53 2001:db8::53");
	assert_int_equal(net_conf_parse("f", "address6 = dhcp\n", &c, &e), 0);
	assert_string_equal(c.list[0].address6, "dhcp");
	for (size_t i = 0; i < 4; i++) {
		static const char *const types[] = { "auto", "slaac", "dhcp", "none" };
		char text[80];

		snprintf(text, sizeof(text), "vmk1.adapter = eth1\nvmk1.address6 = %s\n", types[i]);
		assert_int_equal(net_conf_parse("f", text, &c, &e), 0);
		assert_string_equal(c.list[1].address6, types[i]);
	}
}

static void interfaces(void **state)
{
	const struct net_interface *i;
	struct net_conf c;
	struct err e = ERR_INIT;
	char key[32];

	(void)state;
	assert_int_equal(net_conf_parse("f",
					"vlan = 7\nvmk2.adapter = 52:54:00:12:34:56\n"
					"vmk2.address = none\nvmk2.mtu = 9000\nvmk2.enabled = no\n"
					"search = a.example, b.example\ndhcp-dns = no\n"
					"routes = 10.0.0.0/8 192.0.2.9, 172.16.0.0/12 192.0.2.9\n",
					&c, &e),
			 0);
	assert_int_equal(c.count, 2);
	assert_int_equal(c.list[0].vlan, 7);
	i = net_conf_find(&c, "vmk2");
	assert_non_null(i);
	assert_true(i->mtu == 9000 && !i->enabled && !c.dhcp_dns);
	assert_string_equal(i->adapter, "52:54:00:12:34:56");
	assert_string_equal(c.search, "a.example b.example");
	assert_string_equal(c.routes, "10.0.0.0/8 192.0.2.9 172.16.0.0/12 192.0.2.9");
	assert_null(net_conf_find(&c, "vmk1"));
	assert_string_equal(net_conf_key(key, "vmk0", "mtu"), "mtu");
	assert_string_equal(net_conf_key(key, "vmk2", "mtu"), "vmk2.mtu");
}

static void refused(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "addres = 192.0.2.1/24\n", "f:1: key addres is unknown" },
		{ "vmk0.mtu = 1500\n", "f:1: key vmk0.mtu is unknown" },
		{ "vmk01.mtu = 1500\n", "key vmk01.mtu is unknown" },
		{ "vmk1.dns = 192.0.2.1\n", "key vmk1.dns is unknown" },
		{ "\naddress = 192.0.2.1\n", "f:2: address: '192.0.2.1' is not" },
		{ "address = 192.0.2.1/33\n", "is not what belongs here" },
		{ "address = 192.0.2.1/0\n", "is not what belongs here" },
		{ "address = $(reboot)/24\n", "is not what belongs here" },
		{ "address6 = 192.0.2.1/24\n", "is not what belongs here" },
		{ "gateway = 192.0.2.1\n", "needs an address" },
		{ "address = none\ngateway = 192.0.2.1\n", "needs an address" },
		{ "gateway6 = fe80::1\n", "needs an address6" },
		{ "address = 192.0.2.10/24\ngateway = 192.0.3.1\n",
		  "gateway 192.0.3.1 is not in the network of 192.0.2.10/24" },
		{ "vlan = 4095\n", "from 0 to 4094" },
		{ "mtu = 1279\n", "from 1280" },
		{ "mtu = 1500x\n", "from 1280" },
		{ "enabled = true\n", "neither yes nor no" },
		{ "adapter = eth0;reboot\n", "is not what belongs here" },
		{ "adapter = ../eth0\n", "is not what belongs here" },
		{ "dns = 192.0.2.1, host.example\n", "'host.example'" },
		{ "search = -x\n", "'-x'" },
		{ "routes = 10.0.0.0/8\n", "'10.0.0.0/8' has no gateway" },
		{ "routes = 10.0.0.0/8 fe80::1\n", "'fe80::1' is no gateway of IPv4" },
		{ "routes6 = 10.0.0.0/8 192.0.2.1\n", "of IPv6" },
		{ "vmk1.vlan = 5\n", "vmk1 has no adapter" },
		{ "vmk1.adapter = eth1\nvmk1.address = 192.0.2.9/24\nvmk1.gateway = 192.0.2.1\n",
		  "only vmk0 has a default gateway" },
		{ "vmk1.adapter = eth1\nvmk1.address6 = dhcpv6\n", "is not what belongs here" },
		{ "adapter = eth0\nvmk1.adapter = eth0\n", "vmk0 and vmk1 are on the same" },
		{ "vmk1.adapter = a1\nvmk2.adapter = a2\nvmk3.adapter = a3\nvmk4.adapter = a4\n"
		  "vmk5.adapter = a5\nvmk6.adapter = a6\nvmk7.adapter = a7\nvmk8.adapter = a8\n",
		  "f:8: key vmk8.adapter is unknown" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err e = ERR_INIT;
		struct net_conf c;

		if (net_conf_parse("f", bad[i].text, &c, &e) == 0 || e.kind != ERR_INVALID ||
		    !strstr(e.text, bad[i].why))
			fail_msg("%s: %s", bad[i].text, e.text);
	}
}

static void routes(void **state)
{
	const char *four = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n"
			   "eth0\t00000000\t0202000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
			   "eth0\t0002000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n";
	const char *six =
		"20010db8000000000000000000000000 40 00000000000000000000000000000000 00 "
		"00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0\n"
		"20010db8000000000000000000000005 80 00000000000000000000000000000000 00 "
		"00000000000000000000000000000000 00000000 00000003 00000000 80200001     eth0\n"
		"ff000000000000000000000000000000 08 00000000000000000000000000000000 00 "
		"00000000000000000000000000000000 00000100 00000003 00000000 00000001     eth0\n"
		"fd000000000000000000000000000000 08 00000000000000000000000000000000 00 "
		"fe800000000000000000000000000002 00000400 00000001 00000000 00000003     eth0\n"
		"00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
		"00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo\n";
	struct route r;

	(void)state;
	assert_true(route4_next(&four, &r));
	assert_string_equal(r.network, "0.0.0.0");
	assert_string_equal(r.gateway, "10.0.2.2");
	assert_int_equal(r.bits, 0);
	assert_true(route4_next(&four, &r));
	assert_string_equal(r.network, "10.0.2.0");
	assert_int_equal(r.bits, 24);
	assert_string_equal(r.gateway, "");
	assert_false(route4_next(&four, &r));
	/* Neither the host's own address, nor multicast, nor what leads nowhere. */
	assert_true(route6_next(&six, &r));
	assert_string_equal(r.network, "2001:db8::");
	assert_true(route6_next(&six, &r));
	assert_string_equal(r.network, "fd00::");
	assert_int_equal(r.bits, 8);
	assert_string_equal(r.gateway, "fe80::2");
	assert_string_equal(r.interface, "eth0");
	assert_false(route6_next(&six, &r));
}

static void replies(void **state)
{
	json_t *p = ping_parse("PING gw.example (10.0.2.2): 56 data bytes\n"
			       "64 bytes from 10.0.2.2: seq=0 ttl=255 time=0.620 ms\n"
			       "64 bytes from 10.0.2.2: seq=2 ttl=255 time=1.380 ms\n\n"
			       "--- gw.example ping statistics ---\n"
			       "3 packets transmitted, 2 packets received, 33% packet loss\n"
			       "round-trip min/avg/max = 0.620/1.000/1.380 ms\n");
	char *text = json_dumps(p, JSON_COMPACT | JSON_REAL_PRECISION(4));

	(void)state;
	assert_string_equal(
		text,
		"{\"host\":\"10.0.2.2\",\"transmitted\":3,\"received\":2,\"lost\":33,\"min\":0.62,"
		"\"avg\":1.0,\"max\":1.38,\"replies\":["
		"{\"from\":\"10.0.2.2\",\"seq\":0,\"ttl\":255,\"time\":0.62},"
		"{\"from\":\"10.0.2.2\",\"seq\":2,\"ttl\":255,\"time\":1.38}]}");
	free(text);
	json_decref(p);
	p = ping_parse(
		"PING 10.9.9.9 (10.9.9.9): 56 data bytes\n\n--- 10.9.9.9 ping statistics ---\n"
		"1 packets transmitted, 0 packets received, 100% packet loss\n");
	assert_int_equal(json_integer_value(json_object_get(p, "lost")), 100);
	json_decref(p);
	assert_null(ping_parse("ping: bad address 'nowhere.example'\n"));
	assert_null(ping_parse(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_before), cmocka_unit_test(interfaces),
		cmocka_unit_test(refused),   cmocka_unit_test(routes),
		cmocka_unit_test(replies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
