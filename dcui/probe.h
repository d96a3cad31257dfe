/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is at the other end of a serial line? Nobody says; so the console asks:
 * where the cursor is after a character of two bytes (UTF-8 or not), where it
 * ends up when sent far away (the size), and what the terminal is (any answer
 * at all). Emulators answer within milliseconds; what does not answer is
 * taken for a plain vt100 of 80x24.
 */
#ifndef DCUI_PROBE_H
#define DCUI_PROBE_H

#include <stdbool.h>
#include <stddef.h>

struct probe {
	bool answered;
	bool utf8;
	int rows, cols; /* 0: not told */
};

/* What is sent to the terminal. */
extern const char probe_question[];

/* Reads an answer from all bytes that came. True when it is complete. */
bool probe_parse(const char *bytes, size_t len, struct probe *p);

/* Asks on a terminal in raw mode and waits at most "milliseconds" for the answer. */
struct probe probe_terminal(int fd, int milliseconds);

#endif
