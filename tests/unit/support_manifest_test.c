// SPDX-License-Identifier: Apache-2.0
/* visor-support.manifest(5), and what is wrong with one. */
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/core/support/manifest.h"

static void a_manifest_is_understood(void **state)
{
	struct err e = ERR_INIT;
	struct manifest m;

	(void)state;
	assert_int_equal(manifest_parse(&m, "x",
					"# comment\n"
					"about\tLines of\ttext  \n"
					"group net\n\n"
					"  copy /a /b/*\r\n"
					"copy tail=1M /c\n"
					"exec 7 64K out.txt /bin/x -a b\n"
					"refuse /r/*\nrefuse /s\n"
					"secret word other\n",
					&e),
			 0);
	assert_string_equal(m.about, "Lines of\ttext  ");
	assert_string_equal(m.group, "net");
	assert_int_equal(m.count, 3);
	assert_string_equal(m.entries[0].words[1], "/b/*");
	assert_null(m.entries[0].words[2]);
	assert_int_equal(m.entries[0].max, 256 << 10);
	assert_false(m.entries[0].tail);
	assert_true(m.entries[1].tail);
	assert_int_equal(m.entries[1].max, 1 << 20);
	assert_int_equal(m.entries[2].kind, MANIFEST_EXEC);
	assert_int_equal(m.entries[2].timeout, 7);
	assert_string_equal(m.entries[2].name, "out.txt");
	assert_string_equal(m.entries[2].words[2], "b");
	assert_string_equal(m.refuse[1], "/s");
	assert_null(m.refuse[2]);
	assert_string_equal(m.secret[1], "other");
	manifest_free(&m);
}

static const struct {
	const char *text, *complaint;
} wrong[] = {
	{ "\nfetch /a\n", "x.mfx:2: unknown word 'fetch'" },
	{ "copy", "x.mfx:1: nothing follows 'copy'" },
	{ "copy a", "x.mfx:1: not an absolute path: 'a'" },
	{ "copy /a/../b", "x.mfx:1: not an absolute path: '/a/../b'" },
	{ "copy head=0 /a", "x.mfx:1: no size, or more than there may be: '0'" },
	{ "copy tail=1G /a", "x.mfx:1: no size, or more than there may be: '1G'" },
	{ "exec 0 1K n /a", "x.mfx:1: no number of seconds from 1 to 120: '0'" },
	{ "exec 1s 1K n /a", "x.mfx:1: no number of seconds from 1 to 120: '1s'" },
	{ "exec", "x.mfx:1: no number of seconds from 1 to 120: ''" },
	{ "exec 1", "x.mfx:1: no size, or more than there may be: ''" },
	{ "exec 1 1K", "x.mfx:1: no name for a file: ''" },
	{ "exec 1 1K ../x /a", "x.mfx:1: no name for a file: '../x'" },
	{ "exec 1 1K n", "x.mfx:1: nothing follows 'exec'" },
	{ "exec 1 1K n sh", "x.mfx:1: not an absolute path: 'sh'" },
	{ "group", "x.mfx:1: no name of a group: ''" },
	{ "group a b", "x.mfx:1: no name of a group: 'a'" },
	{ "secret", "x.mfx:1: nothing follows 'secret'" },
};

static void mistakes_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct err e = ERR_INIT;
		struct manifest m;

		assert_int_equal(manifest_parse(&m, "x", wrong[i].text, &e), -1);
		assert_int_equal(e.kind, ERR_INVALID);
		assert_string_equal(e.text, wrong[i].complaint);
	}
}

static void there_is_a_limit(void **state)
{
	char text[MANIFEST_ENTRIES * 8 + 16] = "";
	struct err e = ERR_INIT;
	struct manifest m;

	(void)state;
	for (int i = 0; i <= MANIFEST_ENTRIES; i++)
		strcat(text, "copy /a\n");
	assert_int_equal(manifest_parse(&m, "x", text, &e), -1);
	assert_string_equal(e.text, "x.mfx:129: more entries than there may be");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_manifest_is_understood),
		cmocka_unit_test(mistakes_are_told),
		cmocka_unit_test(there_is_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
