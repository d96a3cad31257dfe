/* SPDX-License-Identifier: Apache-2.0 */
/* The fields of descriptor.json: one line of a table each, and what parses them. */
#ifndef TARDISK_DESCRIPTOR_FIELD_H
#define TARDISK_DESCRIPTOR_FIELD_H

#include "descriptor_object.h"

struct field {
	const char *name;
	int since; /* format that brought it */
	bool required;
	int (*parse)(void *to, json_t *value, const struct field *f, struct err *e);
	size_t offset; /* of the member of struct bundle_descriptor */
	size_t max;    /* bytes of a string, elements of an array; at least one if required */
	const char *(*fault)(const char *text);
};

/* ERR_INVALID "descriptor.json: FIELD: what" or "...: FIELD[i]: what"; both return -1. */
int field_refuse(const struct field *f, const char *what, struct err *e);
int field_refuse_item(const struct field *f, size_t i, const char *what, struct err *e);

/* An array of at most f->max elements? */
int field_check_array(json_t *value, const struct field *f, struct err *e);

/* Parsers; "to" is the member, which is empty (all bytes 0) before. */
int field_string(void *to, json_t *value, const struct field *f, struct err *e);
int field_bool(void *to, json_t *value, const struct field *f, struct err *e);
int field_relations(void *to, json_t *value, const struct field *f, struct err *e);
int field_sorted(void *to, json_t *value, const struct field *f, struct err *e); /* byte order */
int field_names(void *to, json_t *value, const struct field *f, struct err *e);	 /* none twice */

/* Faults of texts: NULL, or what is wrong. */
const char *field_vendor_fault(const char *text);
const char *field_line_fault(const char *text);
const char *field_text_fault(const char *text);
const char *field_time_fault(const char *text);
const char *field_path_fault(const char *text);
const char *field_architecture_fault(const char *text);

#endif
