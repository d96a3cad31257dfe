/* SPDX-License-Identifier: Apache-2.0 */
/* A file that appears under its name only when it is complete. */
#ifndef TARDISK_OUTPUT_H
#define TARDISK_OUTPUT_H

#include "err.h"

struct output {
	int fd;
	const char *path; /* "standard output" for NULL or "-" */
	char *temporary;  /* NULL for standard output */
};

/* path NULL or "-" is standard output, which must not be a terminal. path must outlive *o. */
int output_open(struct output *o, const char *path, struct err *e);

/* Puts the file in its place; on failure what was written is removed. */
int output_commit(struct output *o, struct err *e);

/* Removes what was written unless it was committed. */
void output_close(struct output *o);

#endif
