/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who says that he has changed something: operations of libcore tell stated, and what is saved
 * next has it in its header. Changes of others, such as an editor's, have nobody.
 */
#ifndef STATED_NOTE_H
#define STATED_NOTE_H

#include "userworld/state/header.h"

struct note {
	char who[STATE_WHO_MAX + 1];
	char what[STATE_WHY_MAX + 1]; /* "system.hostname.set: ": the changed files follow */
};

/* Several in one save are joined, as far as there is room. */
void note_add(struct note *n, const char *who, const char *what);
void note_clear(struct note *n);

#endif
