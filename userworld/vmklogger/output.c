// SPDX-License-Identifier: Apache-2.0
#include "source.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define READS 8 /* before others get their turn */

static void line_done(const struct output_source *o, size_t len, struct sink *s)
{
	static struct record r;

	output_parse(o->line, len, &r);
	if (!r.text[0])
		return;
	r.uptime = uptime_now();
	r.world = o->world;
	r.cpu = cpu_of(o->world);
	strcpy(r.component, o->component);
	sink_put(s, &r);
}

/* Takes whole lines off the front; one that is longer than the buffer is cut in pieces. */
static void take_lines(struct output_source *o, struct sink *s)
{
	char *start = o->line, *end;
	size_t left = o->have;

	while ((end = memchr(start, '\n', left))) {
		size_t len = (size_t)(end - start);

		memmove(o->line, start, left);
		line_done(o, len, s);
		start = o->line + len + 1;
		left -= len + 1;
	}
	memmove(o->line, start, left);
	o->have = left;
	if (o->have == TEXT_MAX) {
		line_done(o, o->have, s);
		o->have = 0;
	}
}

int output_read(struct output_source *o, struct sink *s)
{
	for (int i = 0; i < READS; i++) {
		ssize_t n = read(o->fd, o->line + o->have, TEXT_MAX - o->have);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return 0;
		if (n <= 0) {
			line_done(o, o->have, s);
			return -1;
		}
		o->have += (size_t)n;
		take_lines(o, s);
	}
	return 0;
}
