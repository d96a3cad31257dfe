// SPDX-License-Identifier: Apache-2.0
/* What the help says of an option: the operation's own words on its parameter, and its range. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"

const struct core_param *cli_param(const struct cli_command *command, const struct cli_option *o)
{
	const struct core_op *op = core_find(command->op);

	for (const struct core_param *p = op ? op->params : NULL; p && p->name; p++)
		if (!strcmp(p->name, o->param))
			return p;
	return NULL;
}

bool cli_is_list(const struct cli_option *o)
{
	size_t len = o->argument ? strlen(o->argument) : 0;

	return len > 4 && !strcmp(o->argument + len - 4, ",...");
}

long cli_unit(enum cli_option_kind kind)
{
	if (kind == CLI_MIB)
		return 1 << 20;
	return kind == CLI_KIBS ? 1 << 10 : 1;
}

static void append(char out[static CLI_HELP_MAX], const char *between, const char *text)
{
	size_t len = strlen(out);

	snprintf(out + len, CLI_HELP_MAX - len, "%s%s", len ? between : "", text);
}

/* "1 to 32", in the unit of the option; nothing for what no one could reach. */
static void append_range(const struct core_param *p, const struct cli_option *o,
			 char out[static CLI_HELP_MAX])
{
	const json_int_t unit = cli_unit(o->kind), far = (json_int_t)1 << 48;
	json_int_t least = p->min == -1 ? -1 : (p->min + unit - 1) / unit;
	char text[64];

	if (p->type != CORE_INT || (!p->min && !p->max))
		return;
	if (p->max < far)
		snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT " to %" JSON_INTEGER_FORMAT,
			 least, p->max / unit);
	else
		snprintf(text, sizeof(text), "at least %" JSON_INTEGER_FORMAT, least);
	append(out, "; ", text);
}

/* "on, off" of "on|off". */
static void append_words(const struct core_param *p, char out[static CLI_HELP_MAX])
{
	const char *separator = "; ";

	for (const char *word = p->words; word; word = strchr(word, '|')) {
		char text[64];

		word += *word == '|';
		snprintf(text, sizeof(text), "%.*s", (int)strcspn(word, "|"), word);
		append(out, separator, text);
		separator = ", ";
	}
}

void cli_option_help(const struct cli_command *command, const struct cli_option *o,
		     char out[static CLI_HELP_MAX])
{
	const struct core_param *p = cli_param(command, o);
	char rest[CLI_HELP_MAX] = "", otherwise[96];

	if (o->required)
		append(rest, "; ", "required");
	if (p) {
		append_words(p, rest);
		append_range(p, o, rest);
	}
	if (p && p->otherwise) {
		snprintf(otherwise, sizeof(otherwise), "default: %s", p->otherwise);
		append(rest, "; ", otherwise);
	}
	out[0] = '\0';
	append(out, "", o->help ?: p && p->help ? p->help : "");
	if (!rest[0])
		return;
	append(out, " (", rest);
	append(out, "", ")");
}
