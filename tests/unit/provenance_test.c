// SPDX-License-Identifier: Apache-2.0
/* Mappings of code, and what to think of them. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/core/trust/provenance_map.h"

static const char maps[] =
	"00400000-00401000 r-xp 00000000 00:15 16              /opt/static\n"
	"55d0c0000000-55d0c0001000 r--p 00000000 00:15 17      /usr/bin/a b\n"
	"55d0c0001000-55d0c0002000 r-xp 00001000 00:15 17      /usr/bin/a b\n"
	"55d0c0002000-55d0c0003000 r-xp 00002000 00:15 17      /usr/bin/a b\n"
	"55d0c0003000-55d0c0004000 rw-p 00000000 00:00 0       [heap]\n"
	"7f0000000000-7f0000001000 rwxp 00000000 00:00 0 \n"
	"7f0000002000-7f0000003000 r-xp 00000000 00:15 18      /usr/lib/old.so (deleted)\n"
	"7ffc00000000-7ffc00001000 r-xp 00000000 00:00 0       [vdso]\n"
	"odd line\n"
	"ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]";

static void parse(void **state)
{
	struct code_map *list;
	size_t n;

	(void)state;
	assert_int_equal(code_maps_parse(maps, &list, &n, NULL), 0);
	assert_int_equal(n, 4);
	assert_string_equal(list[0].path, "/opt/static");
	assert_string_equal(list[0].range, "400000-401000");
	assert_string_equal(list[1].path, "/usr/bin/a b");
	assert_string_equal(list[1].range, "55d0c0001000-55d0c0002000");
	assert_string_equal(list[2].path, "");
	assert_string_equal(list[3].path, "/usr/lib/old.so");
	free(list);
	assert_int_equal(code_maps_parse("", &list, &n, NULL), 0);
	assert_int_equal(n, 0);
	free(list);
}

static const char *judge(struct code_facts f)
{
	return code_status_name(code_judge(&f));
}

static void verdicts(void **state)
{
	(void)state;
#define GOOD .file = true, .visorfs = true, .tardisk = true
	assert_string_equal(judge((struct code_facts){ 0 }), "anonymous");
	assert_string_equal(judge((struct code_facts){ .file = true }), "foreign");
	assert_string_equal(judge((struct code_facts){ .file = true, .visorfs = true }), "removed");
	assert_string_equal(
		judge((struct code_facts){ .file = true, .visorfs = true, .current = true }),
		"changed");
	assert_string_equal(judge((struct code_facts){ GOOD, .changed = true, .attached = true,
						       .current = true, .trusted = true }),
			    "changed");
	assert_string_equal(judge((struct code_facts){ GOOD, .trusted = true }), "removed");
	assert_string_equal(judge((struct code_facts){ GOOD, .attached = true, .current = true }),
			    "revoked");
	assert_string_equal(judge((struct code_facts){ GOOD, .attached = true, .trusted = true }),
			    "replaced");
	assert_string_equal(judge((struct code_facts){ GOOD, .attached = true, .current = true,
						       .trusted = true }),
			    "installed");
	assert_true(code_status_is_clean("installed"));
	assert_false(code_status_is_clean("revoked"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(parse),
		cmocka_unit_test(verdicts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
