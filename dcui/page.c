// SPDX-License-Identifier: Apache-2.0
/* Scrolling text. */
#include "dcui/page.h"
#include "dcui/field.h"
#include "dcui/text.h"

#include <stdarg.h>
#include <stdio.h>

#define GAUGE_WIDTH 16

static bool vadd(struct page *p, enum style style, const char *fmt, va_list ap)
{
	if (p->count == PAGE_LINES)
		return false;
	vsnprintf(p->line[p->count].text, sizeof(p->line[0].text), fmt, ap);
	p->line[p->count].style = (uint8_t)style;
	p->line[p->count].label = 0;
	p->line[p->count].percent = -1;
	p->count++;
	return true;
}

void page_add(struct page *p, enum style style, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vadd(p, style, fmt, ap);
	va_end(ap);
}

void page_value(struct page *p, const char *label, const char *fmt, ...)
{
	char value[128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof(value), fmt, ap);
	va_end(ap);
	page_add(p, STYLE_BODY, "%-*s%s", PAGE_LABEL, label, value[0] ? value : "-");
	if (p->count)
		p->line[p->count - 1].label = PAGE_LABEL;
}

void page_wrapped(struct page *p, enum style style, int width, const char *text)
{
	while (*text) {
		const char *next;
		size_t len = text_wrap(text, width, &next);

		page_add(p, style, "%.*s", (int)len, text);
		text = next;
	}
}

void page_gauge(struct page *p, unsigned int percent, bool bad, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (vadd(p, bad ? STYLE_BAD : STYLE_BODY, fmt, ap))
		p->line[p->count - 1].percent = (int)percent;
	va_end(ap);
}

void page_draw(const struct page *p, struct grid *g, struct rect r, int top)
{
	if (top > p->count - r.rows)
		top = p->count - r.rows;
	if (top < 0)
		top = 0;
	for (int i = 0; i < r.rows && top + i < p->count; i++) {
		enum style style = p->line[top + i].style;
		int percent = p->line[top + i].percent;
		int used;

		used = draw_text(g, r.row + i, r.col, r.cols, style, p->line[top + i].text);
		grid_restyle(g, r.row + i, r.col, p->line[top + i].label, STYLE_DIM);
		if (percent >= 0 && used + GAUGE_WIDTH + 2 < r.cols)
			draw_gauge(g, r.row + i, r.col + used + 2, GAUGE_WIDTH,
				   (unsigned int)percent, style == STYLE_BAD);
	}
	draw_more(g, r, top > 0, top + r.rows < p->count);
}

bool page_handle(const struct page *p, struct key key, int visible, int *top)
{
	if (key_is(key, ' '))
		key.code = KEY_PAGE_DOWN;
	return scroll_handle(top, key, p->count, visible);
}
