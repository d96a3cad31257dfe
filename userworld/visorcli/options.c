// SPDX-License-Identifier: Apache-2.0
/* Options of a command into parameters of its operation. */
#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define OPTIONS_MAX 16
#define LONG_BASE 256 /* getopt's value of option i is LONG_BASE + i */

struct parser {
	struct option longs[OPTIONS_MAX + 2];
	char shorts[3 * OPTIONS_MAX + 4];
	size_t count;
};

/* "+:": stop at the first word, and tell a missing argument from an unknown option. */
static void prepare(struct parser *p, const struct cli_option *options)
{
	char *s = p->shorts;

	memset(p, 0, sizeof(*p));
	*s++ = '+';
	*s++ = ':';
	for (; options && options[p->count].name; p->count++) {
		const struct cli_option *o = &options[p->count];
		int argument = o->kind == CLI_FLAG ? no_argument : required_argument;

		p->longs[p->count] =
			(struct option){ o->name, argument, NULL, LONG_BASE + (int)p->count };
		if (o->letter) {
			*s++ = o->letter;
			if (argument == required_argument)
				*s++ = ':';
		}
	}
	p->longs[p->count] = (struct option){ "help", no_argument, NULL, 'h' };
	if (!strchr(p->shorts, 'h'))
		*s = 'h';
}

static const struct cli_option *chosen(const struct cli_option *options, size_t count, int opt)
{
	if (opt >= LONG_BASE)
		return &options[opt - LONG_BASE];
	for (size_t i = 0; i < count; i++)
		if (options[i].letter == opt)
			return &options[i];
	return NULL;
}

static json_t *number(const char *text, json_int_t unit)
{
	char *end;
	long long value;

	errno = 0;
	value = strtoll(text, &end, 10);
	if (end == text || *end || errno || value > INT64_MAX / unit || value < INT64_MIN / unit)
		return NULL;
	/* "No limit", in no unit. */
	return json_integer(value == -1 ? -1 : value * unit);
}

static json_t *truth(const char *text)
{
	if (!strcmp(text, "true") || !strcmp(text, "1"))
		return json_true();
	return !strcmp(text, "false") || !strcmp(text, "0") ? json_false() : NULL;
}

static const char *wanted(enum cli_option_kind kind)
{
	if (kind == CLI_TRUTH)
		return "true or false";
	return kind == CLI_TEXT ? "UTF-8" : "a number";
}

/* "-n a -n b" is "-n a,b", as esxcli has it. Takes the second one. */
static json_t *join(const json_t *first, json_t *second)
{
	json_t *both = json_sprintf("%s,%s", json_string_value(first), json_string_value(second));

	json_decref(second);
	return both;
}

static int add(json_t *params, const struct cli_option *o, const char *text, struct err *e)
{
	json_t *value;

	if (o->kind == CLI_FLAG)
		value = json_true();
	else if (o->kind == CLI_TEXT)
		value = json_string(text);
	else if (o->kind == CLI_TRUTH)
		value = truth(text);
	else
		value = number(text, cli_unit(o->kind));
	if (!value)
		return err_set(e, ERR_USAGE, "option --%s: '%s' is not %s", o->name, text,
			       wanted(o->kind));
	if (json_object_get(params, o->param) && cli_is_list(o))
		value = join(json_object_get(params, o->param), value);
	else if (json_object_get(params, o->param)) {
		json_decref(value);
		return err_set(e, ERR_USAGE, "option --%s is given twice", o->name);
	}
	json_object_set_new(params, o->param, value);
	return 0;
}

static int complain(int opt, char **argv, struct err *e)
{
	const char *word = argv[optind - 1];

	if (opt == ':')
		return err_set(e, ERR_USAGE, "option %s needs an argument", word);
	if (optopt && optopt < LONG_BASE)
		return err_set(e, ERR_USAGE, "unknown option -%c", optopt);
	return err_set(e, ERR_USAGE, "unknown option %s", word);
}

static int parse(const struct cli_command *command, const struct parser *p, int argc, char **argv,
		 json_t *params, struct err *e)
{
	int opt;

	optind = 0; /* glibc: begin anew, even after another command line */
	opterr = 0;
	while ((opt = getopt_long(argc, argv, p->shorts, p->longs, NULL)) != -1) {
		const struct cli_option *o;

		if (opt == 'h' && !chosen(command->options, p->count, 'h'))
			return 1;
		if (opt == '?' || opt == ':')
			return complain(opt, argv, e);
		o = chosen(command->options, p->count, opt);
		if (add(params, o, optarg, e) < 0)
			return -1;
	}
	if (optind < argc)
		return err_set(e, ERR_USAGE, "unexpected word '%s'", argv[optind]);
	return 0;
}

static int check_required(const struct cli_option *options, json_t *params, struct err *e)
{
	for (; options && options->name; options++)
		if (options->required && !json_object_get(params, options->param))
			return err_set(e, ERR_USAGE, "option --%s is missing", options->name);
	return 0;
}

int cli_options(const struct cli_command *command, int argc, char **argv, json_t **params,
		struct err *e)
{
	struct parser p;
	int rc;

	prepare(&p, command->options);
	*params = json_object();
	rc = parse(command, &p, argc, argv, *params, e);
	if (rc == 0)
		rc = check_required(command->options, *params, e);
	if (rc != 0) {
		json_decref(*params);
		*params = NULL;
	}
	return rc;
}
