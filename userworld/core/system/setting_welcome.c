// SPDX-License-Identifier: Apache-2.0
/* The text of the console's home screen (docs/dcui.md). */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "setting.h"
#include "userworld/core/internal.h"

int setting_welcome_get(char **text, struct err *e)
{
	char path[CORE_PATH_MAX];

	return core_text(path, CORE_ROOT, WELCOME_FILE, WELCOME_FILE_MAX, text, e);
}

int setting_welcome_set(const char *text, struct err *e)
{
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_ROOT, WELCOME_FILE) < 0)
		return -1;
	if (!*text)
		return unlink(path) < 0 && errno != ENOENT ? err_sys(e, errno, "%s: unlink", path)
							   : 0;
	/* The sticky bit makes it state, which is kept over a restart. */
	return file_write_atomic(path, text, strlen(text), 01644, e);
}
