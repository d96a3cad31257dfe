// SPDX-License-Identifier: Apache-2.0
/* Help, made from the table of commands. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define WORDS_MAX 256
#define NAMES_MAX 32

/* The first words as one text: "system visorfs". */
static void join(int n, char **words, char out[static WORDS_MAX])
{
	size_t len = 0;

	out[0] = '\0';
	for (int i = 0; i < n && len < WORDS_MAX; i++)
		len += (size_t)snprintf(out + len, WORDS_MAX - len, "%s%s", i ? " " : "", words[i]);
}

/* What follows prefix in words, or NULL if it is not below it. */
static const char *below(const char *words, const char *prefix)
{
	size_t len = strlen(prefix);

	if (len == 0)
		return words;
	return !strncmp(words, prefix, len) && words[len] == ' ' ? words + len + 1 : NULL;
}

static void print_line(FILE *out, const char *name, int len, const char *help)
{
	fprintf(out, "  %.*s%*s  %s\n", len, name, len < 16 ? 16 - len : 0, "", help);
}

static bool seen(const char *name, int len, const char **names, int n)
{
	for (int i = 0; i < n; i++)
		if (!strncmp(names[i], name, (size_t)len) && names[i][len] == ' ')
			return true;
	return false;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The words of commands below prefix, one for each namespace there, in their order. */
static int namespaces_below(const char *prefix, const char **names)
{
	const struct cli_command *c;
	int n = 0;

	for (size_t i = 0; (c = cli_command_at(i)); i++) {
		const char *rest = below(c->words, prefix);
		int len = rest ? (int)strcspn(rest, " ") : 0;

		if (rest && rest[len] && n < NAMES_MAX && !seen(rest, len, names, n))
			names[n++] = rest;
	}
	qsort(names, (size_t)n, sizeof(*names), by_name);
	return n;
}

static void print_namespaces(const struct cli *cli, const char *prefix)
{
	const char *names[NAMES_MAX];
	int n = namespaces_below(prefix, names);
	int above = prefix[0] ? (int)strlen(prefix) + 1 : 0;

	for (int i = 0; i < n; i++) {
		int len = (int)strcspn(names[i], " ");
		char full[WORDS_MAX];

		if (i == 0)
			fputs("\nNamespaces:\n", cli->out);
		snprintf(full, sizeof(full), "%.*s", above + len, names[i] - above);
		print_line(cli->out, names[i], len, cli_namespace_help(full));
	}
}

static void print_commands(const struct cli *cli, const char *prefix)
{
	const struct cli_command *c;
	bool any = false;

	for (size_t i = 0; (c = cli_command_at(i)); i++) {
		const char *rest = below(c->words, prefix);

		if (!rest || strchr(rest, ' '))
			continue;
		if (!any)
			fputs("\nCommands:\n", cli->out);
		any = true;
		print_line(cli->out, rest, (int)strlen(rest), c->help);
	}
}

void cli_help_namespace(const struct cli *cli, int n, char **words)
{
	char prefix[WORDS_MAX];

	join(n, words, prefix);
	fprintf(cli->out,
		"usage: %s [--formatter=table|keyvalue|csv|xml|json] %s%s[NAMESPACE...] COMMAND "
		"[--OPTION...]\n",
		cli->name, prefix, n ? " " : "");
	if (n == 0)
		fputs("Another host: --server=HOST [--username=USER] [--thumbprint=SHA256] "
		      "[--password-file=FILE]\n              or --certificate=FILE --key=FILE "
		      "instead of user and password\nThis host without hostd: --local\n"
		      "For your shell: completion bash|zsh|fish\n",
		      cli->out);
	print_namespaces(cli, prefix);
	print_commands(cli, prefix);
}

void cli_help_command(const struct cli *cli, const struct cli_command *command)
{
	fprintf(cli->out, "usage: %s %s%s\n\n%s.\n", cli->name, command->words,
		command->options ? " [--OPTION...]" : "", command->help);
	if (command->options)
		fputs("\nOptions:\n", cli->out);
	for (const struct cli_option *o = command->options; o && o->name; o++) {
		char left[64], help[CLI_HELP_MAX];
		int len;

		len = snprintf(left, sizeof(left), "%c%c%s --%s%s%s", o->letter ? '-' : ' ',
			       o->letter ? o->letter : ' ', o->letter ? "," : " ", o->name,
			       o->argument ? "=" : "", o->argument ? o->argument : "");
		cli_option_help(command, o, help);
		fprintf(cli->out, "  %s%*s  %s\n", left, len < 26 ? 26 - len : 0, "", help);
	}
}
