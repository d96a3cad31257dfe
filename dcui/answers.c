// SPDX-License-Identifier: Apache-2.0
/* Fixed answers. */
#include "dcui/answers.h"

static json_t *answers;

int answers_load(const char *path, struct err *e)
{
	json_error_t error;
	json_t *file = json_load_file(path, 0, &error);

	if (!file)
		return err_set(e, ERR_INVALID, "%s:%d: %s", path, error.line, error.text);
	if (!answers)
		answers = json_object();
	if (json_object_update(answers, file) < 0) {
		json_decref(file);
		return err_set(e, ERR_INVALID, "%s: not an object", path);
	}
	json_decref(file);
	return 0;
}

static int fits(json_t *wanted, const json_t *params)
{
	const char *key;
	json_t *value;

	json_object_foreach (wanted, key, value)
		if (!json_equal(value, json_object_get(params, key)))
			return 0;
	return 1;
}

static json_t *choose(json_t *answer, const json_t *params)
{
	json_t *one;
	size_t i;

	if (!json_is_array(json_object_get(answer, "cases")))
		return answer;
	json_array_foreach (json_object_get(answer, "cases"), i, one)
		if (fits(json_object_get(one, "params"), params))
			return json_object_get(one, "answer");
	return NULL;
}

int answers_call(const char *op, json_t *params, json_t **result, struct err *e)
{
	json_t *answer = choose(json_object_get(answers, op), params);
	json_t *error = json_object_get(answer, "error");
	const char *kind = json_string_value(json_object_get(error, "kind"));
	const char *text = json_string_value(json_object_get(error, "text"));

	if (error)
		return err_set(e, err_kind_from_name(kind ? kind : ""), "%s", text ? text : op);
	*result = answer ? json_incref(answer) : json_null();
	return 0;
}

void answers_free(void)
{
	json_decref(answers);
	answers = NULL;
}
