// SPDX-License-Identifier: Apache-2.0
/* system.keyboard.layout.*: the keyboard layout of the host's own screen. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "file.h"
#include "keymap.h"
#include "userworld/core/internal.h"

#define TITLES_MAX 65536

static int layout_now(char out[static 64], struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];

	if (core_text(path, CORE_ROOT, KEYMAP_FILE, 63, &text, e) < 0)
		return -1;
	snprintf(out, 64, "%s", keymap_name(text));
	return 0;
}

/* Lines of "NAME TITLE". */
static json_t *layouts(char *text, const char *now)
{
	json_t *rows = json_array();
	char *save = NULL;

	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *title = strchr(line, ' ');

		if (!title)
			continue;
		*title++ = '\0';
		json_array_append_new(rows, json_pack("{s:s, s:s, s:b}", "layout", line, "title",
						      title, "current", !strcmp(line, now)));
	}
	return rows;
}

static int layout_list(json_t *params, json_t **result, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX], now[64];

	(void)params;
	if (layout_now(now, e) < 0 ||
	    core_text(path, CORE_ROOT, KEYMAP_DIR "/titles", TITLES_MAX, &text, e) < 0)
		return -1;
	return core_give(result, layouts(text, now), e);
}

static int layout_get(json_t *params, json_t **result, struct err *e)
{
	char now[64];

	(void)params;
	if (layout_now(now, e) < 0)
		return -1;
	return core_give(result, json_pack("{s:s}", "layout", now), e);
}

static int check(const char *layout, struct err *e)
{
	json_t *rows = NULL, *row;
	bool found = false;
	size_t i;

	if (layout_list(NULL, &rows, e) < 0)
		return -1;
	json_array_foreach (rows, i, row)
		found = found || !strcmp(json_string_value(json_object_get(row, "layout")), layout);
	json_decref(rows);
	if (!found)
		return err_set(e, ERR_NOT_FOUND,
			       "layout: there is no %s (\"system settings keyboard layout list\" "
			       "has all)",
			       layout);
	return 0;
}

static int layout_set(json_t *params, json_t **result, struct err *e)
{
	const char *layout = core_string(params, "layout");
	char path[CORE_PATH_MAX], line[64];
	int len = snprintf(line, sizeof(line), "%s\n", layout);

	(void)result;
	if (check(layout, e) < 0 || core_path(path, e, CORE_ROOT, KEYMAP_FILE) < 0)
		return -1;
	/* Sticky: it is state, and read again when the host starts. */
	if (file_write_atomic(path, line, (size_t)len, 01644, e) < 0)
		return -1;
	return keymap_load(core_prefix(CORE_ROOT), layout, e);
}

static const struct core_param set_params[] = {
	{ "layout", CORE_NAME, .required = true, .min = 1, .max = 32,
	  .among = "system.keyboard.layout.list layout", .help = "Its name: de" },
	{ 0 },
};

const struct core_op core_keyboard_ops[] = {
	{
		.name = "system.keyboard.layout.list",
		.method = "GET",
		.path = "/system/keyboard/layouts",
		.run = layout_list,
		.help = "Keyboard layouts that the host's own screen can have",
	},
	{
		.name = "system.keyboard.layout.get",
		.method = "GET",
		.path = "/system/keyboard/layout",
		.run = layout_get,
		.help = "The one that it has",
	},
	{
		.name = "system.keyboard.layout.set",
		.method = "PUT",
		.path = "/system/keyboard/layout",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = set_params,
		.run = layout_set,
		.help = "Gives it another one, at once and for later starts",
	},
	{ 0 },
};
