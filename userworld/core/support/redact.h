/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes secrets out of text that passes through, in pieces of any size. In their place stands
 * REDACT_MARK. It works by lines: of a line of more than REDACT_LINE bytes the rest is left out,
 * with the word that it cuts. Control characters become spaces.
 */
#ifndef VISOR_CORE_SUPPORT_REDACT_H
#define VISOR_CORE_SUPPORT_REDACT_H

#include <stdbool.h>
#include <stddef.h>

#define REDACT_LINE 8192
#define REDACT_MARK "<removed>"

/* Where it goes; anything but 0 ends it and is what redact_feed() returns. */
typedef int redact_sink(void *context, const char *text, size_t len);

struct redact {
	redact_sink *sink;
	void *context;
	const char *const *words; /* more words like secret_keys, SECRET_HAS; NULL: none */
	unsigned int removed;	  /* places */

	/* What began in a line before. */
	bool in_key;	    /* a private key in PEM form */
	bool continued;	    /* a value, by a backslash at the end of its line */
	char quote;	    /* a value in quotes; 0: none */
	unsigned int lines; /* of that value, up to now */
	int deeper;	    /* the lines below, as far as they are indented deeper; -1: none */

	bool overlong; /* the rest of this line is left out */
	size_t len;
	char line[REDACT_LINE];
	bool hide[REDACT_LINE]; /* that byte is part of a secret */
};

void redact_init(struct redact *r, const char *const *words, redact_sink *sink, void *context);
int redact_feed(struct redact *r, const char *data, size_t len);

/* The last line may have no newline, and gets none. */
int redact_end(struct redact *r);

#endif
