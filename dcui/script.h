/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys from a file instead of a person.
 *
 *	# a comment, to the end of the line, only at the beginning of one
 *	<F2>secret<Enter> <Down><Down>
 *	<Wait 600> <Size 132x43> <Refresh>
 *
 * Characters stand for themselves; newlines, and blanks at the beginning and
 * end of a line or between two names in angle brackets, for nothing: write
 * <Space>, and <Less> for the character "<". <Wait N> lets N seconds pass,
 * <Size COLSxROWS> changes the terminal's size, <Refresh> looks at the host.
 */
#ifndef DCUI_SCRIPT_H
#define DCUI_SCRIPT_H

#include "dcui/driver.h"

enum token_kind { TOKEN_END, TOKEN_KEY, TOKEN_WAIT, TOKEN_SIZE, TOKEN_REFRESH };

struct token {
	enum token_kind kind;
	struct key key;
	unsigned int seconds;
	int rows, cols;
};

struct script {
	const char *start, *at;
};

/* Takes the next token; ERR_INVALID names what it cannot read. */
int script_next(struct script *s, struct token *token, struct err *e);

/* Feeds a whole script. */
int script_run(const char *text, struct driver *d, struct err *e);

/* "80x25" */
int script_size(const char *text, int *rows, int *cols);

#endif
