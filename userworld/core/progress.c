// SPDX-License-Identifier: Apache-2.0
/* How far an operation is, for whoever wants to know. */
#include <stdatomic.h>

#include "human.h"
#include "internal.h"

static void (*listener)(unsigned int percent);

/* What is measured now is this part of the whole, in percent of it. */
static unsigned int from, to = 100;

static uint64_t expected; /* bytes; 0: nobody counts */
static atomic_ullong done;
static atomic_uint told; /* percent of the part */

void core_on_progress(void (*fn)(unsigned int percent))
{
	listener = fn;
	core_progress_part(0, 100);
}

void core_progress_part(unsigned int first, unsigned int last)
{
	from = first;
	to = last;
	expected = 0;
	atomic_store(&told, 0);
}

void core_progress_rest(void)
{
	core_progress_part(from + atomic_load(&told) * (to - from) / 100, 100);
}

void core_progress(unsigned int percent)
{
	atomic_store(&told, percent);
	if (listener)
		listener(from + percent * (to - from) / 100);
}

void core_progress_expect(uint64_t bytes)
{
	expected = bytes;
	atomic_store(&done, 0);
	core_progress(0);
}

/* Each percent is told by one thread, whichever gets there. */
void core_progress_bytes(uint64_t n)
{
	unsigned int percent, last;

	if (!expected)
		return;
	percent = human_percent(atomic_fetch_add(&done, n) + n, expected);
	last = atomic_load(&told);
	while (percent > last)
		if (atomic_compare_exchange_weak(&told, &last, percent)) {
			core_progress(percent);
			return;
		}
}
