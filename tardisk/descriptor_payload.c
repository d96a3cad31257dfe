// SPDX-License-Identifier: Apache-2.0
/* An element of "payloads". */
#include <string.h>

#include "cleanup.h"
#include "descriptor_object.h"
#include "tar.h"

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789_-"

/* The compressed form is smaller, or larger by very little. */
#define SIZE_MAX_PACKED (TARDISK_MAX_SIZE + (TARDISK_MAX_SIZE >> 7))

static const char *name_fault(const char *name)
{
	size_t len = strspn(name, NAME_CHARACTERS);
	const char *suffix = name + len;

	if (!len || name[0] == '-' || name[0] == '_' || strlen(suffix) != 4 ||
	    strncmp(suffix, ".v", 2) || strspn(suffix + 2, "0123456789") != 2)
		return "must be a word of a-z, 0-9, _ and -, then .v and two digits";
	if (strlen(name) > BUNDLE_PAYLOAD_NAME_MAX)
		return "is longer than 15 characters";
	return NULL;
}

int bundle_payload_parse(const json_t *value, struct bundle_payload *payload, struct err *e)
{
	static const char *const known[] = { "name",	     "type",	       "size",	   "sha256",
					     "content_size", "content_sha256", "root_hash" };
	const char *name = json_string_value(json_object_get(value, "name"));
	const char *type = json_string_value(json_object_get(value, "type"));
	const char *fault = name ? name_fault(name) : "missing";

	if (object_check(value, known, ARRAY_SIZE(known), e))
		return -1;
	if (fault)
		return err_set(e, ERR_INVALID, "name: %s", fault);
	if (!type || strcmp(type, "tardisk"))
		return err_set(e, ERR_INVALID, "type: missing or not \"tardisk\"");
	memcpy(payload->name, name, strlen(name) + 1);
	if (object_number(value, "size", true, 1, SIZE_MAX_PACKED, &payload->size, e) ||
	    object_digest(value, "sha256", payload->sha256, e) ||
	    object_number(value, "content_size", true, 1, TARDISK_MAX_SIZE, &payload->content_size,
			  e) ||
	    object_digest(value, "content_sha256", payload->content_sha256, e) ||
	    object_digest(value, "root_hash", payload->root_hash, e))
		return -1;
	if (payload->content_size % TARDISK_PAGE)
		return err_set(e, ERR_INVALID, "content_size: not a multiple of 4096");
	payload->extra = object_extra(value);
	return 0;
}

json_t *bundle_payload_json(const struct bundle_payload *p)
{
	json_t *value = json_pack("{s:s, s:s, s:I, s:s, s:I, s:s, s:s}", "name", p->name, "type",
				  "tardisk", "size", (json_int_t)p->size, "sha256", p->sha256,
				  "content_size", (json_int_t)p->content_size, "content_sha256",
				  p->content_sha256, "root_hash", p->root_hash);

	if (value && p->extra)
		json_object_update(value, p->extra);
	return value;
}
