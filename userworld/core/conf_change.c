// SPDX-License-Identifier: Apache-2.0
#include "conf_change.h"

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "conf.h"
#include "conf_edit.h"
#include "file.h"
#include "internal.h"

static char *edited(const char *old, const struct conf_change *changes, size_t count)
{
	char *text = strdup(old);

	for (size_t i = 0; i < count && text; i++) {
		char *next = conf_edit(text, changes[i].key, changes[i].value);

		free(text);
		text = next;
	}
	return text;
}

int core_conf_change(const char *file, const struct conf_change *changes, size_t count,
		     conf_change_check *check, struct err *e)
{
	_cleanup_free_ char *old = NULL;
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];

	if (core_text(path, CORE_ROOT, file, CONF_FILE_MAX, &old, e) < 0)
		return -1;
	text = edited(old, changes, count);
	if (!text)
		return core_nomem(e);
	if (check(path, text, e) < 0)
		return -1;
	/* What nothing changes in stays what was shipped. */
	if (!strcmp(text, old))
		return 0;
	/* Sticky: visorfs keeps the file as state. */
	if (file_write_atomic(path, text, strlen(text), 01644, e) < 0)
		return -1;
	/* Not only at the end: what follows, such as a restart, can take longer than stated waits.
	 */
	core_note();
	return 0;
}
