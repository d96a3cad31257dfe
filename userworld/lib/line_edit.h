/* SPDX-License-Identifier: Apache-2.0 */
/* Changes one line of a text, and leaves everything else as people wrote it. */
#ifndef VISOR_LINE_EDIT_H
#define VISOR_LINE_EDIT_H

#include <stdbool.h>

/* Is the line what is looked for? It ends at a newline or a NUL. */
typedef bool line_is_fn(const char *line, const char *what);

/*
 * The text with a line in place of the first that is what is looked for, or at the
 * end, and without further ones; without any if line is NULL. The line comes without
 * its newline. Allocated; NULL for lack of memory.
 */
char *line_edit(const char *text, line_is_fn *is, const char *what, const char *line);

#endif
