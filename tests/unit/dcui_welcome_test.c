// SPDX-License-Identifier: Apache-2.0
/* What an operator's text becomes on the home screen. */
#include <string.h>

#include "dcui/welcome.h"
#include "tests/unit/unit.h"

static const char *expand(const char *text, const struct facts *f)
{
	static char out[WELCOME_MAX];

	welcome_expand(text, f, out);
	return out;
}

static struct facts host(void)
{
	struct facts f = { .product = "VisorOS",
			   .version = "1.2",
			   .build = "42-gabc",
			   .hostname = "visor-07",
			   .thumbprint = "AA:BB",
			   .serial = "S1",
			   .memory = 4ull << 30,
			   .cpu_count = 2,
			   .cpu_model = "Xeon" };

	f.nic_count = 2;
	strcpy(f.nics[1].address, "192.0.2.17");
	return f;
}

static void variables(void **state)
{
	struct facts f = host();

	(void)state;
	assert_string_equal(expand("{product} {version} ({build})", &f), "VisorOS 1.2 (42-gabc)");
	assert_string_equal(expand("{esxproduct} {esxversion} {ip} {ssl-thumbprint}", &f),
			    "VisorOS 1.2 192.0.2.17 AA:BB");
	assert_string_equal(expand("{hostname}\n{address}\n{url}\n{thumbprint} {serial}", &f),
			    "visor-07\n192.0.2.17\nhttps://192.0.2.17/\nAA:BB S1");
	assert_string_equal(expand("{memory}, {cpu}", &f), "4 GiB, 2 x Xeon");
}

static void unknown(void **state)
{
	struct facts f = host(), none = { 0 };

	(void)state;
	assert_string_equal(expand("{} {what} {hostname {HOSTNAME} }{ {", &f),
			    "{} {what} {hostname {HOSTNAME} }{ {");
	assert_string_equal(expand("{a-name-that-is-longer-than-any} {{hostname}}", &f),
			    "{a-name-that-is-longer-than-any} {visor-07}");
	assert_string_equal(expand("{hostname} {url} {memory} {cpu}", &none), "- - - -");
	assert_string_equal(expand("", &f), "");
}

static void harmless(void **state)
{
	struct facts f = host();

	(void)state;
	strcpy(f.hostname, "a\033[2Jb");
	assert_string_equal(expand("\033[31mred\a\t{hostname}\r\n.", &f), "?[31mred? a?[2Jb \n.");
	assert_string_equal(expand("\xc3\xa9 \xff\xc3", &f), "\xc3\xa9 ??");
}

/* A full text of the longest variables, and characters that must not be cut in half. */
static void cut(void **state)
{
	char text[4 * WELCOME_MAX] = "x";
	struct facts f = host();

	(void)state;
	memset(f.thumbprint, 'T', sizeof(f.thumbprint) - 1);
	for (int i = 0; i < 100; i++)
		strcat(text, "{thumbprint}");
	assert_int_equal(strlen(expand(text, &f)), WELCOME_MAX - 1);
	strcpy(text, "x");
	for (int i = 0; i < WELCOME_MAX; i++)
		strcat(text, "\xc3\xa9");
	assert_int_equal(strlen(expand(text, &f)), WELCOME_MAX - 1);
	strcpy(text, "xx");
	for (int i = 0; i < WELCOME_MAX; i++)
		strcat(text, "\xc3\xa9");
	assert_int_equal(strlen(expand(text, &f)), WELCOME_MAX - 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(variables),
		cmocka_unit_test(unknown),
		cmocka_unit_test(harmless),
		cmocka_unit_test(cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
