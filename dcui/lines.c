// SPDX-License-Identifier: Apache-2.0
/* Lines in one block of memory, and a search through them. */
#include "dcui/lines.h"

#include "cleanup.h"

#include <stdlib.h>
#include <string.h>

int lines_load(struct lines *l, const json_t *array)
{
	size_t count = json_array_size(array), bytes = 0, used = 0, i;
	_cleanup_free_ const char **line = NULL;
	_cleanup_free_ char *text = NULL;
	const json_t *item;

	json_array_foreach (array, i, item)
		bytes += json_string_length(item) + 1;
	line = calloc(count + 1, sizeof(*line));
	text = malloc(bytes + 1);
	if (!line || !text)
		return -1;
	json_array_foreach (array, i, item) {
		const char *s = json_string_value(item);
		size_t len = s ? strlen(s) + 1 : 1;

		line[i] = memcpy(text + used, s ? s : "", len);
		used += len;
	}
	lines_free(l);
	l->text = TAKE_PTR(text);
	l->line = TAKE_PTR(line);
	l->count = (int)count;
	return 0;
}

void lines_free(struct lines *l)
{
	free(l->text);
	free(l->line);
	*l = (struct lines){ 0 };
}

const char *lines_match(const char *line, const char *pattern)
{
	return *pattern ? strcasestr(line, pattern) : NULL;
}

int lines_find(const struct lines *l, const char *pattern, int from, int step)
{
	for (int i = 0; i < l->count; i++) {
		int at = (from + i * step) % l->count;

		if (at < 0)
			at += l->count;
		if (lines_match(l->line[at], pattern))
			return at;
	}
	return -1;
}
