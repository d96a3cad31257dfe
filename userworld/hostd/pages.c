// SPDX-License-Identifier: Apache-2.0
/* Long lists in pages. */
#include "pages.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

json_t *pages_cut(json_t *rows, const struct page_cut *cut)
{
	size_t at = (size_t)(cut->page - 1) * cut->size;
	json_t *part = json_array();

	for (size_t i = 0; i < cut->size && at + i < cut->rows; i++)
		json_array_append(part, json_array_get(rows, at + i));
	return part;
}

static void add(const struct page_cut *cut, const char *path, char *out, size_t size,
		unsigned long page, const char *rel)
{
	size_t len = strlen(out);

	snprintf(out + len, size - len, "%s<%.900s?page=%lu&page_size=%u>; rel=\"%s\"",
		 len ? ", " : "", path, page, cut->size, rel);
}

void pages_links(const struct page_cut *cut, const char *path, char *out, size_t size)
{
	unsigned long last = (cut->rows + cut->size - 1) / cut->size;

	out[0] = '\0';
	if (last < 2)
		return;
	if (cut->page > 1) {
		add(cut, path, out, size, 1, "first");
		add(cut, path, out, size, cut->page > last ? last : cut->page - 1, "prev");
	}
	if (cut->page < last) {
		add(cut, path, out, size, cut->page + 1ul, "next");
		add(cut, path, out, size, last, "last");
	}
}

int pages_number(json_t *query, const char *name, unsigned int max, unsigned int *number,
		 struct err *e)
{
	const char *text = json_string_value(json_object_get(query, name));
	char *end;
	long value;

	if (!text)
		return 0;
	value = strtol(text, &end, 10);
	if (!*text || *end || value < 1 || value > (long)max)
		return err_set(e, ERR_USAGE, "%s must be a number from 1 to %u", name, max);
	*number = (unsigned int)value;
	json_object_del(query, name);
	return 0;
}
