/* SPDX-License-Identifier: Apache-2.0 */
/* Text of many lines that scrolls: a screen fills it, page_draw() shows a part. */
#ifndef DCUI_PAGE_H
#define DCUI_PAGE_H

#include "dcui/draw.h"
#include "dcui/key.h"

#define PAGE_LINES 192
#define PAGE_LABEL 20 /* cells for the label of page_value() */

struct page {
	int count;
	struct {
		char text[160];
		uint8_t style;
		int label;   /* cells at the start that are drawn dim */
		int percent; /* -1: no gauge */
	} line[PAGE_LINES];
};

void page_add(struct page *p, enum style style, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* "Label    value"; an empty value shows as "-". */
void page_value(struct page *p, const char *label, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Several lines, broken between words. */
void page_wrapped(struct page *p, enum style style, int width, const char *text);

/* A line of a table with a gauge at its end. */
void page_gauge(struct page *p, unsigned int percent, bool bad, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

void page_draw(const struct page *p, struct grid *g, struct rect r, int top);

/* True if the key scrolled. */
bool page_handle(const struct page *p, struct key key, int visible, int *top);

#endif
