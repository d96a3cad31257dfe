// SPDX-License-Identifier: Apache-2.0
/* What parses the fields of descriptor.json, by their kind. */
#include "descriptor_field.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "tar.h"

int field_refuse(const struct field *f, const char *what, struct err *e)
{
	return err_set(e, ERR_INVALID, BUNDLE_DESCRIPTOR_FILE ": %s: %s", f->name, what);
}

int field_refuse_item(const struct field *f, size_t i, const char *what, struct err *e)
{
	return err_set(e, ERR_INVALID, BUNDLE_DESCRIPTOR_FILE ": %s[%zu]: %s", f->name, i, what);
}

int field_string(void *to, json_t *value, const struct field *f, struct err *e)
{
	const char *fault = NULL;

	if (!json_is_string(value))
		return field_refuse(f, "must be a string", e);
	if (json_string_length(value) > f->max || (f->required && !json_string_length(value)))
		return field_refuse(f, "is empty or too long", e);
	if (f->fault)
		fault = f->fault(json_string_value(value));
	if (fault)
		return field_refuse(f, fault, e);
	*(char **)to = strdup(json_string_value(value));
	return *(char **)to ? 0 : err_sys(e, ENOMEM, "%s", f->name);
}

int field_bool(void *to, json_t *value, const struct field *f, struct err *e)
{
	if (!json_is_boolean(value))
		return field_refuse(f, "must be true or false", e);
	*(bool *)to = json_is_true(value);
	return 0;
}

int field_check_array(json_t *value, const struct field *f, struct err *e)
{
	if (!json_is_array(value))
		return field_refuse(f, "must be an array", e);
	if (json_array_size(value) > f->max)
		return field_refuse(f, "has too many elements", e);
	return 0;
}

int field_relations(void *to, json_t *value, const struct field *f, struct err *e)
{
	struct bundle_relations *r = to;
	json_t *item;
	size_t i;

	if (field_check_array(value, f, e))
		return -1;
	r->items = calloc(json_array_size(value) + 1, sizeof(*r->items));
	if (!r->items)
		return err_sys(e, ENOMEM, "%s", f->name);
	json_array_foreach (value, i, item) {
		if (!json_is_string(item))
			return field_refuse_item(f, i, "must be a string", e);
		if (bundle_relation_parse(json_string_value(item), &r->items[i], e))
			return err_wrap(e, BUNDLE_DESCRIPTOR_FILE ": %s[%zu]", f->name, i);
		/* What a bundle provides has one version, not a range. */
		if (f->offset == offsetof(struct bundle_descriptor, provides) &&
		    r->items[i].op != BUNDLE_ANY && r->items[i].op != BUNDLE_EQ)
			return field_refuse_item(f, i, "must be NAME or NAME = VERSION", e);
		r->n++;
	}
	return 0;
}

static int parse_strings(void *to, json_t *value, const struct field *f, struct err *e)
{
	struct bundle_strings *s = to;
	const char *fault;
	json_t *item;
	size_t i;

	if (field_check_array(value, f, e))
		return -1;
	s->items = calloc(json_array_size(value) + 1, sizeof(*s->items));
	if (!s->items)
		return err_sys(e, ENOMEM, "%s", f->name);
	json_array_foreach (value, i, item) {
		if (!json_is_string(item))
			return field_refuse_item(f, i, "must be a string", e);
		fault = f->fault(json_string_value(item));
		if (fault)
			return field_refuse_item(f, i, fault, e);
		s->items[i] = strdup(json_string_value(item));
		if (!s->items[i])
			return err_sys(e, ENOMEM, "%s", f->name);
		s->n++;
	}
	return 0;
}

int field_sorted(void *to, json_t *value, const struct field *f, struct err *e)
{
	const struct bundle_strings *s = to;

	if (parse_strings(to, value, f, e))
		return -1;
	for (size_t i = 1; i < s->n; i++)
		if (strcmp(s->items[i - 1], s->items[i]) >= 0)
			return field_refuse_item(f, i, "is not in byte order or comes twice", e);
	return 0;
}

int field_names(void *to, json_t *value, const struct field *f, struct err *e)
{
	const struct bundle_strings *s = to;

	if (parse_strings(to, value, f, e))
		return -1;
	for (size_t i = 1; i < s->n; i++)
		for (size_t j = 0; j < i; j++)
			if (!strcmp(s->items[i], s->items[j]))
				return field_refuse_item(f, i, "comes twice", e);
	return 0;
}

const char *field_vendor_fault(const char *text)
{
	return bundle_version_fault(text) ? "must be letters, digits and + . ~ -" : NULL;
}

const char *field_line_fault(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return "has a control character";
	return NULL;
}

const char *field_text_fault(const char *text)
{
	for (; *text; text++)
		if (((unsigned char)*text < ' ' && *text != '\n') || *text == 0x7f)
			return "has a control character other than a newline";
	return NULL;
}

const char *field_time_fault(const char *text)
{
	struct tm tm = { 0 };
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);

	return end && !*end && strlen(text) == 20 ? NULL
						  : "must be of the form 2026-01-31T12:00:00Z";
}

const char *field_path_fault(const char *text)
{
	size_t len = strlen(text);

	return tardisk_path_fault(text, len > UINT32_MAX ? 0 : (uint32_t)len);
}

const char *field_architecture_fault(const char *text)
{
	static const char *const known[] = { "all", "x86_64", "aarch64" };

	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (!strcmp(text, known[i]))
			return NULL;
	return "must be all, x86_64 or aarch64";
}
