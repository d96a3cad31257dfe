// SPDX-License-Identifier: Apache-2.0
#include "line_edit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *line_edit(const char *text, line_is_fn *is, const char *what, const char *line)
{
	size_t size = 0;
	char *out = NULL;
	FILE *f = open_memstream(&out, &size);

	if (!f)
		return NULL;
	while (*text) {
		size_t len = strcspn(text, "\n");

		if (!is(text, what)) {
			fprintf(f, "%.*s\n", (int)len, text);
		} else if (line) {
			fprintf(f, "%s\n", line);
			line = NULL;
		}
		text += len + (text[len] == '\n');
	}
	if (line)
		fprintf(f, "%s\n", line);
	if (fclose(f) == 0)
		return out;
	free(out);
	return NULL;
}
