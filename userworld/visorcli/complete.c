// SPDX-License-Identifier: Apache-2.0
/* What can follow on a command line: words of the tree, and options. Values are of
 * complete_value.c. */
#include <string.h>

#include "completion.h"

bool completion_begins(const char *text, const char *with)
{
	return !strncmp(text, with, strlen(with));
}

/* What follows the n words in those of a command, NULL if they are not its first ones. */
static const char *after(const char *words, int n, char **argv)
{
	for (int i = 0; i < n; i++) {
		size_t len = strlen(argv[i]);

		if (strncmp(words, argv[i], len) != 0 || words[len] != ' ')
			return NULL;
		words += len + 1;
	}
	return words;
}

/* The next words of the tree below the n words of argv, each once. */
static void complete_tree(int n, char **argv, const char *current, FILE *out)
{
	const struct cli_command *c;
	json_t *seen = json_object();

	for (size_t i = 0; (c = cli_command_at(i)); i++) {
		const char *rest = after(c->words, n, argv);
		size_t len = rest ? strcspn(rest, " ") : 0;
		char word[64], path[256];

		snprintf(word, sizeof(word), "%.*s", (int)len, rest ?: "");
		if (!rest || !completion_begins(word, current) || json_object_get(seen, word))
			continue;
		json_object_set_new(seen, word, json_true());
		snprintf(path, sizeof(path), "%.*s", (int)((size_t)(rest - c->words) + len),
			 c->words);
		fprintf(out, "%s\t%s\n", word, rest[len] ? cli_namespace_help(path) : c->help);
	}
	json_decref(seen);
}

/* The option that a word names, "--name", "--name=..." or "-n"; *value is what is behind "=". */
static const struct cli_option *named(const struct cli_command *command, const char *word,
				      const char **value)
{
	size_t len = strcspn(word, "=");

	*value = word[len] ? word + len + 1 : NULL;
	for (const struct cli_option *o = command->options; o && o->name; o++) {
		if (len > 2 && !strncmp(word, "--", 2) && strlen(o->name) == len - 2 &&
		    !strncmp(word + 2, o->name, len - 2))
			return o;
		if (o->letter && word[0] == '-' && word[1] == o->letter && !word[2])
			return o;
	}
	return NULL;
}

static void print_options(const struct cli_command *command, json_t *given, const char *current,
			  FILE *out)
{
	for (const struct cli_option *o = command->options; o && o->name; o++) {
		char word[64], help[CLI_HELP_MAX];

		snprintf(word, sizeof(word), "--%s%s", o->name, o->kind == CLI_FLAG ? "" : "=");
		cli_option_help(command, o, help);
		if (completion_begins(word, current) &&
		    (cli_is_list(o) || !json_object_get(given, o->param)))
			fprintf(out, "%s\t%s\n", word, help);
	}
	if (current[0] && completion_begins("--help", current))
		fputs("--help\tSay what the command does\n", out);
}

/* Behind a command: the last of argc words. */
static void complete_options(const struct completion *c, int argc, char **argv, FILE *out)
{
	const char *current = argv[argc - 1], *value;
	const struct cli_option *open = NULL, *o; /* the one whose value the next word is */
	json_t *given = json_object();
	char lead[80];

	for (int i = 0; i < argc - 1; i++) {
		o = open ? NULL : named(c->command, argv[i], &value);
		open = o && !value && o->kind != CLI_FLAG ? o : NULL;
		if (o)
			json_object_set_new(given, o->param, json_true());
	}
	o = named(c->command, current, &value);
	if (open) {
		complete_value(c, open, "", current, out);
	} else if (o && value) {
		snprintf(lead, sizeof(lead), "--%s=", o->name);
		complete_value(c, o, lead, value, out);
	} else if (!current[0] || current[0] == '-') {
		print_options(c->command, given, current, out);
	}
	json_decref(given);
}

void complete_words(cli_transport *ask, bool local, int argc, char **argv, FILE *out)
{
	int used;
	struct completion c = { .ask = ask, .local = local };

	c.command = cli_find(argc - 1, argv, &used);
	if (c.command)
		complete_options(&c, argc - used, argv + used, out);
	else if (used == argc - 1)
		complete_tree(used, argv, argv[argc - 1], out);
}

void complete_globals(const char *current, FILE *out)
{
	static const char *const words[] = {
		"--formatter=\tHow results are shown",
		"--formatter=table\tTables, or lines of \"Field: value\"",
		"--formatter=keyvalue\tLines of \"Field=value\"",
		"--formatter=csv\tLines with commas",
		"--formatter=xml\tStructures with fields",
		"--formatter=json\tThe fields of the API",
		"--server=\tAnother host",
		"--username=\tWho logs in there",
		"--thumbprint=\tSHA-256 of its certificate",
		"--password-file=\tFile with the password",
		"--certificate=\tFile with a certificate to log in by",
		"--key=\tFile with its key",
		"--local\tThis host, without hostd",
		"--help\tSay what there is",
		"--version\tVersion of this program",
	};
	bool value = strchr(current, '=') != NULL;

	/* Words with a value only when it is its turn: "--formatter=" comes first. */
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		const char *equals = strchr(words[i], '=');

		if (completion_begins(words[i], current) && value == (equals && equals[1] != '\t'))
			fprintf(out, "%s\n", words[i]);
	}
	if (completion_begins(current, "--password-file="))
		fputs(":files\n", out);
}
