// SPDX-License-Identifier: Apache-2.0
#include <errno.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/lib/err.h"

static void message_and_kind(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(err_sys(&e, ENOENT, "%s: open", "/x"), -1);
	assert_string_equal(e.text, "/x: open: No such file or directory");
	assert_int_equal(e.kind, ERR_NOT_FOUND);
	assert_int_equal(e.num, ENOENT);
	assert_int_equal(err_wrap(&e, "bundle %s", "b"), -1);
	assert_string_equal(e.text, "bundle b: /x: open: No such file or directory");
	assert_int_equal(e.kind, ERR_NOT_FOUND);
}

static void null_is_allowed(void **state)
{
	(void)state;
	assert_int_equal(err_set(NULL, ERR_USAGE, "x"), -1);
	assert_int_equal(err_sys(NULL, EIO, "x"), -1);
	assert_int_equal(err_wrap(NULL, "x"), -1);
}

static void long_text_is_cut(void **state)
{
	struct err e = ERR_INIT;
	char big[2000];

	(void)state;
	memset(big, 'a', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	err_sys(&e, EIO, "%s", big);
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
	err_wrap(&e, "%s", big);
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
}

/* Codes are an interface: scripts and clients depend on them. */
static void hostile_text_is_made_plain(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	err_set(&e, ERR_INVALID, "a\n\x1b[2J\x7f b\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
	assert_string_equal(e.text, "a??[2J? b\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
	/* A cut character, a lone byte, long spellings, a surrogate, a control in two bytes. */
	err_sys(&e, 2, "\xe2\x82|\xa4|\xc0\xaf|\xe0\x80\xaf|\xed\xa0\x80|\xc2\x9b");
	assert_string_equal(e.text, "??|?|??|???|???|??: No such file or directory");
	err_wrap(&e, "\xff");
	assert_string_equal(e.text, "?: ??|?|??|???|???|??: No such file or directory");
}

static void edge(void **state)
{
	static const struct {
		enum err_kind kind;
		int code, status;
		const char *name;
	} want[] = {
		{ ERR_NONE, 0, 200, "none" },
		{ ERR_USAGE, 2, 400, "usage" },
		{ ERR_INVALID, 3, 422, "invalid" },
		{ ERR_NOT_FOUND, 4, 404, "not-found" },
		{ ERR_CONFLICT, 5, 409, "conflict" },
		{ ERR_DENIED, 6, 403, "denied" },
		{ ERR_AUTH, 7, 401, "auth" },
		{ ERR_NO_SPACE, 8, 507, "no-space" },
		{ ERR_UNAVAILABLE, 9, 503, "unavailable" },
		{ ERR_SYSTEM, 1, 500, "system" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		assert_int_equal(err_exit_code(want[i].kind), want[i].code);
		assert_int_equal(err_http_status(want[i].kind), want[i].status);
		assert_string_equal(err_name(want[i].kind), want[i].name);
		assert_int_equal(err_kind_from_name(want[i].name), want[i].kind);
	}
	assert_int_equal(err_kind_from_name("nonsense"), ERR_SYSTEM);
	assert_int_equal(err_exit_code((enum err_kind)99), 1);
}

static void kinds_of_errno(void **state)
{
	static const struct {
		int num;
		enum err_kind kind;
	} want[] = {
		{ ENOENT, ERR_NOT_FOUND },   { EEXIST, ERR_CONFLICT }, { EBUSY, ERR_CONFLICT },
		{ ENOTEMPTY, ERR_CONFLICT }, { EACCES, ERR_DENIED },   { EPERM, ERR_DENIED },
		{ ENOSPC, ERR_NO_SPACE },    { ENOMEM, ERR_NO_SPACE }, { EBADMSG, ERR_INVALID },
		{ EINVAL, ERR_INVALID },     { EIO, ERR_SYSTEM },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		struct err e = ERR_INIT;

		err_sys(&e, want[i].num, "x");
		assert_int_equal(e.kind, want[i].kind);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(message_and_kind),
		cmocka_unit_test(null_is_allowed),
		cmocka_unit_test(long_text_is_cut),
		cmocka_unit_test(hostile_text_is_made_plain),
		cmocka_unit_test(edge),
		cmocka_unit_test(kinds_of_errno),
	};

	return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
