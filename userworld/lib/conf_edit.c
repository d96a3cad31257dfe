// SPDX-License-Identifier: Apache-2.0
#include "conf_edit.h"

#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "line_edit.h"

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
	_cleanup_free_ char *line = NULL;

	if (value && asprintf(&line, "%s = %s", key, value) < 0) {
		line = NULL;
		return NULL;
	}
	return line_edit(text, line_has, key, line);
}
