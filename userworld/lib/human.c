// SPDX-License-Identifier: Apache-2.0
#include "human.h"

#include <inttypes.h>
#include <stdio.h>

const char *human_size(uint64_t bytes, char buf[static HUMAN_MAX])
{
	static const struct {
		uint64_t from;
		unsigned int shift;
		char unit;
	} units[] = {
		{ UINT64_C(10) << 30, 30, 'G' },
		{ 1 << 20, 20, 'M' },
		{ 1 << 10, 10, 'K' },
		{ 0, 0, 'B' },
	};
	unsigned int i = 0;

	while (bytes < units[i].from)
		i++;
	snprintf(buf, HUMAN_MAX, "%" PRIu64 "%c", bytes >> units[i].shift, units[i].unit);
	return buf;
}

unsigned int human_percent(uint64_t used, uint64_t total)
{
	if (!total)
		return 0;
	if (used >= total)
		return 100;
	return (unsigned int)((unsigned __int128)used * 100 / total);
}
