// SPDX-License-Identifier: Apache-2.0
/* One value of a result as text. */
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "format.h"

static char *join(json_t *list)
{
	size_t size = 0;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);
	json_t *item;
	size_t i;

	if (!out)
		return NULL;
	json_array_foreach (list, i, item)
		fprintf(out, "%s%s", i ? ", " : "", json_string_value(item) ?: "");
	return fclose(out) == 0 ? text : NULL;
}

static char *number(json_t *value, const char *unit, json_int_t divisor)
{
	char *text;

	if (!json_is_number(value))
		return strdup("");
	if (asprintf(&text, "%" JSON_INTEGER_FORMAT "%s",
		     (json_int_t)json_number_value(value) / divisor, unit) < 0)
		return NULL;
	return text;
}

char *format_value(const struct cli_column *column, json_t *row)
{
	json_t *value = json_object_get(row, column->key);

	switch (column->kind & ~CLI_OPTIONAL) {
	case CLI_STRING:
		return strdup(json_string_value(value) ?: "");
	case CLI_BOOLEAN:
		return strdup(!value ? "" : json_is_true(value) ? "true" : "false");
	case CLI_INTEGER:
		return number(value, "", 1);
	case CLI_KIB:
		return number(value, " KiB", 1024);
	case CLI_PERCENT:
		return number(value, " %", 1);
	case CLI_LIST:
		return join(value);
	}
	return NULL;
}

bool format_is_absent(const struct cli_column *column, const json_t *row)
{
	return (column->kind & CLI_OPTIONAL) && !json_object_get(row, column->key);
}
