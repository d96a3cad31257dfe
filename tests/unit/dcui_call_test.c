// SPDX-License-Identifier: Apache-2.0
/* Operations in a child process: answers, errors, silence and death. */
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dcui/call.h"
#include "tests/unit/unit.h"

static pid_t here;

static int echo(const char *op, json_t *params, json_t **result, struct err *e)
{
	const char *how = json_string_value(json_object_get(params, "how"));

	if (!strcmp(how, "fail"))
		return err_set(e, ERR_CONFLICT, "%s: busy", op);
	if (!strcmp(how, "hang"))
		pause();
	if (!strcmp(how, "die"))
		_exit(7);
	if (!strcmp(how, "slow")) {
		call_tell(3);
		call_tell(100);
		pause();
	}
	if (!strcmp(how, "tell"))
		call_tell(42);
	if (!strcmp(how, "large")) {
		*result = json_array();
		for (int i = 0; i < 20000; i++)
			json_array_append_new(*result, json_string("a line of a log"));
		return 0;
	}
	*result = json_pack("{s:s, s:b}", "how", how, "here", getpid() == here);
	return 0;
}

static struct call *start(const char *how, bool in_process)
{
	here = getpid();
	return call_start(echo, "test.op", json_pack("{s:s}", "how", how), 10, 100, in_process);
}

static void wait_for(struct call *c)
{
	while (!call_ready(c, 100)) {
		struct pollfd p = { .fd = call_fd(c), .events = POLLIN };

		assert_int_equal(poll(&p, 1, 10000), 1);
	}
	assert_int_equal(call_fd(c), -1);
}

static void answer_comes_from_a_child(void **state)
{
	struct call *c = start("x", false);
	struct err e = ERR_INIT;
	json_t *result = NULL;

	(void)state;
	wait_for(c);
	assert_int_equal(call_finish(c, &result, &e), 0);
	assert_string_equal(json_string_value(json_object_get(result, "how")), "x");
	assert_true(json_is_false(json_object_get(result, "here")));
	json_decref(result);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no zombie */
}

static void in_process_is_complete_at_once(void **state)
{
	struct call *c = start("x", true);
	struct err e = ERR_INIT;
	json_t *result = NULL;

	(void)state;
	assert_true(call_ready(c, 100));
	assert_int_equal(call_finish(c, &result, &e), 0);
	assert_true(json_is_true(json_object_get(result, "here")));
	json_decref(result);
}

static void errors_keep_kind_and_text(void **state)
{
	struct call *c = start("fail", false);
	struct err e = ERR_INIT;
	json_t *result = NULL;

	(void)state;
	wait_for(c);
	assert_int_equal(call_finish(c, &result, &e), -1);
	assert_int_equal(e.kind, ERR_CONFLICT);
	assert_string_equal(e.text, "test.op: busy");
	assert_null(result);
}

static void silence_ends_at_the_deadline(void **state)
{
	struct call *c = start("hang", false);
	struct err e = ERR_INIT;

	(void)state;
	assert_false(call_ready(c, 109));
	assert_true(call_ready(c, 110));
	assert_int_equal(call_finish(c, NULL, &e), -1);
	assert_int_equal(e.kind, ERR_UNAVAILABLE);
	assert_string_equal(e.text, "test.op: no answer within 10 s");
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void percents_come_before_the_answer(void **state)
{
	struct call *c = start("tell", false);
	struct err e = ERR_INIT;
	json_t *result = NULL;

	(void)state;
	assert_int_equal(call_percent(c), -1);
	wait_for(c);
	assert_int_equal(call_percent(c), 42);
	assert_int_equal(call_finish(c, &result, &e), 0);
	assert_string_equal(json_string_value(json_object_get(result, "how")), "tell");
	json_decref(result);
}

/* With no process left it matters most to know whether anything was written. */
static void percents_are_known_without_a_child(void **state)
{
	struct call *c = start("tell", true);

	(void)state;
	assert_int_equal(call_percent(c), 42);
	assert_int_equal(call_finish(c, NULL, NULL), 0);
}

static void a_sign_of_life_puts_the_deadline_off(void **state)
{
	struct call *c = start("slow", false);
	struct err e = ERR_INIT;

	(void)state;
	while (call_percent(c) != 100) {
		struct pollfd p = { .fd = call_fd(c), .events = POLLIN };

		assert_int_equal(poll(&p, 1, 10000), 1);
		assert_false(call_ready(c, 109));
	}
	assert_false(call_ready(c, 118));
	assert_true(call_ready(c, 119));
	assert_int_equal(call_finish(c, NULL, &e), -1);
	assert_int_equal(e.kind, ERR_UNAVAILABLE);
}

static void death_is_an_error(void **state)
{
	struct call *c = start("die", false);
	struct err e = ERR_INIT;

	(void)state;
	wait_for(c);
	assert_int_equal(call_finish(c, NULL, &e), -1);
	assert_string_equal(e.text, "test.op: ended without an answer");
}

static void large_answers_come_whole(void **state)
{
	struct call *c = start("large", false);
	struct err e = ERR_INIT;
	json_t *result = NULL;

	(void)state;
	wait_for(c);
	assert_int_equal(call_finish(c, &result, &e), 0);
	assert_int_equal(json_array_size(result), 20000);
	json_decref(result);
}

static void cancelled_calls_leave_nothing(void **state)
{
	(void)state;
	call_cancel(start("hang", false));
	call_cancel(NULL);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answer_comes_from_a_child),
		cmocka_unit_test(in_process_is_complete_at_once),
		cmocka_unit_test(errors_keep_kind_and_text),
		cmocka_unit_test(silence_ends_at_the_deadline),
		cmocka_unit_test(percents_come_before_the_answer),
		cmocka_unit_test(percents_are_known_without_a_child),
		cmocka_unit_test(a_sign_of_life_puts_the_deadline_off),
		cmocka_unit_test(death_is_an_error),
		cmocka_unit_test(large_answers_come_whole),
		cmocka_unit_test(cancelled_calls_leave_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
