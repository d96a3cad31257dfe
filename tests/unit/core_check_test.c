// SPDX-License-Identifier: Apache-2.0
/* Parameters against their specification. */
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/core/core.h"

static const struct core_param params[] = {
	{ "name", CORE_NAME, .required = true, .min = 1, .max = 8 },
	{ .name = "text", .type = CORE_STRING },
	{ "path", CORE_PATH, .max = 64 },
	{ "size", CORE_INT, .min = 1, .max = 100 },
	{ "bytes", CORE_INT, .bytes = true, .min = 16 << 10, .max = 1 << 30 },
	{ .name = "any", .type = CORE_INT },
	{ .name = "flag", .type = CORE_BOOL },
	{ .name = "word", .type = CORE_NAME, .words = "on|off|only" },
	{ 0 },
};

static const struct core_op op = { .name = "test.op", .params = params };

/* The kind of error that a JSON text gives, and its message in e. */
static enum err_kind check(const char *json, struct err *e)
{
	json_t *value = json_loads(json, 0, NULL);
	int rc;

	assert_non_null(value);
	memset(e, 0, sizeof(*e));
	rc = core_check(&op, value, e);
	json_decref(value);
	assert_int_equal(rc, e->kind == ERR_NONE ? 0 : -1);
	return e->kind;
}

static void accepts(void **state)
{
	static const char *const good[] = {
		"{\"name\":\"a\"}",
		"{\"name\":\"a.B_c+-9\",\"text\":\"\",\"path\":\"/\",\"size\":1}",
		"{\"name\":\"a\",\"size\":100,\"any\":-9000000000,\"flag\":false}",
		"{\"name\":\"a\",\"path\":\"/a/..b/.c/d.\",\"text\":null}",
		"{\"name\":\"a\",\"text\":\"\\u00e4\\u20ac\"}",
		"{\"name\":\"a\",\"word\":\"on\"}",
		"{\"name\":\"a\",\"word\":\"only\"}",
	};
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(check(good[i], &e), ERR_NONE);
}

static void refuses(void **state)
{
	static const struct {
		const char *json;
		enum err_kind kind;
		const char *word;
	} bad[] = {
		{ "{}", ERR_USAGE, "'name' is missing" },
		{ "{\"name\":null}", ERR_USAGE, "'name' is missing" },
		{ "[]", ERR_USAGE, "must be an object" },
		{ "{\"name\":\"a\",\"word\":\"o\"}", ERR_INVALID, "'o' is not one of on|off|only" },
		{ "{\"name\":\"a\",\"word\":\"onl\"}", ERR_INVALID, "is not one of" },
		{ "{\"name\":\"a\",\"word\":\"onoff\"}", ERR_INVALID, "is not one of" },
		{ "{\"name\":\"a\",\"x\":1}", ERR_USAGE, "no parameter 'x'" },
		{ "{\"name\":1}", ERR_USAGE, "name: must be a name" },
		{ "{\"name\":\"a\",\"size\":\"1\"}", ERR_USAGE, "size: must be an integer" },
		{ "{\"name\":\"a\",\"size\":1.0}", ERR_USAGE, "size: must be an integer" },
		{ "{\"name\":\"a\",\"flag\":1}", ERR_USAGE, "flag: must be true or false" },
		{ "{\"name\":\"\"}", ERR_INVALID, "needs at least 1" },
		{ "{\"name\":\"123456789\"}", ERR_INVALID, "may have 8" },
		{ "{\"name\":\".a\"}", ERR_INVALID, "must begin with" },
		{ "{\"name\":\"a/b\"}", ERR_INVALID, "may hold" },
		{ "{\"name\":\"a b\"}", ERR_INVALID, "may hold" },
		{ "{\"name\":\"a\",\"size\":0}", ERR_INVALID, "0 is not between 1 and 100" },
		{ "{\"name\":\"a\",\"size\":101}", ERR_INVALID, "101 is not between" },
		{ "{\"name\":\"a\",\"bytes\":1024}", ERR_INVALID,
		  "bytes: 1K is not between 16K and 1G" },
		{ "{\"name\":\"a\",\"bytes\":16383}", ERR_INVALID, "16383B is not between" },
		{ "{\"name\":\"a\",\"bytes\":-1}", ERR_INVALID, "-1 is not between" },
		{ "{\"name\":\"a\",\"path\":\"x\"}", ERR_INVALID, "not an absolute path" },
		{ "{\"name\":\"a\",\"path\":\"\"}", ERR_INVALID, "not an absolute path" },
		{ "{\"name\":\"a\",\"path\":\"/x/../y\"}", ERR_INVALID, ". or .." },
		{ "{\"name\":\"a\",\"path\":\"/x/.\"}", ERR_INVALID, ". or .." },
		{ "{\"name\":\"a\",\"text\":\"x\\ny\"}", ERR_INVALID,
		  "control character at byte 1" },
	};
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(check(bad[i].json, &e), bad[i].kind);
		assert_non_null(strstr(e.text, bad[i].word));
	}
}

static void default_length(void **state)
{
	char json[400] = "{\"name\":\"a\",\"text\":\"";
	size_t len = strlen(json);
	struct err e;

	(void)state;
	memset(json + len, 'x', 255);
	strcpy(json + len + 255, "\"}");
	assert_int_equal(check(json, &e), ERR_NONE);
	strcpy(json + len + 255, "x\"}");
	assert_int_equal(check(json, &e), ERR_INVALID);
}

static void no_parameters(void **state)
{
	static const struct core_op none = { .name = "test.none" };
	json_t *empty = json_object();
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(core_check(&none, NULL, &e), 0);
	assert_int_equal(core_check(&none, empty, &e), 0);
	json_object_set_new(empty, "x", json_true());
	assert_int_equal(core_check(&none, empty, &e), -1);
	json_decref(empty);
}

/* The table itself: what every entry must obey so that routes and help can be made from it. */
static void table(void **state)
{
	const struct core_op *o;
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; (o = core_op_at(i)); i++) {
		assert_ptr_equal(core_find(o->name), o);
		assert_non_null(o->run);
		assert_non_null(o->help);
		assert_int_equal(!o->method, o->privilege == CORE_LOCAL);
		assert_int_equal(!o->path, o->privilege == CORE_LOCAL);
		if (o->method && strcmp(o->method, "GET") != 0)
			assert_int_equal(o->privilege == CORE_READ, !!(o->flags & CORE_OWN));
	}
	assert_int_equal(core_call("no.such", NULL, NULL, &e), -1);
	assert_int_equal(e.kind, ERR_NOT_FOUND);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts),	  cmocka_unit_test(refuses),
		cmocka_unit_test(default_length), cmocka_unit_test(no_parameters),
		cmocka_unit_test(table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
