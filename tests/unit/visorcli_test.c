// SPDX-License-Identifier: Apache-2.0
/* The command line: options, requests to hostd, forms of output, the table itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/core/core.h"
#include "userworld/visorcli/cli.h"
#include "userworld/visorcli/format.h"
#include "userworld/core/fetch/thumbprint.h"
#include "userworld/visorcli/http.h"
#include "userworld/visorcli/remote.h"

static int no_call(const char *op, json_t *params, json_t **result, struct err *e)
{
	(void)params, (void)result;
	return err_set(e, ERR_SYSTEM, "%s was called", op);
}

static int local_call(const char *op, json_t *params, json_t **result, struct err *e)
{
	(void)params, (void)result;
	return err_set(e, ERR_SYSTEM, "%s was called here", op);
}

/* Runs a command line that must not reach an operation. Returns its exit code. */
static int run(char *words, char **output)
{
	char *argv[16] = { (char *)"visorcli" };
	struct cli cli = { .name = "visorcli", .call = no_call, .local_call = local_call };
	size_t size;
	int argc = 1;
	int status;

	for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	cli.out = cli.err = open_memstream(output, &size);
	status = cli_main(&cli, argc, argv);
	fclose(cli.out);
	return status;
}

static void expect(const char *line, int status, const char *word)
{
	char words[256];
	char *output = NULL;

	snprintf(words, sizeof(words), "%s", line);
	assert_int_equal(run(words, &output), status);
	if (!strstr(output, word))
		fail_msg("'%s' says: %s", line, output);
	free(output);
}

static void usage(void **state)
{
	(void)state;
	expect("", 0, "Namespaces:");
	expect("--help", 0, "Namespaces:");
	expect("--version", 0, "visorcli ");
	expect("system", 0, "visorfs ");
	expect("system --help", 0, "visorfs ");
	expect("system visorfs ramdisk", 0, "Commands:");
	expect("system visorfs ramdisk add --help", 0, "--max-size=MIB");
	expect("system visorfs ramdisk add -h", 0, "--max-size=MIB");
	expect("systen", 2, "unknown command or namespace 'systen'");
	expect("system version got", 2, "'got'");
	expect("system version get now", 2, "unexpected word 'now'");
	expect("--formatter=yaml system version get", 2, "no formatter 'yaml'");
	expect("--nonsense", 2, "unknown option --nonsense");
	expect("system version get --nonsense", 2, "unknown option --nonsense");
	expect("system version get -x", 2, "unknown option -x");
	expect("system service stop", 2, "option --name is missing");
	expect("system service stop -n", 2, "needs an argument");
	expect("system service stop -n a --name=b", 2, "given twice");
	expect("system event list -l x", 2, "'x' is not a number");
	expect("system visorfs ramdisk add -n a -t /a -M 99999999999999", 2, "is not a number");
	expect("system version get", 1, "system.version.get was called");
	expect("--local system version get", 1, "system.version.get was called here");
	expect("--local --server=a system version get", 2, "--local is this host");
}

/* The request's first line and, if there is one, its body. */
static void expect_request(const char *op, const char *params, const char *line, const char *body)
{
	json_t *value = params ? json_loads(params, 0, NULL) : NULL;
	struct err e = ERR_INIT;
	char *text = NULL;
	char *end;

	if (http_request(core_find(op), value, "localhost", NULL, &text, &e) < 0)
		fail_msg("%s", e.text);
	end = strstr(text, "\r\n\r\n");
	assert_non_null(end);
	assert_string_equal(end + 4, body);
	*strstr(text, "\r\n") = '\0';
	assert_string_equal(text, line);
	free(text);
	json_decref(value);
}

static void requests(void **state)
{
	struct err e = ERR_INIT;
	char *text = NULL;

	(void)state;
	expect_request("system.version.get", NULL, "GET /api/v1/system/version HTTP/1.0", "");
	expect_request("software.bundle.get", "{\"name\":\"a/b c?\"}",
		       "GET /api/v1/bundles/a%2Fb%20c%3F HTTP/1.0", "");
	expect_request("system.log.tail", "{\"name\":\"vmkernel\",\"lines\":5}",
		       "GET /api/v1/system/logs/vmkernel?lines=5 HTTP/1.0", "");
	expect_request("system.ramdisk.remove", "{\"target\":\"/a b\"}",
		       "DELETE /api/v1/system/ramdisks?target=%2Fa%20b HTTP/1.0", "");
	expect_request("software.bundle.remove", "{\"name\":\"x\",\"force\":true}",
		       "DELETE /api/v1/bundles/x?force=true HTTP/1.0", "");
	expect_request("system.ramdisk.resize", "{\"name\":\"tmp\",\"max\":4096}",
		       "PATCH /api/v1/system/ramdisks/tmp HTTP/1.0", "{\"max\":4096}");
	assert_int_equal(
		http_request(core_find("software.bundle.get"), NULL, "localhost", NULL, &text, &e),
		-1);
	assert_int_equal(e.kind, ERR_USAGE);
}

static enum err_kind answer(const char *text, json_t **result)
{
	struct err e = ERR_INIT;

	*result = NULL;
	http_answer(text, strlen(text), result, &e);
	return e.kind;
}

static void answers(void **state)
{
	json_t *result;

	(void)state;
	assert_int_equal(answer("HTTP/1.0 200 OK\r\nA: b\r\n\r\n[1,2]\n", &result), ERR_NONE);
	assert_int_equal(json_array_size(result), 2);
	json_decref(result);
	assert_int_equal(answer("HTTP/1.1 204 No Content\r\n\r\n", &result), ERR_NONE);
	assert_true(json_is_null(result));
	assert_int_equal(
		answer("HTTP/1.0 409 Conflict\r\n\r\n{\"type\":\"urn:visoros:error:conflict\","
		       "\"detail\":\"busy\"}",
		       &result),
		ERR_CONFLICT);
	assert_int_equal(answer("HTTP/1.0 500 Bad\r\n\r\n<html>", &result), ERR_SYSTEM);
	assert_int_equal(answer("HTTP/1.0 200 OK\r\n\r\n{\"cut\":", &result), ERR_UNAVAILABLE);
	assert_int_equal(answer("", &result), ERR_UNAVAILABLE);
	assert_int_equal(answer("HTTP/1.0 200 OK\r\n", &result), ERR_UNAVAILABLE);
}

static const struct cli_column columns[] = {
	{ "Name", "name", CLI_STRING },
	{ "Max Size", "size", CLI_KIB },
	{ "On", "on", CLI_BOOLEAN },
	{ "Parts", "parts", CLI_LIST },
	{ 0 },
};

/* Two rows through a formatter: plain ones, and what is hard for it. */
static void expect_format(const char *formatter, const char *expected)
{
	static const struct cli_command command = { .style = CLI_TABLE, .columns = columns };
	json_t *rows =
		json_loads("[{\"name\":\"a\",\"size\":2048,\"on\":true,\"parts\":[\"x\",\"y\"]},"
			   "{\"name\":\"\\u00e4 \\\"b\\\"\",\"size\":1023,\"on\":false}]",
			   0, NULL);
	struct err e = ERR_INIT;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(format_result(&command, formatter, rows, out, &e), 0);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
	json_decref(rows);
}

static void formats(void **state)
{
	(void)state;
	expect_format("table", "Name   Max Size     On  Parts\n"
			       "-----  --------  -----  -----\n"
			       "a         2 KiB   true  x, y\n"
			       "\xc3\xa4 \"b\"     0 KiB  false\n");
	expect_format("csv", "Name,Max Size,On,Parts\n"
			     "a,2 KiB,true,\"x, y\"\n"
			     "\"\xc3\xa4 \"\"b\"\"\",0 KiB,false,\n");
	expect_format("keyvalue", "Name=a\nMaxSize=2 KiB\nOn=true\nParts=x, y\n\n"
				  "Name=\xc3\xa4 \"b\"\nMaxSize=0 KiB\nOn=false\nParts=\n");
	expect_format(
		"xml",
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<output>\n<list type=\"structure\">\n"
		"  <structure>\n    <field name=\"Name\"><string>a</string></field>\n"
		"    <field name=\"Max Size\"><string>2 KiB</string></field>\n"
		"    <field name=\"On\"><boolean>true</boolean></field>\n"
		"    <field name=\"Parts\"><list "
		"type=\"string\"><string>x</string><string>y</string></list></field>\n"
		"  </structure>\n  <structure>\n"
		"    <field name=\"Name\"><string>\xc3\xa4 &quot;b&quot;</string></field>\n"
		"    <field name=\"Max Size\"><string>0 KiB</string></field>\n"
		"    <field name=\"On\"><boolean>false</boolean></field>\n"
		"    <field name=\"Parts\"><list type=\"string\"></list></field>\n"
		"  </structure>\n</list>\n</output>\n");
}

static const struct core_param *param_of(const struct core_op *op, const char *name)
{
	for (const struct core_param *p = op->params; p && p->name; p++)
		if (!strcmp(p->name, name))
			return p;
	return NULL;
}

static bool is_own(const char *name)
{
	static const char *const own[] = { "source", "yes", "confirm", "ipv4", "ipv6" };

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (!strcmp(own[i], name))
			return true;
	return false;
}

/* Each command runs an operation that hostd offers, with parameters it has. */
static void table(void **state)
{
	const struct cli_command *c;

	(void)state;
	for (size_t i = 0; (c = cli_command_at(i)); i++) {
		const struct core_op *op = core_find(c->op);
		const char *space = c->words;
		char prefix[128];

		if (!op || !op->path)
			fail_msg("%s: no operation %s", c->words, c->op);
		for (const struct cli_option *o = c->options; o && o->name; o++)
			/* "source" stands for path or url, "yes" answers what visorcli itself asks,
			 * "confirm" is what it compares the password with; ipv4 and ipv6 make a
			 * family.
			 */
			if (!param_of(op, o->param) && !is_own(o->param))
				fail_msg("%s --%s: no parameter %s", c->words, o->name, o->param);
		while ((space = strchr(space + 1, ' '))) {
			snprintf(prefix, sizeof(prefix), "%.*s", (int)(space - c->words), c->words);
			if (!cli_namespace_help(prefix)[0])
				fail_msg("namespace '%s' has no help", prefix);
		}
	}
}

static void remote(void **state)
{
	static const struct {
		const char *server, *host, *port; /* host NULL: refused */
	} cases[] = {
		{ "a.example", "a.example", "443" },
		{ "10.0.0.1:8443", "10.0.0.1", "8443" },
		{ "[fe80::1%eth0]", "fe80::1%eth0", "443" },
		{ "[::1]:1", "::1", "1" },
		{ "", NULL, NULL },
		{ ":1", NULL, NULL },
		{ "a:", NULL, NULL },
		{ "a:1x", NULL, NULL },
		{ "a:123456", NULL, NULL },
		{ "[::1", NULL, NULL },
		{ "[::1]x", NULL, NULL },
		{ "https://a", NULL, NULL },
		{ "a b", NULL, NULL },
		{ "u@a", NULL, NULL },
	};
	char host[REMOTE_HOST], port[6], longest[REMOTE_HOST + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool good = remote_parse(cases[i].server, host, port);

		if (good != (cases[i].host != NULL))
			fail_msg("%s", cases[i].server);
		if (good) {
			assert_string_equal(host, cases[i].host);
			assert_string_equal(port, cases[i].port);
		}
	}
	memset(longest, 'a', REMOTE_HOST);
	longest[REMOTE_HOST] = '\0';
	assert_false(remote_parse(longest, host, port));
	assert_true(thumbprint_same("AB:CD", "abcd"));
	assert_false(thumbprint_same("AB:CD", "AB:CE"));
	assert_false(thumbprint_same("AB:CD", "AB"));
	assert_false(thumbprint_same("", "AB"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(usage),   cmocka_unit_test(requests), cmocka_unit_test(answers),
		cmocka_unit_test(formats), cmocka_unit_test(table),    cmocka_unit_test(remote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
