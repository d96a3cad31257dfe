// SPDX-License-Identifier: Apache-2.0
/* Parameters against their specification: the one place that says what is wrong with a request. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

#define STRING_MAX 255

static const char *const type_names[] = {
	[CORE_STRING] = "a string", [CORE_INT] = "an integer",	      [CORE_BOOL] = "true or false",
	[CORE_NAME] = "a name",	    [CORE_PATH] = "an absolute path", [CORE_TEXT] = "text",
};

static bool right_type(const struct core_param *p, const json_t *value)
{
	switch (p->type) {
	case CORE_INT:
		return json_is_integer(value);
	case CORE_BOOL:
		return json_is_boolean(value);
	default:
		return json_is_string(value);
	}
}

#define NUMBER_MAX 24

/* A size in the largest unit in which it is a whole number: what was given must be known again. */
static const char *number_text(const struct core_param *p, json_int_t n,
			       char buf[static NUMBER_MAX])
{
	static const char *const units[] = { "B", "K", "M", "G" };
	const char *unit = "";

	if (p->bytes && n > 0) {
		size_t i = 0;

		for (; i < 3 && n % 1024 == 0; i++)
			n /= 1024;
		unit = units[i];
	}
	snprintf(buf, NUMBER_MAX, "%" JSON_INTEGER_FORMAT "%s", n, unit);
	return buf;
}

static int check_range(const struct core_param *p, json_int_t number, struct err *e)
{
	char given[NUMBER_MAX], least[NUMBER_MAX], most[NUMBER_MAX];

	if (p->min == 0 && p->max == 0)
		return 0;
	if (number < p->min || number > p->max)
		return err_set(e, ERR_INVALID, "%s: %s is not between %s and %s", p->name,
			       number_text(p, number, given), number_text(p, p->min, least),
			       number_text(p, p->max, most));
	return 0;
}

static int check_length(const struct core_param *p, size_t len, struct err *e)
{
	size_t max = p->max ? (size_t)p->max : STRING_MAX;

	if (len < (size_t)p->min)
		return err_set(e, ERR_INVALID, "%s: has %zu bytes, needs at least %zu", p->name,
			       len, (size_t)p->min);
	if (len > max)
		return err_set(e, ERR_INVALID, "%s: has %zu bytes, may have %zu", p->name, len,
			       max);
	return 0;
}

/* A newline in a name or password would start a new line in the file it is written to. */
static int check_text(const struct core_param *p, const char *text, size_t len, struct err *e)
{
	for (size_t i = 0; i < len; i++)
		if (((unsigned char)text[i] < ' ' || text[i] == 0x7f) &&
		    !(p->type == CORE_TEXT && strchr("\n\r\t", text[i])))
			return err_set(e, ERR_INVALID, "%s: has a control character at byte %zu",
				       p->name, i);
	return 0;
}

static int check_name(const struct core_param *p, const char *name, struct err *e)
{
	if (!isalnum((unsigned char)name[0]))
		return err_set(e, ERR_INVALID, "%s: must begin with a letter or digit", p->name);
	for (const char *c = name; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("._+-", *c))
			return err_set(e, ERR_INVALID,
				       "%s: may hold letters, digits and . _ + - only", p->name);
	return 0;
}

/* One of "on|off"? */
static int check_word(const struct core_param *p, const char *text, struct err *e)
{
	size_t len = strlen(text);

	for (const char *word = p->words; word; word = strchr(word, '|')) {
		word += *word == '|';
		if (len == strcspn(word, "|") && !strncmp(word, text, len))
			return 0;
	}
	return err_set(e, ERR_INVALID, "%s: '%.64s' is not one of %s", p->name, text, p->words);
}

static int check_path(const struct core_param *p, const char *path, struct err *e)
{
	if (path[0] != '/')
		return err_set(e, ERR_INVALID, "%s: '%s' is not an absolute path", p->name, path);
	for (const char *part = path; part; part = strchr(part, '/')) {
		size_t len = strcspn(++part, "/");

		if ((len == 1 && part[0] == '.') || (len == 2 && !strncmp(part, "..", 2)))
			return err_set(e, ERR_INVALID, "%s: '%s' has a part that is . or ..",
				       p->name, path);
	}
	return 0;
}

static int check_string(const struct core_param *p, const json_t *value, struct err *e)
{
	const char *text = json_string_value(value);
	size_t len = json_string_length(value);

	if (check_text(p, text, len, e) < 0)
		return -1;
	/* Before its length: "vda" is too short for a device, but that is not what is wrong with
	 * it. */
	if (p->type == CORE_PATH && check_path(p, text, e) < 0)
		return -1;
	if (check_length(p, len, e) < 0)
		return -1;
	if (p->type == CORE_NAME && check_name(p, text, e) < 0)
		return -1;
	return p->words ? check_word(p, text, e) : 0;
}

static int check_value(const struct core_param *p, const json_t *value, struct err *e)
{
	if (!right_type(p, value))
		return err_set(e, ERR_USAGE, "%s: must be %s", p->name, type_names[p->type]);
	if (p->type == CORE_INT)
		return check_range(p, json_integer_value(value), e);
	if (p->type == CORE_BOOL)
		return 0;
	return check_string(p, value, e);
}

static bool known(const struct core_op *op, const char *name)
{
	for (const struct core_param *p = op->params; p && p->name; p++)
		if (!strcmp(p->name, name))
			return true;
	return false;
}

int core_check(const struct core_op *op, json_t *params, struct err *e)
{
	const char *key;
	json_t *value;

	if (params && !json_is_object(params))
		return err_set(e, ERR_USAGE, "%s: parameters must be an object", op->name);
	json_object_foreach (params, key, value) {
		if (!known(op, key))
			return err_set(e, ERR_USAGE, "%s: has no parameter '%.64s'", op->name, key);
	}
	for (const struct core_param *p = op->params; p && p->name; p++) {
		value = json_object_get(params, p->name);
		if (!value || json_is_null(value)) {
			if (p->required)
				return err_set(e, ERR_USAGE, "%s: parameter '%s' is missing",
					       op->name, p->name);
			continue;
		}
		if (check_value(p, value, e) < 0)
			return -1;
	}
	return 0;
}

const char *core_string(json_t *params, const char *name)
{
	return json_string_value(json_object_get(params, name));
}

json_int_t core_integer(json_t *params, const char *name, json_int_t otherwise)
{
	json_t *value = json_object_get(params, name);

	return json_is_integer(value) ? json_integer_value(value) : otherwise;
}
