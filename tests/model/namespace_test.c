// SPDX-License-Identifier: GPL-2.0-only
/* Random operations on the namespace and its model; the same ones every time. */
#include <stdlib.h>

#include "model.h"
#include "tests/unit/unit.h"

#define RUNS 1000
#define LENGTH 1000

static void random_operations(void **state)
{
	static uint8_t bytes[LENGTH];
	unsigned int operations = 0;
	uint64_t z = 88172645463325252ull;

	(void)state;
	for (int run = 0; run < RUNS; run++) {
		for (size_t i = 0; i < sizeof(bytes); i++) {
			z ^= z << 13;
			z ^= z >> 7;
			z ^= z << 17;
			bytes[i] = (uint8_t)(z >> 32);
		}
		operations += model_run(bytes, sizeof(bytes));
	}
	assert_true(operations > RUNS * 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(random_operations) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
