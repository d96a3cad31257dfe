// SPDX-License-Identifier: Apache-2.0
/* What operations on the network make of /etc/network.conf, and what they refuse. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/core.h"

/* Runs an operation with parameters as JSON; 0, or the kind of its error. */
static int call(const char *op, const char *params, json_t **result)
{
	json_t *p = json_loads(params, 0, NULL);
	struct err e = ERR_INIT;
	int rc = core_call(op, p, result, &e);

	assert_non_null(p);
	json_decref(p);
	if (rc < 0)
		print_message("%s\n", e.text);
	return rc < 0 ? (int)e.kind : 0;
}

static void is_file(const char *text)
{
	char *now = tree_read("/etc/network.conf");
	struct stat st;

	assert_string_equal(now, text);
	free(now);
	/* Sticky: it is state. */
	assert_int_equal(stat(tree_path("/etc/network.conf"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 01644);
}

static int begin(void **state)
{
	(void)state;
	tree_write("/etc/hostname", "host\n", 0644);
	remove(tree_path("/etc/network.conf"));
	return 0;
}

#define PCI "/sys/devices/pci0000:00/0000:00:04.0"

/* An adapter of virtio: between it and its PCI device is one that has numbers, too. */
static void adapter(const char *name, const char *mac)
{
	char path[128];

	tree_write(PCI "/vendor", "0x1af4\n", 0644);
	tree_write(PCI "/device", "0x1000\n", 0644);
	tree_write(PCI "/virtio0/vendor", "0x1af4\n", 0644);
	tree_write(PCI "/virtio0/device", "0x0001\n", 0644);
	snprintf(path, sizeof(path), "/sys/class/net/%s/uevent", name);
	tree_write(path, "", 0644);
	snprintf(path, sizeof(path), "/sys/class/net/%s/device", name);
	if (symlink(tree_path(PCI "/virtio0"), tree_path(path)) < 0)
		assert_int_equal(access(tree_path(path), F_OK), 0);
	snprintf(path, sizeof(path), "/sys/class/net/%s/address", name);
	tree_write(path, mac, 0644);
	snprintf(path, sizeof(path), "/sys/class/net/%s/mtu", name);
	tree_write(path, "1500\n", 0644);
	snprintf(path, sizeof(path), "/sys/class/net/%s/operstate", name);
	tree_write(path, "up\n", 0644);
}

static void addresses(void **state)
{
	(void)state;
	assert_int_equal(call("network.ipv4.set",
			      "{\"name\":\"vmk0\",\"type\":\"static\",\"address\":\"192.0.2.10\","
			      "\"netmask\":\"255.255.255.0\",\"gateway\":\"192.0.2.1\"}",
			      NULL),
			 0);
	is_file("address = 192.0.2.10/24\ngateway = 192.0.2.1\n");
	/* The gateway stays, unless it is taken away. */
	assert_int_equal(
		call("network.ipv4.set",
		     "{\"name\":\"vmk0\",\"type\":\"static\",\"address\":\"192.0.2.11/25\"}", NULL),
		0);
	is_file("address = 192.0.2.11/25\ngateway = 192.0.2.1\n");
	assert_int_equal(
		call("network.ipv6.set",
		     "{\"name\":\"vmk0\",\"type\":\"static\",\"address\":\"2001:db8::1/64\"}",
		     NULL),
		0);
	assert_int_equal(call("network.ipv4.set",
			      "{\"name\":\"vmk0\",\"type\":\"dhcp\",\"dhcp_dns\":false}", NULL),
			 0);
	is_file("address6 = 2001:db8::1/64\ndhcp-dns = no\n");
	assert_int_equal(call("network.restore", "{}", NULL), 0);
	is_file("dhcp-dns = no\n");
}

static void wrong_addresses(void **state)
{
	static const char *const bad[] = {
		"{\"name\":\"vmk0\",\"type\":\"static\",\"address\":\"192.0.2.10\"}",
		"{\"name\":\"vmk0\",\"type\":\"static\",\"address\":\"192.0.2.10/24\","
		"\"netmask\":\"255.255.255.0\"}",
		"{\"name\":\"vmk0\",\"type\":\"static\",\"address\":\"192.0.2.10\","
		"\"netmask\":\"255.0.255.0\"}",
		"{\"name\":\"vmk0\",\"type\":\"static\",\"address\":\"192.0.2.10/24\","
		"\"gateway\":\"192.0.3.1\"}",
		"{\"name\":\"vmk0\",\"type\":\"bootp\"}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(call("network.ipv4.set", bad[i], NULL), ERR_INVALID);
	assert_int_equal(call("network.ipv4.set", "{\"name\":\"vmk0\",\"type\":\"static\"}", NULL),
			 ERR_USAGE);
	assert_int_equal(call("network.ipv4.set",
			      "{\"name\":\"vmk0\",\"type\":\"dhcp\",\"address\":\"192.0.2.1/24\"}",
			      NULL),
			 ERR_USAGE);
	assert_int_equal(call("network.ipv4.set", "{\"name\":\"vmk1\",\"type\":\"dhcp\"}", NULL),
			 ERR_NOT_FOUND);
	assert_int_equal(access(tree_path("/etc/network.conf"), F_OK), -1);
}

/* Without stated there is no trial, and then no change. */
static void no_trial_no_change(void **state)
{
	(void)state;
	assert_int_equal(call("network.ipv4.set",
			      "{\"name\":\"vmk0\",\"type\":\"none\",\"confirm\":60}", NULL),
			 ERR_UNAVAILABLE);
	assert_int_equal(access(tree_path("/etc/network.conf"), F_OK), -1);
}

static void names_and_routes(void **state)
{
	(void)state;
	assert_int_equal(call("network.dns.server.add", "{\"server\":\"192.0.2.53\"}", NULL), 0);
	assert_int_equal(call("network.dns.server.add", "{\"server\":\"2001:db8::53\"}", NULL), 0);
	assert_int_equal(call("network.dns.server.add", "{\"server\":\"192.0.2.53\"}", NULL),
			 ERR_CONFLICT);
	assert_int_equal(call("network.dns.server.add", "{\"server\":\"ns.example\"}", NULL),
			 ERR_INVALID);
	assert_int_equal(call("network.dns.search.add", "{\"domain\":\"a.example\"}", NULL), 0);
	assert_int_equal(call("network.dns.search.remove", "{\"domain\":\"b.example\"}", NULL),
			 ERR_NOT_FOUND);
	assert_int_equal(call("network.route.add",
			      "{\"network\":\"10.1.2.3/8\",\"gateway\":\"192.0.2.9\"}", NULL),
			 0);
	assert_int_equal(call("network.route.add",
			      "{\"network\":\"fd00::/8\",\"gateway\":\"2001:db8::9\",\"family\":6}",
			      NULL),
			 0);
	assert_int_equal(call("network.route.add",
			      "{\"network\":\"172.16.0.0/12\",\"gateway\":\"192.0.2.9\"}", NULL),
			 0);
	assert_int_equal(call("network.route.add",
			      "{\"network\":\"10.0.0.0/8\",\"gateway\":\"192.0.2.8\"}", NULL),
			 ERR_CONFLICT);
	assert_int_equal(call("network.route.add",
			      "{\"network\":\"0.0.0.0/0\",\"gateway\":\"192.0.2.8\"}", NULL),
			 ERR_INVALID);
	assert_int_equal(call("network.route.add",
			      "{\"network\":\"fd01::/16\",\"gateway\":\"192.0.2.8\"}", NULL),
			 ERR_INVALID);
	is_file("dns = 192.0.2.53 2001:db8::53\nsearch = a.example\n"
		"routes = 10.0.0.0/8 192.0.2.9, 172.16.0.0/12 192.0.2.9\n"
		"routes6 = fd00::/8 2001:db8::9\n");
	assert_int_equal(call("network.route.remove",
			      "{\"network\":\"10.0.0.0/8\",\"gateway\":\"192.0.2.9\"}", NULL),
			 0);
	assert_int_equal(call("network.dns.server.remove", "{\"server\":\"192.0.2.53\"}", NULL), 0);
	assert_int_equal(call("network.dns.server.remove", "{\"server\":\"2001:db8::53\"}", NULL),
			 0);
	is_file("search = a.example\nroutes = 172.16.0.0/12 192.0.2.9\n"
		"routes6 = fd00::/8 2001:db8::9\n");
}

static void names_all_at_once(void **state)
{
	json_t *given = NULL;

	(void)state;
	assert_int_equal(call("network.dns.set",
			      "{\"servers\":\" 192.0.2.53, 2001:db8::53\","
			      "\"search\":\"a.example  b.example\",\"dhcp_dns\":false}",
			      NULL),
			 0);
	is_file("dns = 192.0.2.53 2001:db8::53\nsearch = a.example b.example\ndhcp-dns = no\n");
	assert_int_equal(call("network.dns.set", "{}", NULL), ERR_USAGE);
	assert_int_equal(call("network.dns.set", "{\"servers\":\"192.0.2.53 ns.example\"}", NULL),
			 ERR_INVALID);
	assert_int_equal(call("network.dns.set", "{\"search\":\"a/b\"}", NULL), ERR_INVALID);
	assert_int_equal(call("network.dns.set", "{\"search\":\"\",\"dhcp_dns\":true}", NULL), 0);
	is_file("dns = 192.0.2.53 2001:db8::53\n");
	assert_int_equal(call("network.dns.settings.get", "{}", &given), 0);
	assert_int_equal(json_array_size(json_object_get(given, "servers")), 2);
	assert_int_equal(json_array_size(json_object_get(given, "search")), 0);
	assert_true(json_is_true(json_object_get(given, "dhcp_dns")));
	json_decref(given);
}

static void interfaces(void **state)
{
	json_t *rows = NULL;
	char *text;

	(void)state;
	adapter("eth0", "52:54:00:00:00:01\n");
	adapter("eth1", "52:54:00:00:00:02\n");
	assert_int_equal(
		call("network.interface.add", "{\"name\":\"vmk1\",\"adapter\":\"eth0\"}", NULL),
		ERR_CONFLICT);
	assert_int_equal(
		call("network.interface.add", "{\"name\":\"vmk1\",\"adapter\":\"eth7\"}", NULL),
		ERR_NOT_FOUND);
	assert_int_equal(call("network.interface.add",
			      "{\"name\":\"vmk1\",\"adapter\":\"52:54:00:00:00:02\",\"vlan\":5}",
			      NULL),
			 0);
	/* The same wire by another name. */
	assert_int_equal(call("network.interface.add",
			      "{\"name\":\"vmk2\",\"adapter\":\"eth1\",\"vlan\":5}", NULL),
			 ERR_CONFLICT);
	assert_int_equal(call("network.interface.set", "{\"name\":\"vmk0\"}", NULL), ERR_USAGE);
	assert_int_equal(call("network.interface.set",
			      "{\"name\":\"vmk0\",\"vlan\":9,\"mtu\":9000,\"enabled\":false}",
			      NULL),
			 0);
	assert_int_equal(call("network.interface.set", "{\"name\":\"vmk0\",\"mtu\":100}", NULL),
			 ERR_INVALID);
	is_file("vmk1.adapter = 52:54:00:00:00:02\nvmk1.vlan = 5\nvlan = 9\nmtu = 9000\n"
		"enabled = no\n");
	assert_int_equal(call("network.interface.list", "{}", &rows), 0);
	text = json_dumps(rows, JSON_COMPACT);
	assert_string_equal(
		text, "[{\"name\":\"vmk0\",\"adapter\":\"eth0\",\"device\":\"eth0.9\",\"mac\":\"\","
		      "\"vlan\":9,\"mtu\":9000,\"enabled\":false,\"link\":\"down\"},"
		      "{\"name\":\"vmk1\",\"adapter\":\"eth1\",\"device\":\"eth1.5\",\"mac\":\"\","
		      "\"vlan\":5,\"mtu\":0,\"enabled\":true,\"link\":\"down\"}]");
	free(text);
	json_decref(rows);
	assert_int_equal(call("network.interface.remove", "{\"name\":\"vmk0\"}", NULL),
			 ERR_CONFLICT);
	assert_int_equal(call("network.interface.remove", "{\"name\":\"vmk1\"}", NULL), 0);
	assert_int_equal(call("network.restore", "{}", NULL), 0);
	is_file("");
}

static void says_state(const char *op, const char *params, const char *wanted)
{
	json_t *result = NULL;

	tree_write("/run/network/eth0", "static\n", 0644);
	assert_int_equal(call(op, params, &result), 0);
	assert_string_equal(json_string_value(json_object_get(result, "state")), wanted);
	json_decref(result);
	/* What was noted is of before. */
	assert_int_equal(access(tree_path("/run/network/eth0"), F_OK), -1);
}

static void pending(void **state)
{
	(void)state;
	adapter("eth0", "52:54:00:00:00:01\n");
	adapter("eth1", "52:54:00:00:00:02\n");
	says_state("network.ipv4.set", "{\"name\":\"vmk0\",\"type\":\"dhcp\"}", "pending");
	says_state("network.ipv4.set",
		   "{\"name\":\"vmk0\",\"type\":\"static\",\"address\":\"192.0.2.10/24\"}",
		   "pending");
	says_state("network.ipv4.set", "{\"name\":\"vmk0\",\"type\":\"none\"}", "none");
	says_state("network.interface.add",
		   "{\"name\":\"vmk1\",\"adapter\":\"eth1\",\"enabled\":false}", "none");
	says_state("network.ipv4.set", "{\"name\":\"vmk1\",\"type\":\"dhcp\"}", "none");
	says_state("network.restore", "{}", "pending");
	/* A change that is refused leaves it. */
	tree_write("/run/network/eth0", "dhcp\n", 0644);
	assert_int_equal(call("network.ipv4.set",
			      "{\"name\":\"vmk0\",\"type\":\"none\",\"confirm\":60}", NULL),
			 ERR_UNAVAILABLE);
	assert_int_equal(access(tree_path("/run/network/eth0"), F_OK), 0);
	remove(tree_path("/run/network/eth0"));
}

/* The pending rows of network.ipv6.list: "eth0 auto, eth1 dhcp". */
static void are_pending6(const char *wanted)
{
	char found[256] = "";
	json_t *rows = NULL, *row;
	size_t i;

	assert_int_equal(call("network.ipv6.list", "{}", &rows), 0);
	json_array_foreach (rows, i, row) {
		const char *name = json_string_value(json_object_get(row, "name"));
		size_t len = strlen(found);

		if (strcmp(json_string_value(json_object_get(row, "state")), "pending") != 0)
			continue;
		assert_string_equal(json_string_value(json_object_get(row, "address")), "");
		snprintf(found + len, sizeof(found) - len, "%s%s %s", len ? ", " : "", name,
			 json_string_value(json_object_get(row, "type")));
	}
	assert_string_equal(found, wanted);
	json_decref(rows);
}

#define LOOPBACK "00000000000000000000000000000001 01 80 10 80       lo\n"
#define LINK_LOCAL "fe80000000000000505400fffe123456 02 40 20 80     eth0\n"
#define BY_ROUTER "20010db800000000505400fffe123456 02 40 00 00     eth0\n"
#define BY_DHCP "20010db8000000000000000000000099 02 80 00 00     eth0\n"
#define BY_HAND "20010db8000000010000000000000005 03 40 00 80     eth1\n"

static void settings6(const char *text)
{
	tree_write("/etc/network.conf", text, 01644);
}

static void pending6(void **state)
{
	(void)state;
	adapter("eth0", "52:54:00:00:00:01\n");
	adapter("eth1", "52:54:00:00:00:02\n");
	tree_write("/proc/net/ipv6_route", "", 0644);
	tree_write("/run/network/dhcp6.eth0", "2001:db8::99\n", 0644);
	/* vmk0 wants what routers say; vmk1 wants nothing if nothing is said. */
	settings6("vmk1.adapter = eth1\n");
	tree_write("/proc/net/if_inet6", LOOPBACK LINK_LOCAL, 0644);
	are_pending6("eth0 auto");
	tree_write("/proc/net/if_inet6", LOOPBACK LINK_LOCAL BY_ROUTER, 0644);
	are_pending6("");
	tree_write("/proc/net/if_inet6", LOOPBACK LINK_LOCAL BY_DHCP, 0644);
	are_pending6("");
	settings6("address6 = slaac\nvmk1.adapter = eth1\nvmk1.address6 = dhcp\n");
	are_pending6("eth0 auto, eth1 dhcp");
	/* An address of routers is not what was asked for. */
	settings6("address6 = dhcp\nvmk1.adapter = eth1\nvmk1.address6 = auto\n");
	tree_write("/proc/net/if_inet6", LOOPBACK LINK_LOCAL BY_ROUTER, 0644);
	are_pending6("eth0 dhcp, eth1 auto");
	settings6("address6 = none\nvmk1.adapter = eth1\nvmk1.address6 = 2001:DB8:0:1::0005/64\n");
	are_pending6("eth1 static");
	tree_write("/proc/net/if_inet6", LOOPBACK LINK_LOCAL BY_HAND, 0644);
	are_pending6("");
	settings6("enabled = no\nvmk1.adapter = eth7\nvmk1.address6 = dhcp\n");
	are_pending6("");
	/* A kernel without IPv6. */
	settings6("");
	remove(tree_path("/proc/net/if_inet6"));
	are_pending6("");
}

static void says_state6(const char *type, const char *wanted)
{
	json_t *result = NULL;
	char params[80];

	snprintf(params, sizeof(params), "{\"name\":\"vmk1\",\"type\":\"%s\"}", type);
	assert_int_equal(call("network.ipv6.set", params, &result), 0);
	assert_string_equal(json_string_value(json_object_get(result, "state")), wanted);
	json_decref(result);
}

/* DHCPv6 is for all interfaces; what others than vmk0 have without a word is none. */
static void types6(void **state)
{
	(void)state;
	adapter("eth0", "52:54:00:00:00:01\n");
	adapter("eth1", "52:54:00:00:00:02\n");
	settings6("vmk1.adapter = eth1\n");
	says_state6("dhcp", "pending");
	is_file("vmk1.adapter = eth1\nvmk1.address6 = dhcp\n");
	says_state6("auto", "pending");
	is_file("vmk1.adapter = eth1\nvmk1.address6 = auto\n");
	says_state6("none", "none");
	is_file("vmk1.adapter = eth1\nvmk1.address6 = none\n");
	assert_int_equal(call("network.ipv6.set", "{\"name\":\"vmk0\",\"type\":\"auto\"}", NULL),
			 0);
	is_file("vmk1.adapter = eth1\nvmk1.address6 = none\n");
}

static void nics(void **state)
{
	json_t *rows = NULL;
	char *text;

	(void)state;
	assert_int_equal(call("network.nic.list", "{}", &rows), 0);
	text = json_dumps(json_array_get(rows, 0), JSON_COMPACT);
	assert_int_equal(json_array_size(rows), 2);
	assert_string_equal(
		text, "{\"name\":\"eth0\",\"pci\":\"0000:00:04.0\",\"driver\":\"\",\"link\":\"up\","
		      "\"speed\":0,\"duplex\":\"unknown\",\"mac\":\"52:54:00:00:00:01\","
		      "\"mtu\":1500,\"description\":\"PCI 1af4:1000\"}");
	free(text);
	json_decref(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(addresses, begin),
		cmocka_unit_test_setup(wrong_addresses, begin),
		cmocka_unit_test_setup(no_trial_no_change, begin),
		cmocka_unit_test_setup(names_and_routes, begin),
		cmocka_unit_test_setup(names_all_at_once, begin),
		cmocka_unit_test_setup(interfaces, begin),
		cmocka_unit_test_setup(pending, begin),
		cmocka_unit_test_setup(pending6, begin),
		cmocka_unit_test_setup(types6, begin),
		cmocka_unit_test_setup(nics, begin),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
