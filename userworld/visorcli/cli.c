// SPDX-License-Identifier: Apache-2.0
/* A whole command line: global options, the command, its call, its result. */
#include "cli.h"

#include <string.h>

#include "format.h"
#include "program.h"
#include "version.h"

struct global {
	const char *formatter;
	bool help;
	bool version;
};

static int fail(const struct cli *cli, const struct err *e)
{
	fprintf(cli->err, "%s: %s\n", cli->name, e->text);
	if (e->kind == ERR_USAGE)
		fprintf(cli->err, "Try '%s --help', or --help after a command.\n", cli->name);
	return err_exit_code(e->kind);
}

static const char *value_of(const char *word, const char *option)
{
	size_t len = strlen(option);

	return !strncmp(word, option, len) && word[len] == '=' ? word + len + 1 : NULL;
}

/* Options before the first namespace. Returns how many words they take, or -1. */
static int globals(int argc, char **argv, struct global *g, struct err *e)
{
	int i;

	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		const char *value = value_of(argv[i], "--formatter");

		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			g->help = true;
		else if (!strcmp(argv[i], "--version"))
			g->version = true;
		else if (value)
			g->formatter = value;
		else if (!strcmp(argv[i], "--formatter") && i + 1 < argc)
			g->formatter = argv[++i];
		else
			return err_set(e, ERR_USAGE, "unknown option %s", argv[i]);
	}
	if (!format_known(g->formatter))
		return err_set(e, ERR_USAGE, "no formatter '%s': table, keyvalue, csv or json",
			       g->formatter);
	return i - 1;
}

static void shape(const struct cli_command *command, json_t *result)
{
	json_t *row;
	size_t i;

	if (!command->shape)
		return;
	if (json_is_object(result))
		command->shape(result);
	json_array_foreach (result, i, row)
		command->shape(row);
}

static int run(const struct cli *cli, const struct cli_command *command, const char *formatter,
	       json_t *params, struct err *e)
{
	json_t *result = NULL;
	int rc;

	if (command->prepare && command->prepare(params, e) < 0)
		return -1;
	if (cli->call(command->op, params, &result, e) < 0)
		return -1;
	/* JSON shows what the API says; the other forms what people are used to see. */
	if (strcmp(formatter, "json") != 0)
		shape(command, result);
	rc = format_result(command, formatter, result, cli->out, e);
	json_decref(result);
	if (rc == 0 && fflush(cli->out) != 0)
		return err_set(e, ERR_SYSTEM, "writing the result failed");
	return rc;
}

static int run_command(const struct cli *cli, const struct cli_command *command,
		       const struct global *g, int argc, char **argv)
{
	struct err e = ERR_INIT;
	json_t *params = NULL;
	int rc = cli_options(command, argc, argv, &params, &e);

	if (rc == 0 && !g->help)
		rc = run(cli, command, g->formatter, params, &e);
	else if (rc >= 0)
		cli_help_command(cli, command);
	json_decref(params);
	return rc < 0 ? fail(cli, &e) : 0;
}

/* The words name a namespace, perhaps with a --help behind, or nothing that exists. */
static int run_namespace(const struct cli *cli, int used, int argc, char **argv)
{
	struct err e = ERR_INIT;

	if (used == argc || !strcmp(argv[used], "--help") || !strcmp(argv[used], "-h")) {
		cli_help_namespace(cli, used, argv);
		return 0;
	}
	err_set(&e, ERR_USAGE, "unknown command or namespace '%s'", argv[used]);
	return fail(cli, &e);
}

int cli_main(const struct cli *cli, int argc, char **argv)
{
	struct global g = { .formatter = "table" };
	const struct cli_command *command;
	struct err e = ERR_INIT;
	int used = globals(argc, argv, &g, &e);

	if (used < 0)
		return fail(cli, &e);
	if (g.version) {
		fprintf(cli->out, "%s %s\n", cli->name, PROGRAM_VERSION);
		return 0;
	}
	argc -= 1 + used;
	argv += 1 + used;
	command = cli_find(argc, argv, &used);
	if (!command)
		return run_namespace(cli, used, argc, argv);
	/* getopt wants a word before the options: the last one of the command. */
	return run_command(cli, command, &g, argc - used + 1, argv + used - 1);
}
