// SPDX-License-Identifier: Apache-2.0
/*
 * One source of truth: each operation with a route has a command, each command is that of an
 * operation, in help, in what it demands, and in visorcli(1), which tells of every exit code too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/core/core.h"
#include "userworld/lib/file.h"
#include "userworld/visorcli/cli.h"

/* Operations with a route that are no command, and why. */
static const struct {
	const char *op, *why;
} no_command[] = {
	{ "system.support.stream", "bytes for a browser; visor-support writes the same to stdout" },
	{ "system.boot.failure.note", "what bootwatch tells hostd, nothing that a person says" },
	{ "system.metrics.get", "text for Prometheus, which asks hostd itself" },
	{ "system.api.get", "a document for programs" },
	{ "system.log.follow", "steps of GET /system/logs/NAME/stream; people have tail -f" },
};

static bool excused(const char *op)
{
	for (size_t i = 0; i < sizeof(no_command) / sizeof(no_command[0]); i++)
		if (!strcmp(no_command[i].op, op))
			return true;
	return false;
}

static bool has_command(const char *op)
{
	const struct cli_command *c;

	for (size_t i = 0; (c = cli_command_at(i)); i++)
		if (!strcmp(c->op, op))
			return true;
	return false;
}

static void operations_have_commands(void **state)
{
	const struct core_op *op;
	int wrong = 0;

	(void)state;
	for (size_t i = 0; (op = core_op_at(i)); i++) {
		if (!op->path || has_command(op->name) != excused(op->name))
			continue;
		print_error("%s: %s\n", op->name,
			    excused(op->name) ? "excused, but has a command" : "has no command");
		wrong++;
	}
	for (size_t i = 0; i < sizeof(no_command) / sizeof(no_command[0]); i++)
		assert_non_null(core_find(no_command[i].op));
	assert_int_equal(wrong, 0);
}

/* Several options can be for one parameter: the first that is there demands it. */
static bool demands(const struct cli_command *c, const char *param)
{
	for (const struct cli_option *o = c->options; o && o->name; o++)
		if (!strcmp(o->param, param) && o->required)
			return true;
	return false;
}

static void commands_demand_what_operations_do(void **state)
{
	const struct cli_command *c;

	(void)state;
	for (size_t i = 0; (c = cli_command_at(i)); i++)
		for (const struct cli_option *o = c->options; o && o->name; o++) {
			const struct core_param *p = cli_param(c, o);

			/* A secret that is not given is asked for. */
			if (p && p->secret && c->prepare)
				continue;
			if (p && p->required != demands(c, o->param))
				fail_msg("%s --%s: required %d, of the operation %d", c->words,
					 o->name, demands(c, o->param), p->required);
		}
}

static void everything_has_help(void **state)
{
	const struct cli_command *c;
	char help[CLI_HELP_MAX];

	(void)state;
	for (size_t i = 0; (c = cli_command_at(i)); i++) {
		if (!c->help || !c->help[0] || c->help[strlen(c->help) - 1] == '.')
			fail_msg("%s: no help, or more than a sentence", c->words);
		for (const struct cli_option *o = c->options; o && o->name; o++) {
			cli_option_help(c, o, help);
			if (!help[0] || help[0] == ' ')
				fail_msg("%s --%s: no help", c->words, o->name);
			if (o->kind != CLI_FLAG && !o->argument)
				fail_msg("%s --%s: what does it take?", c->words, o->name);
		}
	}
}

static const char *help_of(const char *words, const char *option, char out[static CLI_HELP_MAX])
{
	const struct cli_command *c;

	for (size_t i = 0; (c = cli_command_at(i)); i++)
		for (const struct cli_option *o = c->options; o && o->name; o++)
			if (!strcmp(c->words, words) && !strcmp(o->name, option))
				return cli_option_help(c, o, out), out;
	fail_msg("no %s --%s", words, option);
	return NULL;
}

/* Ranges, enumerations and defaults are those of the operations' table. */
static void help_says_what_is_checked(void **state)
{
	char out[CLI_HELP_MAX];

	(void)state;
	assert_string_equal(help_of("system service policy set", "policy", out),
			    "Whether it starts with the host (required; on, off)");
	assert_string_equal(help_of("system event list", "limit", out),
			    "At most so many (1 to 1000; default: 50)");
	assert_string_equal(help_of("system syslog config set", "spool", out),
			    "Kept while a host is away (64 to 65536)");
	assert_string_equal(help_of("system visorfs ramdisk add", "max-size", out),
			    "Hard cap (required; 1 to 1048576)");
	assert_string_equal(help_of("sched group set", "cpu-shares", out),
			    "Shares (1 to 10000; default: 100)");
	assert_string_equal(help_of("system state revert", "generation", out),
			    "Back to this one (required; at least 1)");
	assert_string_equal(help_of("software bundle install", "bundle", out), "Bundle to install");
}

/* What completion asks a host for is a list that needs no words. */
static void values_stand_in_lists(void **state)
{
	const struct core_op *op, *list;

	(void)state;
	for (size_t i = 0; (op = core_op_at(i)); i++)
		for (const struct core_param *p = op->params; p && p->name; p++) {
			char name[64] = "";

			if (!p->among)
				continue;
			snprintf(name, sizeof(name), "%.*s", (int)strcspn(p->among, " "), p->among);
			list = core_find(name);
			if (!list || !list->method || strcmp(list->method, "GET") != 0 ||
			    !strchr(p->among, ' '))
				fail_msg("%s %s: %s is no list", op->name, p->name, p->among);
			for (const struct core_param *q = list->params; q && q->name; q++)
				assert_false(q->required);
		}
}

static char *page;

static int read_page(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	if (file_read("docs/man/visorcli.1", 1 << 20, &page, NULL, &e) == 0)
		return 0;
	print_error("%s (run the test from the top of the tree)\n", e.text);
	return -1;
}

static int free_page(void **state)
{
	(void)state;
	free(page);
	return 0;
}

/* Is verb one of "list | get | set" at the start of text? */
static bool verb_among(const char *text, const char *verb)
{
	for (;;) {
		size_t len = strcspn(text, " \n");

		if (strlen(verb) == len && !strncmp(text, verb, len))
			return true;
		if (strncmp(text + len, " | ", 3) != 0)
			return false;
		text += len + 3;
	}
}

/* A line ".It Ic NAMESPACE list | get | set", or one of several with " , " between; or ".Ic" alone.
 */
static bool is_told(const char *words)
{
	const char *verb = strrchr(words, ' ') + 1;
	size_t len = (size_t)(verb - words);

	for (const char *at = page; (at = strstr(at, "Ic ")); at += 3) {
		const char *line_end = strchr(at, '\n');

		for (const char *part = at + 3; part && part < line_end;) {
			const char *comma = strstr(part, " , ");

			if (!strncmp(part, words, len) && verb_among(part + len, verb))
				return true;
			part = comma ? comma + 3 : NULL;
		}
	}
	return false;
}

static void commands_are_in_the_man_page(void **state)
{
	const struct cli_command *c;
	int missing = 0;

	(void)state;
	for (size_t i = 0; (c = cli_command_at(i)); i++)
		if (!is_told(c->words)) {
			print_error("visorcli.1 does not tell of %s\n", c->words);
			missing++;
		}
	assert_int_equal(missing, 0);
}

static enum err_kind failing;

static int fail_call(const char *op, json_t *params, json_t **result, struct err *e)
{
	(void)op, (void)params, (void)result;
	return err_set(e, failing, "it fails");
}

static void exit_codes_are_in_the_man_page(void **state)
{
	char *words[] = { (char *)"visorcli", (char *)"system", (char *)"version", (char *)"get" };
	const char *section = strstr(page, ".Sh EXIT STATUS");

	(void)state;
	assert_non_null(section);
	for (failing = ERR_NONE + 1; failing <= ERR_SYSTEM; failing++) {
		struct cli cli = { .name = "visorcli", .call = fail_call };
		char *text = NULL, line[32];
		size_t size;
		int code;

		cli.out = cli.err = open_memstream(&text, &size);
		code = cli_main(&cli, 4, words);
		fclose(cli.out);
		assert_int_equal(code, err_exit_code(failing));
		assert_non_null(strstr(text, "visorcli: it fails\n"));
		free(text);
		snprintf(line, sizeof(line), "\n.It %d\n", code);
		if (!strstr(section, line))
			fail_msg("visorcli.1 does not tell of exit status %d", code);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(operations_have_commands),
		cmocka_unit_test(commands_demand_what_operations_do),
		cmocka_unit_test(everything_has_help),
		cmocka_unit_test(help_says_what_is_checked),
		cmocka_unit_test(values_stand_in_lists),
		cmocka_unit_test(commands_are_in_the_man_page),
		cmocka_unit_test(exit_codes_are_in_the_man_page),
	};

	return cmocka_run_group_tests(tests, read_page, free_page);
}
