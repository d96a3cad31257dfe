// SPDX-License-Identifier: Apache-2.0
#include "known.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"

#define KNOWN_MAX (BOOTCFG_MAX + 8192)

static int path_of(char path[static CORE_PATH_MAX], const char *guid, struct err *e)
{
	return core_path(path, e, CORE_RUN, BOOT_KNOWN "/%s.json", guid);
}

static int take(const json_t *value, struct boot_known *k, struct err *e)
{
	const char *text = json_string_value(json_object_get(value, "config"));
	const json_t *sizes = json_object_get(value, "sizes");

	if (!text || bootcfg_parse(text, strlen(text), &k->cfg, e) < 0)
		return -1;
	if (json_array_size(sizes) != 1 + k->cfg.n_modules)
		return err_set(e, ERR_INVALID, "%zu sizes of %zu files", json_array_size(sizes),
			       1 + k->cfg.n_modules);
	for (size_t i = 0; i < json_array_size(sizes); i++)
		k->sizes[i] = (uint32_t)json_integer_value(json_array_get(sizes, i));
	return 0;
}

int boot_known_get(const char *guid, struct boot_known *k, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];
	json_t *value;
	int rc;

	if (path_of(path, guid, e) < 0 || file_read(path, KNOWN_MAX, &text, NULL, e) < 0)
		return -1;
	value = json_loads(text, 0, NULL);
	rc = take(value, k, e);
	json_decref(value);
	return rc;
}

static json_t *pack(const struct bank_layout *l)
{
	json_t *sizes = json_array();

	for (size_t i = BANK_FIRST; i < l->n; i++)
		json_array_append_new(sizes, json_integer(l->files[i].size));
	return json_pack("{s:s%, s:o}", "config", l->text, l->text_len, "sizes", sizes);
}

int boot_known_put(const char *guid, const struct bank_layout *l, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];
	json_t *value = pack(l);

	text = value ? json_dumps(value, JSON_COMPACT) : NULL;
	json_decref(value);
	if (!text)
		return core_nomem(e);
	if (core_path(path, e, CORE_RUN, BOOT_KNOWN) < 0 || file_make_dirs(path, e) < 0 ||
	    path_of(path, guid, e) < 0)
		return -1;
	return file_write_atomic(path, text, strlen(text), 0600, e);
}

void boot_known_forget(const char *guid)
{
	char path[CORE_PATH_MAX];

	if (path_of(path, guid, NULL) == 0)
		unlink(path);
}

bool boot_known_same(const struct bootcfg *a, const struct bootcfg *b)
{
	struct bootcfg one = *a, other = *b;

	one.state = other.state = BANK_VALID;
	return memcmp(&one, &other, sizeof(one)) == 0;
}
