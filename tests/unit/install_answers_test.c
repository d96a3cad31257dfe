// SPDX-License-Identifier: Apache-2.0
/* The answers of an unattended install: what is understood, and what is said of the rest. */
#include "userworld/install/answers.h"

#include <string.h>

#include "tests/unit/unit.h"

#define KEY68 "AAAAC3NzaC1lZDI1NTE5AAAAIABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq"
#define HASH "$6$salt$0123456789abcdefghijklmnop"

static void test_all(void **state)
{
	static const char text[] = "# a host\ndisk = smallest\ndisk-min = 8G\ndisk-max = 64G\n"
				   "overwrite = visoros\nimage = http://10.0.2.2/pxe/\n"
				   "hostname = host-1.example.org\nroot-password = " HASH "\n"
				   "address = 192.0.2.10/24\ngateway = 192.0.2.1\n"
				   "dns = 192.0.2.53 192.0.2.54\n"
				   "ssh-key.1 = ssh-ed25519 " KEY68 " me@here\n"
				   "ssh-key.2 = ssh-ed25519 " KEY68 "\nafter = poweroff\n"
				   "bundle.1 = https://h/a.vib\nbundle.2 = /tmp/b.vib\n";
	char place[INSTALL_PLACE];
	struct err e = ERR_INIT;
	struct install_answers a;

	(void)state;
	if (install_answers_parse(&a, "host.conf", text, &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(a.rule, INSTALL_SMALLEST);
	assert_true(a.min == 8ull << 30 && a.max == 64ull << 30);
	assert_int_equal(a.overwrite, INSTALL_VISOROS);
	assert_string_equal(a.image, "http://10.0.2.2/pxe/");
	assert_string_equal(a.hostname, "host-1.example.org");
	assert_string_equal(a.password, HASH);
	assert_string_equal(a.address, "192.0.2.10/24");
	assert_string_equal(a.gateway, "192.0.2.1");
	assert_string_equal(a.dns, "192.0.2.53 192.0.2.54");
	assert_int_equal(a.n_keys, 2);
	assert_string_equal(a.keys[0], "ssh-ed25519 " KEY68 " me@here");
	assert_string_equal(a.after, "poweroff");
	assert_int_equal(a.n_bundles, 2);
	assert_string_equal(a.bundles[0], "https://h/a.vib");
	assert_string_equal(a.bundles[1], "/tmp/b.vib");
	install_answers_place(&a, "bundle.2", place);
	assert_string_equal(place, "host.conf:16: 'bundle.2'");
	install_answers_free(&a);
}

/* What is not said is the harmless thing. */
static void test_least(void **state)
{
	struct err e = ERR_INIT;
	struct install_answers a;

	(void)state;
	assert_int_equal(install_answers_parse(&a, "host.conf", "disk = /dev/sda\n", &e), 0);
	assert_int_equal(a.rule, INSTALL_NAMED);
	assert_string_equal(a.disk, "/dev/sda");
	assert_int_equal(a.overwrite, INSTALL_EMPTY);
	assert_string_equal(a.after, "stay");
	assert_true(!a.hostname && !a.password && !a.address && !a.image && !a.n_keys &&
		    !a.n_bundles);
	install_answers_free(&a);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "", "f: 'disk': is missing" },
		{ "disk = sda\n", "f:1: 'disk': must be serial:NUMBER" },
		{ "disk = serial:\n", "f:1: 'disk': must be" },
		{ "disk = /dev/disk/x\n", "f:1: 'disk': must be" },
		{ "disk = largest\ndisk-min = 2G\ndisk-max = 1G\n", "f:2: 'disk-min': is more" },
		{ "disk = serial:x\ndisk-max = 2G\n", "f:2: 'disk-max': goes with smallest" },
		{ "disk = largest\ndisk-min = big\n", "f:2:" },
		{ "disk = largest\noverwrite = yes\n", "f:2: 'overwrite': must be nothing" },
		{ "disk = largest\nimage = tftp://x/\n", "f:2: 'image': must be http" },
		{ "disk = largest\nimage = http://\n", "f:2: 'image': must be http" },
		{ "disk = largest\n\nhostname = -x\n", "f:3: 'hostname': 1 to 64" },
		{ "disk = largest\nhostname = a..b\n", "f:2: 'hostname'" },
		{ "disk = largest\nroot-password = secret\n",
		  "f:2: 'root-password': must be a hash" },
		{ "disk = largest\nroot-password = $6$short\n", "f:2: 'root-password'" },
		{ "disk = largest\nroot-password = " HASH ":0\n", "f:2: 'root-password'" },
		{ "disk = largest\naddress = 192.0.2.10\n", "f:2: 'address': must be as" },
		{ "disk = largest\naddress = 192.0.2.10/33\n", "f:2: 'address': must be as" },
		{ "disk = largest\naddress = 192.0.2.300/24\n", "f:2: 'address': must be as" },
		{ "disk = largest\naddress = 1.2.3.4/24\ngateway = x\n", "f:3: 'gateway': is no" },
		{ "disk = largest\ngateway = 1.2.3.4\n", "f:2: 'gateway': goes with" },
		{ "disk = largest\ndns = 1.2.3.4\n", "f:2: 'dns': goes with" },
		{ "disk = largest\naddress = 1.2.3.4/8\ndns = 1.2.3.4,x\n", "f:3: 'dns': must be" },
		{ "disk = largest\nssh-key.1 = ssh-dss " KEY68 "\n", "f:2: 'ssh-key.1': is no" },
		{ "disk = largest\nssh-key.1 = ssh-rsa AAAA\n", "f:2: 'ssh-key.1': is no" },
		{ "disk = largest\nssh-key.2 = ssh-ed25519 " KEY68 "\n", "without a gap" },
		{ "disk = largest\nbundle.1 = a.vib\n", "f:2: 'bundle.1': must be http://" },
		{ "disk = largest\nbundle.1 = /\n", "f:2: 'bundle.1': must be http://" },
		{ "disk = largest\nbundle.2 = /a\n", "f:2: 'bundle.2': they are numbered" },
		{ "disk = largest\nbundle = /a\n", "f:2: 'bundle': there is no such key" },
		{ "disk = largest\nafter = halt\n", "f:2: 'after': must be stay" },
		{ "disk = largest\nhostnam = x\n", "f:2: 'hostnam': there is no such key" },
		{ "disk = largest\ndisk = largest\n", "f:2:" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err e = ERR_INIT;
		struct install_answers a;

		assert_int_equal(install_answers_parse(&a, "f", cases[i].text, &e), -1);
		assert_int_equal(e.kind, ERR_INVALID);
		if (!strstr(e.text, cases[i].says))
			fail_msg("%zu: %s", i, e.text);
		install_answers_free(&a);
	}
}

static const char *chosen(const char *text, size_t n, enum err_kind *kind)
{
	static const struct install_disk disks[] = {
		{ "/dev/a", "S1", "/devices/pci0000:00/0000:00:05.0/virtio1/block/a", 300, true,
		  "" },
		{ "/dev/b", "S2", "/devices/pci0000:00/0000:00:06.0/block/b", 100, false, "" },
		{ "/dev/c", "", "/devices/pci0000:00/0000:00:07.0/block/c", 200, true, "" },
		{ "/dev/d", "S3", "/devices/pci0000:00/0000:00:08.0/block/d", 500, true, "" },
		{ "/dev/e", "S3", "/devices/pci0000:00/0000:00:09.0/block/e", 500, true, "" },
	};
	const struct install_disk *d;
	struct err e = ERR_INIT;
	struct install_answers a;

	assert_int_equal(install_answers_parse(&a, "f", text, &e), 0);
	d = install_answers_choose(&a, disks, n, &e);
	*kind = e.kind;
	install_answers_free(&a);
	return d ? d->device : "";
}

static void test_choice(void **state)
{
	enum err_kind kind;

	(void)state;
	assert_string_equal(chosen("disk = smallest\n", 5, &kind), "/dev/c");
	assert_string_equal(chosen("disk = smallest\ndisk-min = 201\n", 5, &kind), "/dev/a");
	assert_string_equal(chosen("disk = largest\ndisk-max = 400\n", 5, &kind), "/dev/a");
	assert_string_equal(chosen("disk = largest\n", 4, &kind), "/dev/d");
	assert_string_equal(chosen("disk = largest\n", 5, &kind), "");
	assert_int_equal(kind, ERR_CONFLICT);
	/* Why a named one cannot be used is said by who opens it. */
	assert_string_equal(chosen("disk = /dev/b\n", 5, &kind), "/dev/b");
	assert_string_equal(chosen("disk = serial:S2\n", 5, &kind), "/dev/b");
	assert_string_equal(chosen("disk = serial:S3\n", 5, &kind), "");
	assert_int_equal(kind, ERR_CONFLICT);
	assert_string_equal(chosen("disk = path:0000:00:05.0\n", 5, &kind), "/dev/a");
	assert_string_equal(chosen("disk = path:0000:00:05.0/virtio1\n", 5, &kind), "/dev/a");
	assert_string_equal(chosen("disk = path:0000:00:0\n", 5, &kind), "");
	assert_int_equal(kind, ERR_NOT_FOUND);
	assert_string_equal(chosen("disk = path:pci0000:00\n", 5, &kind), "");
	assert_int_equal(kind, ERR_CONFLICT);
	assert_string_equal(chosen("disk = /dev/x\n", 5, &kind), "");
	assert_int_equal(kind, ERR_NOT_FOUND);
	assert_string_equal(chosen("disk = smallest\ndisk-min = 501\n", 5, &kind), "");
	assert_int_equal(kind, ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_least),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_choice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
