// SPDX-License-Identifier: Apache-2.0
#include "tests/powercut/journal.h"

#include <stdlib.h>
#include <string.h>

struct journal_old {
	uint64_t at;
	uint8_t data[JOURNAL_SECTOR];
};

static void put(struct journal *j, uint64_t at, const uint8_t *data)
{
	if (j->changes)
		j->changes(j, at, data);
	memcpy(j->bytes + at, data, JOURNAL_SECTOR);
}

void journal_set(struct journal *j, uint64_t at, const uint8_t *data)
{
	struct journal_old *old;

	if (j->count == j->room) {
		j->room = j->room ? j->room * 2 : 256;
		j->old = reallocarray(j->old, j->room, sizeof(*j->old));
		if (!j->old)
			abort();
	}
	old = &j->old[j->count++];
	old->at = at;
	memcpy(old->data, j->bytes + at, JOURNAL_SECTOR);
	put(j, at, data);
}

void journal_write(struct journal *j, uint64_t at, const void *data, size_t len)
{
	uint8_t sector[JOURNAL_SECTOR];
	const uint8_t *from = data;

	while (len > 0) {
		size_t skip = at % JOURNAL_SECTOR;
		size_t n = len < JOURNAL_SECTOR - skip ? len : JOURNAL_SECTOR - skip;

		memcpy(sector, j->bytes + at - skip, JOURNAL_SECTOR);
		memcpy(sector + skip, from, n);
		journal_set(j, at - skip, sector);
		from += n;
		at += n;
		len -= n;
	}
}

void journal_back(struct journal *j, size_t to)
{
	while (j->count > to) {
		struct journal_old *old = &j->old[--j->count];

		put(j, old->at, old->data);
	}
}

void journal_clear(struct journal *j)
{
	free(j->old);
	j->old = NULL;
	j->count = 0;
	j->room = 0;
}
