// SPDX-License-Identifier: Apache-2.0
/* The field "hooks". */
#include <stdlib.h>

#include "cleanup.h"
#include "descriptor_field.h"
#include "tar.h"

#define TIMEOUT_MAX 600 /* seconds */

static int parse_path(const json_t *value, const char *field, char **path, struct err *e)
{
	const char *fault;

	if (object_line(value, field, false, TARDISK_PATH_MAX, path, e))
		return -1;
	fault = **path ? field_path_fault(*path) : NULL;
	return fault ? err_set(e, ERR_INVALID, "%s: %s", field, fault) : 0;
}

int bundle_hooks_parse(const json_t *value, struct bundle_hooks *hooks, struct err *e)
{
	static const char *const known[] = { "post_install", "pre_remove", "timeout" };

	if (object_check(value, known, ARRAY_SIZE(known), e) ||
	    parse_path(value, "post_install", &hooks->post_install, e) ||
	    parse_path(value, "pre_remove", &hooks->pre_remove, e) ||
	    object_number(value, "timeout", false, 1, TIMEOUT_MAX, &hooks->timeout, e))
		return -1;
	if (bundle_hooks_are_empty(hooks))
		return err_set(e, ERR_INVALID, "names neither post_install nor pre_remove");
	return 0;
}

static bool is_there(const char *path)
{
	return path && *path;
}

bool bundle_hooks_are_empty(const struct bundle_hooks *hooks)
{
	return !is_there(hooks->post_install) && !is_there(hooks->pre_remove);
}

json_t *bundle_hooks_json(const struct bundle_hooks *hooks)
{
	json_t *value = json_object();

	if (is_there(hooks->post_install))
		json_object_set_new(value, "post_install", json_string(hooks->post_install));
	if (is_there(hooks->pre_remove))
		json_object_set_new(value, "pre_remove", json_string(hooks->pre_remove));
	if (hooks->timeout)
		json_object_set_new(value, "timeout", json_integer((json_int_t)hooks->timeout));
	return value;
}

void bundle_hooks_free(struct bundle_hooks *hooks)
{
	free(hooks->post_install);
	free(hooks->pre_remove);
}

uint64_t bundle_hook_timeout(const struct bundle_descriptor *d)
{
	return d->hooks.timeout ? d->hooks.timeout : BUNDLE_HOOK_TIMEOUT;
}
