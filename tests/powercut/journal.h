/* SPDX-License-Identifier: Apache-2.0 */
/* The bytes of a disk that are changed by sectors, and changed back. */
#ifndef TESTS_POWERCUT_JOURNAL_H
#define TESTS_POWERCUT_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

#define JOURNAL_SECTOR 512

struct journal {
	uint8_t *bytes; /* the caller's */
	/* NULL, or what is called before a sector changes, back too; j is the caller's to look at
	 */
	void (*changes)(struct journal *j, uint64_t at, const uint8_t *data);
	struct journal_old *old;
	size_t count, room;
};

/* A sector, at a multiple of its size. */
void journal_set(struct journal *j, uint64_t at, const uint8_t *data);

/* Any bytes: what they do not fill of their sectors stays. */
void journal_write(struct journal *j, uint64_t at, const void *data, size_t len);

/* Undoes what was done since the journal had so many sectors (j->count then). */
void journal_back(struct journal *j, size_t to);

void journal_clear(struct journal *j);

#endif
