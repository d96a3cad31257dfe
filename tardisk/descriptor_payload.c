// SPDX-License-Identifier: Apache-2.0
#include "descriptor_payload.h"

#include <string.h>

#include "tar.h"

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789_-"
#define HEX "0123456789abcdef"

/* The compressed form is smaller, or larger by very little. */
#define SIZE_MAX_PACKED (TARDISK_MAX_SIZE + (TARDISK_MAX_SIZE >> 7))

const char *bundle_payload_name_fault(const char *name)
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

static int get_size(json_t *value, const char *field, uint64_t max, uint64_t *out, struct err *e)
{
	json_t *number = json_object_get(value, field);

	if (!json_is_integer(number) || json_integer_value(number) < 1 ||
	    (uint64_t)json_integer_value(number) > max)
		return err_set(e, ERR_INVALID, "%s: missing or no number in range", field);
	*out = (uint64_t)json_integer_value(number);
	return 0;
}

static int get_digest(json_t *value, const char *field, char *out, struct err *e)
{
	const char *text = json_string_value(json_object_get(value, field));

	if (!text || strlen(text) != BUNDLE_DIGEST_LEN || strspn(text, HEX) != BUNDLE_DIGEST_LEN)
		return err_set(e, ERR_INVALID, "%s: missing or not 64 digits 0-9a-f", field);
	memcpy(out, text, BUNDLE_DIGEST_LEN + 1);
	return 0;
}

static int check_names(json_t *value, struct err *e)
{
	static const char *const known[] = { "name",   "type",	       "size",
					     "sha256", "content_size", "content_sha256" };
	const char *name;
	json_t *member;
	size_t i;

	json_object_foreach (value, name, member) {
		for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			if (!strcmp(name, known[i]))
				break;
		if (i == sizeof(known) / sizeof(known[0]) && strncmp(name, "x-", 2))
			return err_set(e, ERR_INVALID, "%.64s: unknown field", name);
	}
	return 0;
}

int bundle_payload_parse(json_t *value, struct bundle_payload *payload, struct err *e)
{
	const char *name = json_string_value(json_object_get(value, "name"));
	const char *type = json_string_value(json_object_get(value, "type"));
	const char *fault = name ? bundle_payload_name_fault(name) : "missing";

	if (!json_is_object(value))
		return err_set(e, ERR_INVALID, "not an object");
	if (check_names(value, e))
		return -1;
	if (fault)
		return err_set(e, ERR_INVALID, "name: %s", fault);
	if (!type || strcmp(type, "tardisk"))
		return err_set(e, ERR_INVALID, "type: missing or not \"tardisk\"");
	memcpy(payload->name, name, strlen(name) + 1);
	if (get_size(value, "size", SIZE_MAX_PACKED, &payload->size, e) ||
	    get_digest(value, "sha256", payload->sha256, e) ||
	    get_size(value, "content_size", TARDISK_MAX_SIZE, &payload->content_size, e) ||
	    get_digest(value, "content_sha256", payload->content_sha256, e))
		return -1;
	if (payload->content_size % TARDISK_PAGE)
		return err_set(e, ERR_INVALID, "content_size: not a multiple of 4096");
	return 0;
}
