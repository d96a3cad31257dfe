// SPDX-License-Identifier: Apache-2.0
/*
 * Command lines of visorcli against text. Each NAME.cmd in tests/golden/visorcli
 * is a command line; NAME.json says which operation it must run with which
 * parameters ("op", "params"), and the "result" or "error" (kind, text) to give;
 * NAME.in is what is typed, if anything; NAME.out is what must be printed:
 * output, complaints, and the exit code if it is not 0. With UPDATE=1 in the
 * environment the .out files are written. What shows a result also runs with
 * --formatter=json, which must show that result, neither more nor less.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wordexp.h>

#include "tests/unit/unit.h"
#include "userworld/lib/file.h"
#include "userworld/visorcli/cli.h"

#define FOLDER "tests/golden/visorcli/"

static json_t *script; /* of the case that runs; NULL if nothing may be called */

static int play(const char *op, json_t *params, json_t **result, struct err *e)
{
	json_t *error = json_object_get(script, "error");
	json_t *expected = json_object_get(script, "params");
	json_t *none = json_object();
	char *got = json_dumps(params, JSON_SORT_KEYS);

	if (!script || strcmp(json_string_value(json_object_get(script, "op")), op) != 0 ||
	    !json_equal(params, expected ? expected : none))
		print_error("unexpected call: %s %s\n", op, got);
	else if (error)
		err_set(e, err_kind_from_name(json_string_value(json_object_get(error, "kind"))),
			"%s", json_string_value(json_object_get(error, "text")));
	else
		*result = json_incref(json_object_get(script, "result"));
	free(got);
	json_decref(none);
	if (!*result && !error)
		return err_set(e, ERR_SYSTEM, "the script does not fit");
	return *result ? 0 : -1;
}

static char *read_text(const char *base, const char *suffix)
{
	char path[520];
	char *text = NULL;

	snprintf(path, sizeof(path), "%s%s", base, suffix);
	file_read(path, 1 << 20, &text, NULL, NULL);
	return text;
}

static char *run(const char *line)
{
	struct cli cli = { .call = play };
	char *output = NULL;
	wordexp_t words;
	size_t size;
	int status;

	assert_int_equal(wordexp(line, &words, WRDE_NOCMD), 0);
	cli.name = words.we_wordv[0];
	cli.out = cli.err = open_memstream(&output, &size);
	status = cli_main(&cli, (int)words.we_wordc, words.we_wordv);
	if (status)
		fprintf(cli.out, "[exit %d]\n", status);
	fclose(cli.out);
	wordfree(&words);
	return output;
}

static void update(const char *base, const char *text)
{
	char path[520];

	snprintf(path, sizeof(path), "%s.out", base);
	assert_int_equal(file_write_atomic(path, text, strlen(text), 0644, NULL), 0);
}

/* What is typed: NAME.in, or nothing. */
static void give_input(const char *base)
{
	char path[520];

	snprintf(path, sizeof(path), "%s.in", base);
	if (!freopen(access(path, R_OK) == 0 ? path : "/dev/null", "r", stdin))
		fail_msg("%s cannot be read", path);
}

/* The same command line with --formatter=json: the result of the API as it is. */
static int as_json(const char *base, const char *line)
{
	const char *words = strchr(line, ' ');
	json_t *got, *expected = json_object_get(script, "result");
	char *output, full[1024];
	int failed;

	if (!expected || json_is_null(expected) || !words || strstr(line, "--formatter"))
		return 0;
	snprintf(full, sizeof(full), "%.*s --formatter=json%s", (int)(words - line), line, words);
	give_input(base);
	output = run(full);
	got = json_loads(output, JSON_DECODE_ANY, NULL);
	failed = output[0] && !json_equal(got, expected);
	if (failed)
		print_error("--- %s as JSON\n%s", base, output);
	json_decref(got);
	free(output);
	return failed;
}

static int one_case(const char *base)
{
	char *line = read_text(base, ".cmd");
	char *answer = read_text(base, ".json");
	char *expected = read_text(base, ".out");
	json_error_t bad = { .text = "" };
	char *got;
	int failed;

	script = answer ? json_loads(answer, 0, &bad) : NULL;
	if (answer && !script)
		fail_msg("%s.json: line %d: %s", base, bad.line, bad.text);
	line[strcspn(line, "\n")] = '\0';
	give_input(base);
	got = run(line);
	if (getenv("UPDATE"))
		update(base, got);
	failed = !getenv("UPDATE") && (!expected || strcmp(got, expected) != 0);
	if (failed)
		print_error("--- %s.out\n%s+++ got\n%s", base, expected ? expected : "", got);
	failed += as_json(base, line);
	json_decref(script);
	free(line);
	free(answer);
	free(expected);
	free(got);
	return failed;
}

/* Every command of the table has at least one case. */
static int uncovered(const glob_t *cases)
{
	const struct cli_command *c;
	int missing = 0;

	for (size_t i = 0; (c = cli_command_at(i)); i++) {
		bool found = false;

		for (size_t k = 0; k < cases->gl_pathc && !found; k++) {
			char *line = NULL;

			file_read(cases->gl_pathv[k], 4096, &line, NULL, NULL);
			found = line && strstr(line, c->words);
			free(line);
		}
		if (!found)
			print_error("no case for '%s'\n", c->words);
		missing += !found;
	}
	return missing;
}

static void golden(void **state)
{
	glob_t cases;
	int failed = 0;

	(void)state;
	assert_int_equal(glob(FOLDER "*.cmd", 0, NULL, &cases), 0);
	for (size_t i = 0; i < cases.gl_pathc; i++) {
		char base[512];

		snprintf(base, sizeof(base), "%.*s", (int)strlen(cases.gl_pathv[i]) - 4,
			 cases.gl_pathv[i]);
		failed += one_case(base);
	}
	failed += uncovered(&cases);
	globfree(&cases);
	assert_int_equal(failed, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = { cmocka_unit_test(golden) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
