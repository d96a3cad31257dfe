// SPDX-License-Identifier: Apache-2.0
#include "ring.h"

#include <string.h>

typedef uint32_t length;

void ring_init(struct ring *r, char *space, size_t size, uint64_t first)
{
	*r = (struct ring){ .space = space, .size = size, .next = first, .oldest = first };
}

static void copy_in(struct ring *r, const void *data, size_t len)
{
	size_t at = r->head % r->size;
	size_t first = len < r->size - at ? len : r->size - at;

	memcpy(r->space + at, data, first);
	memcpy(r->space, (const char *)data + first, len - first);
	r->head += len;
}

static void copy_out(const struct ring *r, uint64_t from, void *data, size_t len)
{
	size_t at = from % r->size;
	size_t first = len < r->size - at ? len : r->size - at;

	memcpy(data, r->space + at, first);
	memcpy((char *)data + first, r->space, len - first);
}

static length length_at(const struct ring *r, uint64_t at)
{
	length n;

	copy_out(r, at, &n, sizeof(n));
	return n;
}

void ring_put(struct ring *r, const void *data, size_t len)
{
	length n = (length)len;

	while (r->tail != r->head && r->head - r->tail + sizeof(n) + len > r->size) {
		r->tail += sizeof(n) + length_at(r, r->tail);
		r->oldest++;
	}
	if (sizeof(n) + len > r->size) {
		r->oldest = ++r->next;
		return;
	}
	copy_in(r, &n, sizeof(n));
	copy_in(r, data, len);
	r->next++;
}

/* A reader behind the tail, or from another life of the ring, goes to the oldest. */
static void catch_up(const struct ring *r, struct ring_reader *reader)
{
	if (reader->number >= r->oldest && reader->number <= r->next && reader->at >= r->tail)
		return;
	if (reader->number && reader->number < r->oldest)
		reader->missed += r->oldest - reader->number;
	reader->at = r->tail;
	reader->number = r->oldest;
}

size_t ring_peek(const struct ring *r, struct ring_reader *reader, void *buf, size_t size,
		 uint64_t *number)
{
	length n;

	catch_up(r, reader);
	if (reader->at == r->head)
		return 0;
	n = length_at(r, reader->at);
	copy_out(r, reader->at + sizeof(n), buf, n < size ? n : size);
	*number = reader->number;
	return n < size ? n : size;
}

void ring_step(const struct ring *r, struct ring_reader *reader)
{
	catch_up(r, reader);
	if (reader->at == r->head)
		return;
	reader->at += sizeof(length) + length_at(r, reader->at);
	reader->number++;
}

uint64_t ring_left(const struct ring *r, const struct ring_reader *reader)
{
	return r->next - (reader->number > r->oldest ? reader->number : r->oldest);
}
