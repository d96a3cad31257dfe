/* SPDX-License-Identifier: Apache-2.0 */
/* Completion of names: programs for the first word, else files. */
#ifndef TSM_COMPLETE_H
#define TSM_COMPLETE_H

#include <stddef.h>

#define COMPLETE_LIST 4096

/*
 * line up to its cursor; names without '/' at the start are in cwd. What can be
 * added for sure goes to add (with a final '/' or blank if the name is complete),
 * all possible names to list, with two blanks between. Returns how many there are.
 */
int complete(const char *line, const char *cwd, const char *path, char *add, size_t add_size,
	     char list[static COMPLETE_LIST]);

#endif
