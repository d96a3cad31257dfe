// SPDX-License-Identifier: Apache-2.0
/* Insertion into a short list that is in order. */
#include "biggest.h"

#include <stdlib.h>
#include <string.h>

static bool before(const struct big_file *a, const struct big_file *b)
{
	return a->bytes != b->bytes ? a->bytes > b->bytes : strcmp(a->path, b->path) < 0;
}

bool biggest_add(struct biggest *b, const struct big_file *file)
{
	size_t at = b->count;
	char *path;

	while (at > 0 && before(file, &b->file[at - 1]))
		at--;
	if (at == b->limit)
		return true;
	path = strdup(file->path);
	if (!path)
		return false;
	if (b->count == b->limit)
		free(b->file[--b->count].path);
	memmove(&b->file[at + 1], &b->file[at], (b->count - at) * sizeof(b->file[0]));
	b->file[at] = *file;
	b->file[at].path = path;
	b->count++;
	return true;
}

void biggest_free(struct biggest *b)
{
	while (b->count)
		free(b->file[--b->count].path);
}
