// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/vdf/table.h"

#define KIB UINT64_C(1024)
#define MIB (KIB * 1024)

static const struct vfs_tardisk tardisks[] = {
	{ .name = "base.v00", .size = 17780 * KIB, .memory = 17821 * KIB },
	{ .name = "drivers.v00", .size = 149 * MIB + 5, .memory = 62 * MIB },
};
static const struct vfs_ramdisk ramdisks[] = {
	{ .name = "root", .max_bytes = 32 * MIB, .used_bytes = 22 * MIB + 500 * KIB },
	{ .name = "tmp", .max_bytes = 256 * MIB, .used_bytes = 68 * KIB },
	{ .name = "hostdstats", .max_bytes = 1803 * MIB, .used_bytes = 1803 * MIB },
	{ .name = "opt", .max_bytes = 32 * MIB },
};

static void expect(bool human, const char *want)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	print_tardisks(out, tardisks, 2, human);
	print_ramdisks(out, ramdisks, 4, human);
	fclose(out);
	assert_string_equal(text, want);
	free(text);
}

static void units(void **state)
{
	(void)state;
	expect(true, "Tardisk      Space  Used\n"
		     "base.v00       17M   17M\n"
		     "drivers.v00   149M   62M\n"
		     "Ramdisk      Size   Used  Available  Use%  Mounted on\n"
		     "root          32M    22M         9M   70%  --\n"
		     "tmp          256M    68K       255M    0%  --\n"
		     "hostdstats  1803M  1803M         0B  100%  --\n"
		     "opt           32M     0B        32M    0%  --\n");
}

static void kib(void **state)
{
	(void)state;
	expect(false, "Tardisk       Space   Used\n"
		      "base.v00      17780  17821\n"
		      "drivers.v00  152576  63488\n"
		      "Ramdisk        Size     Used  Available  Use%  Mounted on\n"
		      "root          32768    23028       9740   70%  --\n"
		      "tmp          262144       68     262076    0%  --\n"
		      "hostdstats  1846272  1846272          0  100%  --\n"
		      "opt           32768        0      32768    0%  --\n");
}

static void nothing(void **state)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	(void)state;
	print_tardisks(out, NULL, 0, true);
	fclose(out);
	assert_string_equal(text, "Tardisk  Space  Used\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(units),
		cmocka_unit_test(kib),
		cmocka_unit_test(nothing),
	};

	return cmocka_run_group_tests_name("vdf", tests, NULL, NULL);
}
