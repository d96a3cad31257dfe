/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel keeps of its log when it dies, in the pieces in which pstore gives it. Pure. */
#ifndef VISOR_CORE_PANIC_RECORD_H
#define VISOR_CORE_PANIC_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#define PANIC_KIND_MAX 16
#define PANIC_REASON_MAX 160

struct panic_part {
	char kind[PANIC_KIND_MAX]; /* "panic", "oops" */
	unsigned int count;	   /* of the dumps of that run of the kernel: parts of one agree */
	unsigned int part;	   /* 1 is the end of the log, 2 is what stands before it */
	time_t time;
	const char *text; /* behind the line "Panic#1 Part1" */
	size_t len;
};

/* From the content of a file of pstore; false if that is none of these. The time is the caller's.
 */
bool panic_parse(const char *data, size_t len, struct panic_part *p);

/* Are they of one dump? */
bool panic_same(const struct panic_part *a, const struct panic_part *b);

/* For qsort(3): those of one dump together, in the order of their lines. */
int panic_compare(const void *a, const void *b);

/* Why it died, from its lines: "Fatal exception"; "unknown" if they do not say. */
void panic_reason(const char *text, char reason[static PANIC_REASON_MAX]);

#endif
