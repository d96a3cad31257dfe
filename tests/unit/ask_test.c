// SPDX-License-Identifier: Apache-2.0
/* Asks as messages: what is packed comes back, and nothing else is believed. */
#include <string.h>

#include "tests/unit/unit.h"
#include "userworld/hostd/ask.h"

static struct ask sample(void)
{
	struct ask ask = { .type = ASK_CALL, .from = "192.0.2.7", .async = true, .key = "k1" };

	ask.op = core_find("system.hostname.set");
	assert_non_null(ask.op);
	ask.params = json_pack("{s:s}", "hostname", "esx");
	ask.proof.kind = PROOF_PASSWORD;
	strcpy(ask.proof.user, "root");
	strcpy(ask.proof.secret, "correct horse");
	return ask;
}

static void comes_back(void **state)
{
	struct ask ask = sample(), got;
	json_t *message = ask_pack(&ask);
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(ask_parse(ASK_CALL, message, &got, &e), 0);
	assert_ptr_equal(got.op, ask.op);
	assert_true(json_equal(got.params, ask.params));
	assert_string_equal(got.proof.secret, "correct horse");
	assert_string_equal(got.from, "192.0.2.7");
	assert_string_equal(got.key, "k1");
	assert_true(got.async);
	assert_false(got.local);
	json_decref(message);
	json_decref(ask.params);
}

/* Each member in turn: missing, of another type, too long. */
static void not_believed(void **state)
{
	static const char *const names[] = { "proof",  "user",	"secret", "from",  "op",
					     "params", "async", "key",	  "match", "size" };
	struct ask ask = sample(), got;
	char much[400];

	(void)state;
	memset(much, 'x', sizeof(much) - 1);
	much[sizeof(much) - 1] = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		json_t *message = ask_pack(&ask);

		json_object_set_new(message, names[i], json_string(much));
		assert_int_equal(ask_parse(ASK_CALL, message, &got, NULL), -1);
		json_object_set_new(message, names[i], json_array());
		assert_int_equal(ask_parse(ASK_CALL, message, &got, NULL), -1);
		json_object_del(message, names[i]);
		assert_int_equal(ask_parse(ASK_CALL, message, &got, NULL), -1);
		json_decref(message);
	}
	json_decref(ask.params);
}

/* There if it is the proof, and only then, and of a length that base64 has. */
static void certificates(void **state)
{
	static char much[ASK_CERTIFICATE_MAX + 5];
	struct ask ask = sample(), got;
	json_t *message;

	(void)state;
	ask.proof.certificate = "AAAA";
	message = ask_pack(&ask);
	assert_null(json_object_get(message, "certificate"));
	assert_int_equal(ask_parse(ASK_CALL, message, &got, NULL), 0);
	assert_null(got.proof.certificate);
	json_object_set_new(message, "certificate", json_string("AAAA"));
	assert_int_equal(ask_parse(ASK_CALL, message, &got, NULL), -1);
	json_decref(message);
	ask.proof.kind = PROOF_CERTIFICATE;
	message = ask_pack(&ask);
	assert_int_equal(ask_parse(ASK_CALL, message, &got, NULL), 0);
	assert_int_equal(got.proof.kind, PROOF_CERTIFICATE);
	assert_string_equal(got.proof.certificate, "AAAA");
	memset(much, 'A', sizeof(much) - 1);
	json_object_set_new(message, "certificate", json_string(much));
	assert_int_equal(ask_parse(ASK_CALL, message, &got, NULL), -1);
	json_object_set_new(message, "certificate", json_string(much + 4));
	assert_int_equal(ask_parse(ASK_CALL, message, &got, NULL), 0);
	json_object_set_new(message, "certificate", json_string("AAA"));
	assert_int_equal(ask_parse(ASK_CALL, message, &got, NULL), -1);
	json_object_set_new(message, "certificate", json_string(""));
	assert_int_equal(ask_parse(ASK_CALL, message, &got, NULL), -1);
	json_object_del(message, "certificate");
	assert_int_equal(ask_parse(ASK_CALL, message, &got, NULL), -1);
	json_decref(message);
	json_decref(ask.params);
}

static void no_way_around(void **state)
{
	struct ask ask = sample(), got;
	json_t *message = ask_pack(&ask);

	(void)state;
	/* Being local is no member of a message. */
	json_object_set_new(message, "local", json_true());
	assert_int_equal(ask_parse(ASK_CALL, message, &got, NULL), -1);
	json_object_del(message, "local");
	assert_int_equal(ask_parse(ASK_CALL, message, &got, NULL), 0);
	/* Operations for the own process stay there. */
	json_object_set_new(message, "op", json_string("account.verify"));
	assert_int_equal(ask_parse(ASK_CALL, message, &got, NULL), -1);
	json_object_set_new(message, "op", json_string("no.such"));
	assert_int_equal(ask_parse(ASK_CALL, message, &got, NULL), -1);
	assert_int_equal(ask_parse(0, message, &got, NULL), -1);
	assert_int_equal(ask_parse(ASK_TYPES, message, &got, NULL), -1);
	json_decref(message);
	json_decref(ask.params);
}

static void sizes(void **state)
{
	struct ask ask = { .type = ASK_UPLOAD, .size = 1, .params = json_object() }, got;
	json_t *message = ask_pack(&ask);

	(void)state;
	assert_int_equal(ask_parse(ASK_UPLOAD, message, &got, NULL), 0);
	assert_int_equal(got.size, 1);
	json_object_set_new(message, "size", json_integer(-1));
	assert_int_equal(ask_parse(ASK_UPLOAD, message, &got, NULL), -1);
	json_object_set_new(message, "size", json_integer(INT64_MAX));
	assert_int_equal(ask_parse(ASK_UPLOAD, message, &got, NULL), -1);
	json_object_set_new(message, "size", json_integer(1));
	json_object_set_new(message, "params", json_null());
	assert_int_equal(ask_parse(ASK_UPLOAD, message, &got, NULL), -1);
	json_decref(ask.params);
	json_decref(message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comes_back),	cmocka_unit_test(not_believed),
		cmocka_unit_test(certificates), cmocka_unit_test(no_way_around),
		cmocka_unit_test(sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
