/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line as a person types it: moving, deleting, history. Pure: keys go in, what
 * the terminal is to show comes out.
 */
#ifndef TSM_EDIT_H
#define TSM_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#define EDIT_LINE_MAX 1023 /* bytes */
#define EDIT_PROMPT_MAX 255
#define EDIT_HISTORY 64

struct screen {
	char data[8192]; /* what is too much is left out */
	size_t len;
};

void screen_put(struct screen *s, const char *data, size_t len);
void screen_puts(struct screen *s, const char *text);

struct edit {
	char line[EDIT_LINE_MAX + 1];
	size_t len, at;			  /* bytes in it, place of the cursor */
	char prompt[EDIT_PROMPT_MAX + 1]; /* what stands before it on the screen's line */
	unsigned int cols;		  /* of the terminal */
	char history[EDIT_HISTORY][EDIT_LINE_MAX + 1];
	unsigned int past, back; /* lines in the history; how far up the user is */
	char escape[8];		 /* a key's bytes so far */
	size_t escape_len;
};

enum edit_result {
	EDIT_GOES_ON,
	EDIT_DONE,    /* the line is complete: take it, then edit_next() */
	EDIT_CONTROL, /* a key for the program: interrupt, suspend, end of file */
	EDIT_COMPLETE /* the tabulator */
};

/* One byte of a key. */
enum edit_result edit_key(struct edit *e, unsigned char key, struct screen *out);

/* Forgets the line; keep puts it into the history. */
void edit_next(struct edit *e, bool keep);

void edit_insert(struct edit *e, const char *text, struct screen *out);

/* What a program has written: the line is put behind it again. */
void edit_output(struct edit *e, const char *data, size_t len, struct screen *out);

/* Shows prompt and line anew. */
void edit_show(const struct edit *e, struct screen *out);

#endif
