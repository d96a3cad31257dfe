// SPDX-License-Identifier: Apache-2.0
/* Seeds of clouds as answers, and whether a host may be told anything. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/install/answers.h"
#include "userworld/provision/apply.h"
#include "userworld/provision/seed.h"

#define KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ000000000000000000000000000000000000000000 a@b"
#define HASH "$6$abcdefgh$ijklmnopqrstuvwxyzABCDEFGH"

/* The answers; the caller's. NULL: refused, with *e. */
static char *answers(const struct seed *s, json_t *unknown, struct err *e)
{
	char *text = NULL;
	int rc;

	memset(e, 0, sizeof(*e));
	rc = seed_answers(s, &text, unknown, e);
	assert_int_equal(rc == 0, text != NULL);
	return text;
}

static void expect(const struct seed *s, const char *expected, const char *left_out)
{
	json_t *unknown = json_array();
	struct install_answers a;
	struct err e;
	char *text = answers(s, unknown, &e), *list;

	if (!text)
		fail_msg("%s", e.text);
	assert_string_equal(text, expected);
	list = json_dumps(unknown, JSON_COMPACT);
	assert_string_equal(list, left_out);
	/* What is made of a seed is always what answers can be. */
	if (install_answers_parse_host(&a, "seed", text, &e) < 0)
		fail_msg("%s", e.text);
	install_answers_free(&a);
	free(list);
	free(text);
	json_decref(unknown);
}

static void test_whole(void **state)
{
	static const struct seed s = {
		.meta_data = "instance-id: iid-1\nlocal-hostname: meta\nplacement: x\n",
		.user_data =
			"#cloud-config\n"
			"hostname: short\nfqdn: host.example.org\n"
			"users:\n  - default\n  - name: root\n    lock_passwd: false\n"
			"    hashed_passwd: " HASH "\n    ssh_authorized_keys:\n      - " KEY "\n"
			"    shell: /bin/bash\n"
			"ssh_authorized_keys: [ \"" KEY "\" ]\n"
			"ntp:\n  enabled: true\n  servers: [ 192.0.2.1 ]\n  pools: [ p.example ]\n"
			"packages: [ vim ]\n"
			"visoros:\n  syslog: [ udp://192.0.2.2:514, tcp://log.example ]\n"
			"  bundles:\n    - http://192.0.2.3/a.vib\n    - /tmp/b.vib\n",
		.network_config = "version: 2\nethernets:\n  eth0:\n"
				  "    addresses: [ 192.0.2.10/24, 2001:db8::1/64 ]\n"
				  "    gateway4: 192.0.2.254\n"
				  "    nameservers:\n      addresses: [ 192.0.2.53, 192.0.2.54 ]\n"
				  "  eth1:\n    dhcp4: true\n    mtu: 9000\n",
	};

	(void)state;
	expect(&s,
	       "hostname = host.example.org\nssh-key.1 = " KEY "\nssh-key.2 = " KEY "\n"
	       "root-password = " HASH "\nntp = 192.0.2.1 p.example\n"
	       "bundle.1 = http://192.0.2.3/a.vib\nbundle.2 = /tmp/b.vib\n"
	       "syslog = udp://192.0.2.2:514 tcp://log.example\n"
	       "address = 192.0.2.10/24\ngateway = 192.0.2.254\ndns = 192.0.2.53 192.0.2.54\n",
	       "[\"meta-data: placement\",\"user-data: packages\",\"user-data: users: default\","
	       "\"user-data: users: root: shell\",\"network-config: address 2001:db8::1/64\","
	       "\"network-config: ethernets: mtu\"]");
}

static void test_names(void **state)
{
	(void)state;
	expect(&(struct seed){ .meta_data = "local-hostname: meta\n" }, "hostname = meta\n", "[]");
	expect(&(struct seed){ .meta_data = "local-hostname: meta\n",
			       .user_data = "#cloud-config\nhostname: user\n" },
	       "hostname = user\n", "[]");
	expect(&(struct seed){ 0 }, "", "[]");
	expect(&(struct seed){ "", "#cloud-config\n", "" }, "", "[]");
}

static void test_password(void **state)
{
	(void)state;
	expect(&(struct seed){ .user_data = "#cloud-config\nchpasswd:\n  users:\n"
					    "  - {name: root, type: hash, password: " HASH "}\n"
					    "  - {name: bob, type: hash, password: x}\n" },
	       "root-password = " HASH "\n", "[\"user-data: chpasswd: user bob\"]");
	/* Locked, as it is if nobody says otherwise. */
	expect(&(struct seed){ .user_data = "#cloud-config\nusers:\n"
					    "- {name: root, hashed_passwd: " HASH "}\n" },
	       "", "[]");
}

static void test_network(void **state)
{
	(void)state;
	expect(
		&(struct seed){
			.network_config =
				"network:\n  version: 2\n  ethernets:\n    any:\n"
				"      match: {name: \"e*\"}\n      addresses: [10.0.0.2/8]\n"
				"      routes:\n      - {to: 10.1.0.0/16, via: 10.0.0.9}\n"
				"      - {to: default, via: 10.0.0.1}\n" },
		"address = 10.0.0.2/8\ngateway = 10.0.0.1\n", "[]");
	expect(&(struct seed){ .network_config =
				       "version: 1\nconfig:\n- type: physical\n  name: eth0\n"
				       "  subnets:\n  - type: static\n    address: 10.0.0.2\n"
				       "    netmask: 255.255.254.0\n    gateway: 10.0.0.1\n"
				       "- type: nameserver\n  address: [10.0.0.53]\n"
				       "- type: bond\n" },
	       "address = 10.0.0.2/23\ngateway = 10.0.0.1\ndns = 10.0.0.53\n",
	       "[\"network-config: type bond\"]");
	expect(&(struct seed){ .network_config = "version: 2\nethernets: {a: {dhcp4: yes}}\n" }, "",
	       "[]");
	expect(&(struct seed){ .network_config = "version: 1\nconfig:\n- type: physical\n"
						 "  subnets: [{type: dhcp4}]\n" },
	       "", "[]");
}

static void refused(const struct seed *s, const char *says)
{
	json_t *unknown = json_array();
	struct err e;
	char *text = answers(s, unknown, &e);

	assert_null(text);
	assert_int_equal(e.kind, ERR_INVALID);
	if (!strstr(e.text, says))
		fail_msg("%s", e.text);
	json_decref(unknown);
}

static void test_refused(void **state)
{
	char deep[64] = "", *many = malloc(40000);

	(void)state;
	refused(&(struct seed){ .user_data = "#!/bin/sh\nrm -rf /\n" }, "'#!/bin/sh'");
	refused(&(struct seed){ .user_data = "#cloud-config\n- a\n" }, "keys with values");
	refused(&(struct seed){ .user_data = "#cloud-config\nhostname: [a]\n" }, "hostname: must");
	refused(&(struct seed){ .user_data =
					"#cloud-config\nhostname: \"a\\nroot-password = x\"\n" },
		"control character");
	refused(&(struct seed){ .user_data = "#cloud-config\na: b\na: c\n" },
		"user-data:3: this key");
	refused(&(struct seed){ .user_data = "#cloud-config\na: &x b\nc: *x\n" }, "aliases");
	refused(&(struct seed){ .user_data = "#cloud-config\na: {b\n" }, "user-data:");
	refused(&(struct seed){ .user_data = "#cloud-config\na: b\n---\nc: d\n" }, "one document");
	refused(&(struct seed){ .user_data = "#cloud-config\nchpasswd: {list: \"root:secret\"}\n" },
		"users with hashes");
	refused(&(struct seed){ .user_data = "#cloud-config\nchpasswd:\n  users:\n"
					     "  - {name: root, type: text, password: x}\n" },
		"type must be hash");
	refused(&(struct seed){ .network_config = "version: 3\n" }, "version must be 1 or 2");
	refused(&(struct seed){ .network_config =
					"version: 1\nconfig:\n- type: physical\n  subnets:\n"
					"  - {type: static, address: 10.0.0.2}\n" },
		"10.0.0.2 has no length");
	memset(deep, '[', 20);
	refused(&(struct seed){ .meta_data = deep }, "levels");
	many[0] = '[';
	for (size_t i = 1; i < 30000; i += 2)
		memcpy(many + i, "a,", 3);
	refused(&(struct seed){ .meta_data = many }, "more values");
	free(many);
}

static void answer_refused(const char *text, const char *says)
{
	struct err e = ERR_INIT;
	struct install_answers a;

	assert_int_equal(install_answers_parse_host(&a, "f", text, &e), -1);
	if (!strstr(e.text, says))
		fail_msg("%s", e.text);
}

static void test_answers(void **state)
{
	(void)state;
	answer_refused("hostname = a\ndisk = largest\n", "f:2: 'disk': is for an install");
	answer_refused("after = reboot\n", "f:1: 'after': is for an install");
	answer_refused("hostnam = a\n", "there is no such key");
	answer_refused("ntp = a;reboot\n", "f:1: 'ntp': must be");
	answer_refused("ntp = 1 2 3 4 5 6 7 8 9\n", "f:1: 'ntp': must be");
	answer_refused("syslog = http://a\n", "f:1: 'syslog': must be");
}

static void test_wanted(void **state)
{
	static const struct {
		const char *status;
		const char *says; /* NULL: it is wanted */
	} cases[] = {
		{ "{\"mode\":\"ready\",\"url\":\"\",\"boot_files\":0}", NULL },
		{ "{\"mode\":\"stateless\",\"url\":\"\",\"boot_files\":0}", NULL },
		{ "{\"mode\":\"ready\",\"url\":\"\",\"boot_files\":2}", "has state: 2 files" },
		{ "{\"mode\":\"stateless\",\"url\":\"http://a\",\"loaded\":false}", "http://a" },
		{ "{\"mode\":\"stateless\",\"url\":\"http://a\",\"loaded\":true}", NULL },
		{ "{\"mode\":\"gone\",\"url\":\"\",\"boot_files\":0}", "it is gone" },
		{ "{\"mode\":\"refused\"}", "it is refused" },
		{ "{}", "nobody knows" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		json_t *status = json_loads(cases[i].status, 0, NULL);
		struct err e = ERR_INIT;
		int rc = provision_wanted(status, &e);

		assert_int_equal(rc, cases[i].says ? -1 : 0);
		if (cases[i].says && !strstr(e.text, cases[i].says))
			fail_msg("%s", e.text);
		json_decref(status);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),	 cmocka_unit_test(test_names),
		cmocka_unit_test(test_password), cmocka_unit_test(test_network),
		cmocka_unit_test(test_refused),	 cmocka_unit_test(test_answers),
		cmocka_unit_test(test_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
