// SPDX-License-Identifier: Apache-2.0
#include "conf_edit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool line_has(const char *line, const char *key)
{
	size_t len = strlen(key);

	line += strspn(line, " \t");
	if (strncmp(line, key, len))
		return false;
	line += len;
	return line[strspn(line, " \t")] == '=';
}

char *conf_edit(const char *text, const char *key, const char *value)
{
	bool done = !value;
	size_t size = 0;
	char *out = NULL;
	FILE *f = open_memstream(&out, &size);

	if (!f)
		return NULL;
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (!line_has(text, key)) {
			fprintf(f, "%.*s\n", (int)len, text);
		} else if (!done) {
			fprintf(f, "%s = %s\n", key, value);
			done = true;
		}
		text += len + (text[len] == '\n');
	}
	if (!done)
		fprintf(f, "%s = %s\n", key, value);
	if (fclose(f) == 0)
		return out;
	free(out);
	return NULL;
}
