// SPDX-License-Identifier: Apache-2.0
/* What stage 0 has decided, as installs read it. */
#include <stdbool.h>
#include <string.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/visorfs/residency.h"

static void words(void **state)
{
	struct err e = ERR_INIT;
	bool compressed = false;

	(void)state;
	assert_int_equal(residency_parse("compressed", &compressed, &e), 0);
	assert_true(compressed);
	assert_int_equal(residency_parse("resident", &compressed, &e), 0);
	assert_false(compressed);
	compressed = true;
	assert_int_equal(residency_parse("", &compressed, &e), -1);
	assert_int_equal(residency_parse("compressed ", &compressed, &e), -1);
	assert_int_equal(e.kind, ERR_INVALID);
	assert_true(compressed);
}

static void file(void **state)
{
	(void)state;
	assert_false(residency_compressed());
	tree_write(RESIDENCY_FILE, "compressed\n", 0644);
	assert_true(residency_compressed());
	tree_write(RESIDENCY_FILE, "resident\n", 0644);
	assert_false(residency_compressed());
	/* Longer than any word: cut, so it is not one. */
	tree_write(RESIDENCY_FILE, "compressed, as always\n", 0644);
	assert_false(residency_compressed());
	tree_write(RESIDENCY_FILE, "", 0644);
	assert_false(residency_compressed());
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(file),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
