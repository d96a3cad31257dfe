/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time of what is measured. Under QEMU's -icount shift=0 a nanosecond of the guest's
 * clock is one instruction, of whoever executes it; elsewhere it is a nanosecond.
 */
#ifndef BENCH_SPAN_H
#define BENCH_SPAN_H

#include <stdint.h>

uint64_t span_now(void);

/*
 * Starts and ends what is measured; both also mark it for insncount.c. end() returns the
 * nanoseconds since begin().
 */
uint64_t span_begin(void);
uint64_t span_end(uint64_t begin);

/* Prints "LABEL ITEMS NANOSECONDS". */
void span_print(const char *label, uint64_t items, uint64_t ns);

/* Says what failed, with errno, and ends the program. */
_Noreturn void fail(const char *what);

#endif
