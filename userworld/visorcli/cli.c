// SPDX-License-Identifier: Apache-2.0
/* A whole command line: global options, the command, its call, its result. */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

#include "completion.h"
#include "format.h"
#include "program.h"
#include "version.h"

struct global {
	const char *formatter;
	struct cli_remote remote;
	bool local;
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

/* 1 if the word, or the one behind it, is the value of one of the options with values. */
static int take_value(struct global *g, int argc, char **argv, int *at)
{
	const struct {
		const char *name, *letter, **value;
	} options[] = {
		{ "--formatter", "", &g->formatter },
		{ "--server", "-s", &g->remote.server },
		{ "--username", "-u", &g->remote.username },
		{ "--thumbprint", "-d", &g->remote.thumbprint },
		{ "--password-file", "", &g->remote.password_file },
		{ "--certificate", "", &g->remote.certificate },
		{ "--key", "", &g->remote.key },
	};
	const char *word = argv[*at];

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		size_t len = strlen(options[i].name);

		if (!strncmp(word, options[i].name, len) && word[len] == '=') {
			*options[i].value = word + len + 1;
			return 1;
		}
		if ((!strcmp(word, options[i].name) || !strcmp(word, options[i].letter)) &&
		    *at + 1 < argc) {
			*options[i].value = argv[++*at];
			return 1;
		}
	}
	return 0;
}

static int check_globals(const struct global *g, struct err *e)
{
	const struct cli_remote *r = &g->remote;

	if (!format_known(g->formatter))
		return err_set(e, ERR_USAGE, "no formatter '%s': table, keyvalue, csv, xml or json",
			       g->formatter);
	if (!r->server &&
	    (r->username || r->thumbprint || r->password_file || r->certificate || r->key))
		return err_set(e, ERR_USAGE,
			       "user, thumbprint, password and certificate are for another host: "
			       "--server is missing");
	if (!r->certificate != !r->key || (r->certificate && (r->username || r->password_file)))
		return err_set(e, ERR_USAGE,
			       "--certificate and --key go together, instead of user and password");
	if (r->server && g->local)
		return err_set(e, ERR_USAGE, "--local is this host, --server another one");
	return 0;
}

/* Options before the first namespace. Returns how many words they take, or -1. */
static int globals(int argc, char **argv, struct global *g, struct err *e)
{
	int i;

	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))
			g->help = true;
		else if (!strcmp(argv[i], "--version"))
			g->version = true;
		else if (!strcmp(argv[i], "--local"))
			g->local = true;
		else if (!take_value(g, argc, argv, &i))
			return err_set(e, ERR_USAGE, "unknown option %s", argv[i]);
	}
	return check_globals(g, e) < 0 ? -1 : i - 1;
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

static int call(const struct cli *cli, const struct global *g, const char *op, json_t *params,
		json_t **result, struct err *e)
{
	if (g->local && cli->local_call)
		return cli->local_call(op, params, result, e);
	if (!g->remote.server)
		return cli->call(op, params, result, e);
	if (!cli->connect)
		return err_set(e, ERR_USAGE, "%s works in its own process, on this host only",
			       cli->name);
	if (cli->connect(&g->remote, e) < 0)
		return -1;
	return cli->remote_call(op, params, result, e);
}

static int run(const struct cli *cli, const struct cli_command *command, const struct global *g,
	       json_t *params, struct err *e)
{
	const char *formatter = g->formatter;
	json_t *result = NULL;
	int rc;

	if (command->prepare && command->prepare(params, e) < 0)
		return -1;
	if (call(cli, g, command->op, params, &result, e) < 0)
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
		rc = run(cli, command, g, params, &e);
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

/* Whom completion asks for names; NULL if it would have to ask a person for a password. */
static cli_transport *whom(const struct cli *cli, const struct global *g)
{
	if (g->local)
		return cli->local_call;
	if (!g->remote.server)
		return cli->call;
	if (!cli->connect || (!g->remote.password_file && !getenv("VISORCLI_PASSWORD")))
		return NULL;
	return cli->connect(&g->remote, NULL) < 0 ? NULL : cli->remote_call;
}

/* "__complete WORDS...": what a shell asks. argv[0] is that word. Whatever is wrong, it says
 * nothing. */
static int run_complete(const struct cli *cli, int argc, char **argv)
{
	struct global g = { .formatter = "table" };
	int used = argc > 1 ? globals(argc - 1, argv, &g, NULL) : -1;

	if (used < 0)
		return 0;
	if (used == argc - 2 && argv[argc - 1][0] == '-')
		complete_globals(argv[argc - 1], cli->out);
	else
		complete_words(whom(cli, &g), !g.remote.server, argc - used - 1, argv + used + 1,
			       cli->out);
	return 0;
}

/* "completion SHELL" */
static int run_completion(const struct cli *cli, int argc, char **argv)
{
	const char *script = argc == 2 ? completion_script(argv[1]) : NULL;
	struct err e = ERR_INIT;

	if (!script) {
		err_set(&e, ERR_USAGE, "completion for which shell: bash, zsh or fish?");
		return fail(cli, &e);
	}
	fputs(script, cli->out);
	return 0;
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
	if (argc > 0 && !strcmp(argv[0], "__complete"))
		return run_complete(cli, argc, argv);
	if (argc > 0 && !strcmp(argv[0], "completion"))
		return run_completion(cli, argc, argv);
	command = cli_find(argc, argv, &used);
	if (!command)
		return run_namespace(cli, used, argc, argv);
	/* getopt wants a word before the options: the last one of the command. */
	return run_command(cli, command, &g, argc - used + 1, argv + used - 1);
}
