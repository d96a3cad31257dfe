/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of a log that has been read. */
#ifndef DCUI_LINES_H
#define DCUI_LINES_H

#include <jansson.h>

struct lines {
	char *text;	   /* all lines, each with its final zero */
	const char **line; /* into text */
	int count;
};

/* Replaces the lines by an array of strings. No memory: the old ones stay, returns -1. */
int lines_load(struct lines *l, const json_t *array);

void lines_free(struct lines *l);

/*
 * First line with the text in it, letters of both cases alike, from line
 * "from" on in steps of 1 or -1, wrapping around once. -1 if there is none.
 */
int lines_find(const struct lines *l, const char *pattern, int from, int step);

/* Where pattern begins in a line, or NULL. */
const char *lines_match(const char *line, const char *pattern);

#endif
