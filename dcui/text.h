/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 in and out, and the rule of one cell per character: what would take
 * no column or two of them, control characters and bytes that are not UTF-8
 * come out as a question mark or a blank, so that no log line can move the
 * cursor or break the layout.
 */
#ifndef DCUI_TEXT_H
#define DCUI_TEXT_H

#include <stddef.h>
#include <stdint.h>

#define TEXT_UTF8_MAX 4

/* Takes one character off *s (not at its end), moves *s on, returns what to show for it. */
uint32_t text_decode(const char **s);

/* Writes ch as UTF-8, no final zero; returns the number of bytes, 1 to 4. */
size_t text_encode(uint32_t ch, char out[static TEXT_UTF8_MAX]);

/* Cells a text takes. */
int text_width(const char *s);

/* Byte offset of cell "cells", or of the end if the text is shorter. */
size_t text_offset(const char *s, int cells);

/*
 * Word wrap: the number of bytes of s that go on a line of "width" cells (at
 * least one character, so that a caller always gets on). *next is where the
 * next line starts, blanks skipped; *next points to the final zero at the end.
 * A newline ends a line.
 */
size_t text_wrap(const char *s, int width, const char **next);

/* True if ch may stand in a cell as it is. */
int text_printable(uint32_t ch);

/* Human size with binary units, as "31.4 MiB"; returns buf. */
const char *text_size(uint64_t bytes, char *buf, size_t len);

/* "3 days 04:12", "4 h 12 min" or "12 min"; returns buf. */
const char *text_uptime(uint64_t seconds, char *buf, size_t len);

#endif
