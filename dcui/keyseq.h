/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the bytes a terminal sends to keys, without asking which terminal it
 * is: the sequences of linux, vt100, vt220 and xterm do not contradict each
 * other, and on a serial line what TERM says is often wrong.
 *
 * Where function keys do not get through, Esc and a plain key stand for them:
 * Esc 1 .. Esc 9 are F1 .. F9, Esc 0 is F10, Esc ! or Esc - is F11, Esc @ or
 * Esc = is F12. Esc alone is known only when nothing follows in time; Esc
 * twice needs no waiting. Sequences that mean no key are swallowed whole.
 */
#ifndef DCUI_KEYSEQ_H
#define DCUI_KEYSEQ_H

#include "dcui/key.h"

#include <stdbool.h>

#define KEYSEQ_MAX 32 /* bytes of a sequence; what is longer is dropped to its end */

struct keyseq {
	unsigned char buf[KEYSEQ_MAX];
	size_t len;
};

/* Takes one byte. Returns the number of keys it completed: 0, 1, or 2 (Esc and that byte). */
int keyseq_feed(struct keyseq *s, unsigned char byte, struct key keys[static 2]);

/* A sequence has begun: call keyseq_expire() if no byte comes in time. */
bool keyseq_pending(const struct keyseq *s);

/* Time is up. Returns 1 if what came so far is a key (Esc), else drops it and returns 0. */
int keyseq_expire(struct keyseq *s, struct key *key);

#endif
