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
				   "hostname = host-1.example.org\nroot-password = " HASH "\n"
				   "ssh-key.1 = ssh-ed25519 " KEY68 " me@here\n"
				   "ssh-key.2 = ssh-ed25519 " KEY68 "\n"
				   "bundle.1 = strace\nbundle.2 = https://x/y.vib\n";
	struct err e = ERR_INIT;
	struct answers a;

	(void)state;
	if (answers_parse(&a, "host.conf", text, &e) < 0)
		fail_msg("%s", e.text);
	assert_int_equal(a.rule, ANSWERS_SMALLEST);
	assert_true(a.min == 8ull << 30 && a.max == 64ull << 30);
	assert_string_equal(a.hostname, "host-1.example.org");
	assert_string_equal(a.password, HASH);
	assert_int_equal(a.n_keys, 2);
	assert_string_equal(a.keys[0], "ssh-ed25519 " KEY68 " me@here");
	assert_int_equal(a.n_bundles, 2);
	assert_string_equal(a.bundles[1], "https://x/y.vib");
	answers_free(&a);
	assert_int_equal(answers_parse(&a, "host.conf", "disk = /dev/sda\n", &e), 0);
	assert_string_equal(a.disk, "/dev/sda");
	assert_null(a.hostname);
	answers_free(&a);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "", "f: 'disk': is missing" },
		{ "disk = sda\n", "f:1: 'disk': must be /dev/NAME" },
		{ "disk = /dev/disk/x\n", "f:1: 'disk': must be" },
		{ "disk = largest\ndisk-min = 2G\ndisk-max = 1G\n", "f:2: 'disk-min': is more" },
		{ "disk = largest\ndisk-min = big\n", "f:2:" },
		{ "disk = largest\n\nhostname = -x\n", "f:3: 'hostname': 1 to 64" },
		{ "disk = largest\nhostname = a..b\n", "f:2: 'hostname'" },
		{ "disk = largest\nroot-password = secret\n",
		  "f:2: 'root-password': must be a hash" },
		{ "disk = largest\nroot-password = $6$short\n", "f:2: 'root-password'" },
		{ "disk = largest\nroot-password = " HASH ":0\n", "f:2: 'root-password'" },
		{ "disk = largest\nssh-key.1 = ssh-dss " KEY68 "\n", "f:2: 'ssh-key.1': is no" },
		{ "disk = largest\nssh-key.1 = ssh-rsa AAAA\n", "f:2: 'ssh-key.1': is no" },
		{ "disk = largest\nssh-key.2 = ssh-ed25519 " KEY68 "\n", "without a gap" },
		{ "disk = largest\nbundle.1 = a b\n", "f:2: 'bundle.1': is neither" },
		{ "disk = largest\nbundle.1 = http://\n", "f:2: 'bundle.1': is neither" },
		{ "disk = largest\nbundle.17 = a\n", "f:2: 'bundle.17': they are numbered" },
		{ "disk = largest\nhostnam = x\n", "f:2: 'hostnam': there is no such key" },
		{ "disk = largest\ndisk = largest\n", "f:2:" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err e = ERR_INIT;
		struct answers a;

		assert_int_equal(answers_parse(&a, "f", cases[i].text, &e), -1);
		assert_int_equal(e.kind, ERR_INVALID);
		if (!strstr(e.text, cases[i].says))
			fail_msg("%zu: %s", i, e.text);
		answers_free(&a);
	}
}

static const char *chosen(const char *text, const struct answers_candidate *disks, size_t n,
			  enum err_kind *kind)
{
	const struct answers_candidate *d;
	struct err e = ERR_INIT;
	struct answers a;

	assert_int_equal(answers_parse(&a, "f", text, &e), 0);
	d = answers_choose(&a, disks, n, &e);
	*kind = e.kind;
	answers_free(&a);
	return d ? d->device : "";
}

static void test_choice(void **state)
{
	const struct answers_candidate disks[] = { { "/dev/a", 300, true },
						   { "/dev/b", 100, false },
						   { "/dev/c", 200, true },
						   { "/dev/d", 500, true },
						   { "/dev/e", 500, true } };
	enum err_kind kind;

	(void)state;
	assert_string_equal(chosen("disk = smallest\n", disks, 5, &kind), "/dev/c");
	assert_string_equal(chosen("disk = smallest\ndisk-min = 201\n", disks, 5, &kind), "/dev/a");
	assert_string_equal(chosen("disk = largest\ndisk-max = 400\n", disks, 5, &kind), "/dev/a");
	assert_string_equal(chosen("disk = largest\n", disks, 4, &kind), "/dev/d");
	assert_string_equal(chosen("disk = largest\n", disks, 5, &kind), "");
	assert_int_equal(kind, ERR_CONFLICT);
	/* Why a named one cannot be used is said by who opens it. */
	assert_string_equal(chosen("disk = /dev/b\n", disks, 5, &kind), "/dev/b");
	assert_string_equal(chosen("disk = /dev/x\n", disks, 5, &kind), "");
	assert_int_equal(kind, ERR_NOT_FOUND);
	assert_string_equal(chosen("disk = smallest\ndisk-min = 501\n", disks, 5, &kind), "");
	assert_int_equal(kind, ERR_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_choice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
