// SPDX-License-Identifier: Apache-2.0
/* Results as XML 1.0, shaped as esxcli shapes them: a list of structures of named, typed fields. */
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "format.h"

/* Control characters have no place in XML 1.0, in no form. */
static void put_text(const char *text, FILE *out)
{
	for (; *text; text++) {
		if (*text == '&')
			fputs("&amp;", out);
		else if (*text == '<')
			fputs("&lt;", out);
		else if (*text == '>')
			fputs("&gt;", out);
		else if (*text == '"')
			fputs("&quot;", out);
		else if ((unsigned char)*text >= ' ' || *text == '\t' || *text == '\n')
			fputc(*text, out);
		else
			fputc('?', out);
	}
}

static void put_value(const char *type, const char *text, FILE *out)
{
	fprintf(out, "<%s>", type);
	put_text(text, out);
	fprintf(out, "</%s>", type);
}

static void put_list(json_t *list, FILE *out)
{
	json_t *item;
	size_t i;

	fputs("<list type=\"string\">", out);
	json_array_foreach (list, i, item)
		put_value("string", json_string_value(item) ?: "", out);
	fputs("</list>", out);
}

static int put_field(const struct cli_column *c, json_t *row, FILE *out, struct err *e)
{
	_cleanup_free_ char *text = format_value(c, row);
	unsigned int kind = c->kind & ~CLI_OPTIONAL;

	if (!text)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	fputs("    <field name=\"", out);
	put_text(c->title, out);
	fputs("\">", out);
	if (kind == CLI_LIST)
		put_list(json_object_get(row, c->key), out);
	else
		put_value(kind == CLI_INTEGER	? "integer"
			  : kind == CLI_BOOLEAN ? "boolean"
						: "string",
			  text, out);
	fputs("</field>\n", out);
	return 0;
}

int format_xml(const struct cli_column *columns, json_t *rows, FILE *out, struct err *e)
{
	json_t *row;
	size_t i;

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<output>\n<list type=\"structure\">\n",
	      out);
	json_array_foreach (rows, i, row) {
		fputs("  <structure>\n", out);
		for (const struct cli_column *c = columns; c->title; c++)
			if (!format_is_absent(c, row) && put_field(c, row, out, e) < 0)
				return -1;
		fputs("  </structure>\n", out);
	}
	fputs("</list>\n</output>\n", out);
	return 0;
}
