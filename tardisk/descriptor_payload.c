// SPDX-License-Identifier: Apache-2.0
/* An element of "payloads". */
#include <string.h>

#include "cleanup.h"
#include "descriptor_object.h"
#include "tar.h"

#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789_-"

#define BOOT_FILE_MAX 0x7fffffffu /* bytes; FAT could do 4 GiB less one */

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

/* A bank's file system has short names only. */
static const char *boot_name_fault(const char *name)
{
	static const char *const own[] = { "boot.cfg", "trial.log", "sha256.txt", "bundles.img" };
	size_t len = strspn(name, NAME_CHARACTERS);
	size_t tail = name[len] == '.' ? strspn(name + len + 1, NAME_CHARACTERS) : 0;

	if (len < 1 || len > 8 || tail > 3 || name[len + (tail ? tail + 1 : 0)])
		return "must be 1 to 8 of a-z, 0-9, _ and -, then perhaps . and 1 to 3 of them";
	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		if (!strcmp(name, own[i]))
			return "is a file that the host writes";
	return NULL;
}

static int parse_boot(const json_t *value, const char *name, struct bundle_payload *payload,
		      struct err *e)
{
	static const char *const known[] = { "name", "type", "size", "sha256" };
	const char *fault = name ? boot_name_fault(name) : "missing";

	if (object_check(value, known, ARRAY_SIZE(known), e))
		return -1;
	if (fault)
		return err_set(e, ERR_INVALID, "name: %s", fault);
	payload->boot = true;
	memcpy(payload->name, name, strlen(name) + 1);
	if (object_number(value, "size", true, 1, BOOT_FILE_MAX, &payload->size, e))
		return -1;
	return object_digest(value, "sha256", payload->sha256, e);
}

static int parse_tardisk(const json_t *value, const char *name, struct bundle_payload *payload,
			 struct err *e)
{
	static const char *const known[] = { "name",	     "type",	       "size",	   "sha256",
					     "content_size", "content_sha256", "root_hash" };
	const char *fault = name ? name_fault(name) : "missing";

	if (object_check(value, known, ARRAY_SIZE(known), e))
		return -1;
	if (fault)
		return err_set(e, ERR_INVALID, "name: %s", fault);
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
	return 0;
}

int bundle_payload_parse(const json_t *value, struct bundle_payload *payload, struct err *e)
{
	const char *name = json_string_value(json_object_get(value, "name"));
	const char *type = json_string_value(json_object_get(value, "type"));
	int rc;

	if (!json_is_object(value))
		return err_set(e, ERR_INVALID, "not an object");
	if (type && !strcmp(type, "boot"))
		rc = parse_boot(value, name, payload, e);
	else if (type && !strcmp(type, "tardisk"))
		rc = parse_tardisk(value, name, payload, e);
	else
		return err_set(e, ERR_INVALID, "type: missing or not \"tardisk\" or \"boot\"");
	if (rc == 0)
		payload->extra = object_extra(value);
	return rc;
}

static json_t *boot_json(const struct bundle_payload *p)
{
	return json_pack("{s:s, s:s, s:I, s:s}", "name", p->name, "type", "boot", "size",
			 (json_int_t)p->size, "sha256", p->sha256);
}

static json_t *tardisk_json(const struct bundle_payload *p)
{
	return json_pack("{s:s, s:s, s:I, s:s, s:I, s:s, s:s}", "name", p->name, "type", "tardisk",
			 "size", (json_int_t)p->size, "sha256", p->sha256, "content_size",
			 (json_int_t)p->content_size, "content_sha256", p->content_sha256,
			 "root_hash", p->root_hash);
}

json_t *bundle_payload_json(const struct bundle_payload *p)
{
	json_t *value = p->boot ? boot_json(p) : tardisk_json(p);

	if (value && p->extra)
		json_object_update(value, p->extra);
	return value;
}
