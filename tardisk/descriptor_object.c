// SPDX-License-Identifier: Apache-2.0
#include "descriptor_object.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "descriptor_field.h"

#define HEX "0123456789abcdef"

static bool is_extra(const char *name)
{
	return !strncmp(name, "x-", 2);
}

int object_check(const json_t *value, const char *const *known, size_t n, struct err *e)
{
	const char *name;
	json_t *member;
	size_t i;

	if (!json_is_object(value))
		return err_set(e, ERR_INVALID, "not an object");
	json_object_foreach ((json_t *)value, name, member) {
		for (i = 0; i < n; i++)
			if (!strcmp(name, known[i]))
				break;
		if (i == n && !is_extra(name))
			return err_set(e, ERR_INVALID, "%.64s: unknown field", name);
	}
	return 0;
}

json_t *object_extra(const json_t *value)
{
	json_t *extra = NULL, *member;
	const char *name;

	json_object_foreach ((json_t *)value, name, member) {
		if (!is_extra(name))
			continue;
		if (!extra)
			extra = json_object();
		json_object_set(extra, name, member);
	}
	return extra;
}

int object_number(const json_t *value, const char *field, bool required, uint64_t min, uint64_t max,
		  uint64_t *out, struct err *e)
{
	const json_t *number = json_object_get(value, field);

	if (!number && !required)
		return 0;
	if (!json_is_integer(number) || json_integer_value(number) < 0 ||
	    (uint64_t)json_integer_value(number) < min ||
	    (uint64_t)json_integer_value(number) > max)
		return err_set(e, ERR_INVALID, "%s: missing or no number in range", field);
	*out = (uint64_t)json_integer_value(number);
	return 0;
}

int object_line(const json_t *value, const char *field, bool required, size_t max, char **out,
		struct err *e)
{
	const json_t *text = json_object_get(value, field);
	const char *fault = NULL;

	if (text || required) {
		if (!json_is_string(text) || json_string_length(text) > max ||
		    !json_string_length(text))
			fault = "missing, empty, too long or no string";
		else
			fault = field_line_fault(json_string_value(text));
	}
	if (fault)
		return err_set(e, ERR_INVALID, "%s: %s", field, fault);
	*out = strdup(text ? json_string_value(text) : "");
	return *out ? 0 : err_sys(e, ENOMEM, "%s", field);
}

int object_digest(const json_t *value, const char *field, char out[static BUNDLE_DIGEST_LEN + 1],
		  struct err *e)
{
	const char *text = json_string_value(json_object_get(value, field));

	if (!text || strlen(text) != BUNDLE_DIGEST_LEN || strspn(text, HEX) != BUNDLE_DIGEST_LEN)
		return err_set(e, ERR_INVALID, "%s: missing or not 64 digits 0-9a-f", field);
	memcpy(out, text, BUNDLE_DIGEST_LEN + 1);
	return 0;
}
