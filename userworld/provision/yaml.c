// SPDX-License-Identifier: Apache-2.0
#include "yaml.h"

#include <stdbool.h>
#include <string.h>
#include <yaml.h>

struct reader {
	yaml_parser_t parser;
	const char *name;
	unsigned int values;
};

static int wrong(const struct reader *r, const yaml_event_t *event, const char *what, struct err *e)
{
	return err_set(e, ERR_INVALID, "%s:%zu: %s", r->name, event->start_mark.line + 1, what);
}

static int next(struct reader *r, yaml_event_t *event, struct err *e)
{
	if (yaml_parser_parse(&r->parser, event))
		return 0;
	if (r->parser.error == YAML_MEMORY_ERROR)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	return err_set(e, ERR_INVALID, "%s:%zu: %s", r->name, r->parser.problem_mark.line + 1,
		       r->parser.problem ?: "is no YAML");
}

static json_t *scalar(const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

	if (plain && (!*text || !strcmp(text, "~") || !strcmp(text, "null")))
		return json_null();
	return json_stringn(text, event->data.scalar.length);
}

static int value(struct reader *r, const yaml_event_t *event, int depth, json_t **out,
		 struct err *e);

static int sequence(struct reader *r, int depth, json_t *list, struct err *e)
{
	for (;;) {
		yaml_event_t event;
		json_t *item = NULL;
		int rc;

		if (next(r, &event, e) < 0)
			return -1;
		if (event.type == YAML_SEQUENCE_END_EVENT) {
			yaml_event_delete(&event);
			return 0;
		}
		rc = value(r, &event, depth, &item, e);
		yaml_event_delete(&event);
		if (rc < 0)
			return -1;
		json_array_append_new(list, item);
	}
}

/* A key and its value; 1 at the end of the mapping. */
static int pair(struct reader *r, int depth, json_t *object, struct err *e)
{
	yaml_event_t key, event;
	json_t *item = NULL;
	int rc = -1;

	if (next(r, &key, e) < 0)
		return -1;
	if (key.type == YAML_MAPPING_END_EVENT) {
		rc = 1;
	} else if (key.type != YAML_SCALAR_EVENT) {
		wrong(r, &key, "a key must be a word", e);
	} else if (json_object_get(object, (char *)key.data.scalar.value)) {
		wrong(r, &key, "this key is there twice", e);
	} else if (next(r, &event, e) == 0) {
		rc = value(r, &event, depth, &item, e);
		yaml_event_delete(&event);
		if (rc == 0 && json_object_set_new(object, (char *)key.data.scalar.value, item) < 0)
			rc = wrong(r, &key, "a key is not UTF-8", e);
	}
	yaml_event_delete(&key);
	return rc;
}

static int mapping(struct reader *r, int depth, json_t *object, struct err *e)
{
	int rc;

	while ((rc = pair(r, depth, object, e)) == 0)
		;
	return rc < 0 ? -1 : 0;
}

/* The value that an event begins; depth is that of what it stands in. */
static int value(struct reader *r, const yaml_event_t *event, int depth, json_t **out,
		 struct err *e)
{
	int rc = 0;

	if (++r->values > YAML_VALUES_MAX || depth >= YAML_DEPTH_MAX)
		return wrong(r, event, "more values, or levels of them, than a seed can have", e);
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		*out = scalar(event);
		return *out ? 0 : wrong(r, event, "a value is not UTF-8, or has a NUL", e);
	case YAML_SEQUENCE_START_EVENT:
		*out = json_array();
		rc = sequence(r, depth + 1, *out, e);
		break;
	case YAML_MAPPING_START_EVENT:
		*out = json_object();
		rc = mapping(r, depth + 1, *out, e);
		break;
	default:
		return wrong(r, event, "aliases are not taken", e);
	}
	if (rc < 0) {
		json_decref(*out);
		*out = NULL;
	}
	return rc;
}

/* Takes one event that must be of a type. */
static int expect(struct reader *r, yaml_event_type_t type, const char *what, struct err *e)
{
	yaml_event_t event;
	int rc;

	if (next(r, &event, e) < 0)
		return -1;
	rc = event.type == type ? 0 : wrong(r, &event, what, e);
	yaml_event_delete(&event);
	return rc;
}

static int document(struct reader *r, json_t **out, struct err *e)
{
	yaml_event_t event;
	int rc = 0;

	if (expect(r, YAML_STREAM_START_EVENT, "is no YAML", e) < 0 || next(r, &event, e) < 0)
		return -1;
	if (event.type == YAML_STREAM_END_EVENT) {
		yaml_event_delete(&event);
		*out = json_null();
		return 0;
	}
	yaml_event_delete(&event);
	if (next(r, &event, e) < 0)
		return -1;
	rc = value(r, &event, 0, out, e);
	yaml_event_delete(&event);
	if (rc < 0)
		return -1;
	if (expect(r, YAML_DOCUMENT_END_EVENT, "is no YAML", e) < 0)
		return -1;
	return expect(r, YAML_STREAM_END_EVENT, "there is more than one document", e);
}

int yaml_read(const char *name, const char *text, size_t len, json_t **out, struct err *e)
{
	struct reader r = { .name = name };
	int rc;

	*out = NULL;
	if (len > YAML_TEXT_MAX)
		return err_set(e, ERR_INVALID, "%s: has more than %d bytes", name, YAML_TEXT_MAX);
	if (!yaml_parser_initialize(&r.parser))
		return err_set(e, ERR_NO_SPACE, "out of memory");
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, len);
	rc = document(&r, out, e);
	yaml_parser_delete(&r.parser);
	if (rc < 0) {
		json_decref(*out);
		*out = NULL;
	}
	return rc;
}
