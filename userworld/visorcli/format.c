// SPDX-License-Identifier: Apache-2.0
/* Results as text: which formatter, and the simple ones. */
#include "format.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

static int nomem(struct err *e)
{
	return err_set(e, ERR_NO_SPACE, "out of memory");
}

bool format_known(const char *name)
{
	return !strcmp(name, "table") || !strcmp(name, "keyvalue") || !strcmp(name, "csv") ||
	       !strcmp(name, "json") || !strcmp(name, "xml");
}

/* "{key}" stands for that field of the object. */
static void print_header(const char *header, json_t *object, FILE *out)
{
	for (; *header; header++) {
		const char *end = *header == '{' ? strchr(header, '}') : NULL;
		char key[64];

		if (!end || (size_t)(end - header) > sizeof(key)) {
			fputc(*header, out);
			continue;
		}
		snprintf(key, sizeof(key), "%.*s", (int)(end - header - 1), header + 1);
		fputs(json_string_value(json_object_get(object, key)) ?: "", out);
		header = end;
	}
	fputc('\n', out);
}

int format_fields(const struct cli_command *command, json_t *object, FILE *out, struct err *e)
{
	if (command->header)
		print_header(command->header, object, out);
	for (const struct cli_column *c = command->columns; c->title; c++) {
		_cleanup_free_ char *text = format_value(c, object);

		if (!text)
			return nomem(e);
		if (format_is_absent(c, object))
			continue;
		fprintf(out, "   %s:%s%s\n", c->title, *text ? " " : "", text);
	}
	return 0;
}

/* Titles without spaces are words for scripts. */
static void print_key(const char *title, FILE *out)
{
	for (; *title; title++)
		if (*title != ' ')
			fputc(*title, out);
}

int format_keyvalue(const struct cli_column *columns, json_t *rows, FILE *out, struct err *e)
{
	json_t *row;
	size_t i;

	json_array_foreach (rows, i, row) {
		if (i)
			fputc('\n', out);
		for (const struct cli_column *c = columns; c->title; c++) {
			_cleanup_free_ char *text = format_value(c, row);

			if (!text)
				return nomem(e);
			if (format_is_absent(c, row))
				continue;
			print_key(c->title, out);
			fprintf(out, "=%s\n", text);
		}
	}
	return 0;
}

static void print_csv(const char *text, bool last, FILE *out)
{
	bool quote = strpbrk(text, ",\"\r\n") != NULL;

	if (quote)
		fputc('"', out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', out);
		fputc(*text, out);
	}
	if (quote)
		fputc('"', out);
	fputc(last ? '\n' : ',', out);
}

/* Do only columns follow that are left out? */
static bool is_last(const struct cli_column *c, const json_t *row)
{
	for (c++; c->title; c++)
		if (!format_is_absent(c, row))
			return false;
	return true;
}

int format_csv(const struct cli_column *columns, json_t *rows, FILE *out, struct err *e)
{
	json_t *row;
	size_t i;

	const json_t *first = json_array_get(rows, 0);

	for (const struct cli_column *c = columns; c->title; c++)
		if (!format_is_absent(c, first))
			print_csv(c->title, is_last(c, first), out);
	json_array_foreach (rows, i, row) {
		for (const struct cli_column *c = columns; c->title; c++) {
			_cleanup_free_ char *text = format_value(c, row);

			if (!text)
				return nomem(e);
			if (!format_is_absent(c, first))
				print_csv(text, is_last(c, first), out);
		}
	}
	return 0;
}

static int print_json(json_t *result, FILE *out, struct err *e)
{
	if (json_dumpf(result, out, JSON_INDENT(2) | JSON_ENCODE_ANY) < 0)
		return nomem(e);
	fputc('\n', out);
	return 0;
}

static void print_lines(json_t *result, FILE *out)
{
	json_t *line;
	size_t i;

	json_array_foreach (json_object_get(result, "lines"), i, line)
		fprintf(out, "%s\n", json_string_value(line) ?: "");
}

static int print_records(const struct cli_command *command, const char *formatter, json_t *result,
			 FILE *out, struct err *e)
{
	json_t *rows = json_is_array(result) ? json_incref(result) : json_pack("[O]", result);
	int rc;

	if (!rows)
		return nomem(e);
	if (!strcmp(formatter, "keyvalue"))
		rc = format_keyvalue(command->columns, rows, out, e);
	else if (!strcmp(formatter, "xml"))
		rc = format_xml(command->columns, rows, out, e);
	else
		rc = format_csv(command->columns, rows, out, e);
	json_decref(rows);
	return rc;
}

int format_result(const struct cli_command *command, const char *formatter, json_t *result,
		  FILE *out, struct err *e)
{
	if (command->style == CLI_SILENT)
		return 0;
	if (!strcmp(formatter, "json"))
		return print_json(result, out, e);
	if (command->style == CLI_LINES || json_object_get(result, "lines")) {
		print_lines(result, out);
		return 0;
	}
	if (strcmp(formatter, "table") != 0)
		return print_records(command, formatter, result, out, e);
	if (command->style == CLI_TABLE)
		return format_table(command->columns, result, out, e);
	return format_fields(command, result, out, e);
}
