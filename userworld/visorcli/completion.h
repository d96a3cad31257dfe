/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Completion of command lines on the machine of whoever types them. The script of a shell knows
 * nothing: it asks "visorcli __complete WORDS...", whose last word is the one to be completed (it
 * may be empty) and which prints a line for each way to go on: the whole word, and after a tab
 * what it is. ":files" stands for files of this machine; a word that ends with "=" goes on.
 */
#ifndef VISORCLI_COMPLETION_H
#define VISORCLI_COMPLETION_H

#include "cli.h"

/* NULL for a shell that is none of bash, zsh and fish. */
const char *completion_script(const char *shell);

/*
 * Prints candidates for the last of argc words. Names are asked for with ask, which may be NULL:
 * then there are none. local: files of this machine are those that the command means.
 */
void complete_words(cli_transport *ask, bool local, int argc, char **argv, FILE *out);

struct completion {
	const struct cli_command *command;
	cli_transport *ask;
	bool local;
};

/* Values of an option that begin with value, each with lead ("--name=") before it. */
void complete_value(const struct completion *c, const struct cli_option *o, const char *lead,
		    const char *value, FILE *out);

bool completion_begins(const char *text, const char *with);

/* Options before the first namespace, if current begins with "-". */
void complete_globals(const char *current, FILE *out);

#endif
