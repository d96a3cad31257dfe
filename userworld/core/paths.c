// SPDX-License-Identifier: Apache-2.0
/* Where the host's files are: the running system, or the folders of a test. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "file.h"
#include "internal.h"

static char prefixes[4][CORE_PATH_MAX];

static int set_prefix(enum core_where where, const char *path, struct err *e)
{
	size_t len;

	if (!path)
		return 0;
	len = strlen(path);
	while (len > 0 && path[len - 1] == '/')
		len--;
	if (len >= CORE_PATH_MAX)
		return err_set(e, ERR_INVALID, "%.64s...: path too long", path);
	memcpy(prefixes[where], path, len);
	prefixes[where][len] = '\0';
	return 0;
}

int core_init(const struct core_config *config, struct err *e)
{
	if (!config)
		return 0;
	if (set_prefix(CORE_ROOT, config->root, e) < 0 ||
	    set_prefix(CORE_SYSFS, config->sysfs, e) < 0 ||
	    set_prefix(CORE_PROC, config->proc, e) < 0 || set_prefix(CORE_RUN, config->run, e) < 0)
		return -1;
	return 0;
}

const char *core_prefix(enum core_where where)
{
	return prefixes[where];
}

int core_path(char out[static CORE_PATH_MAX], struct err *e, enum core_where where, const char *fmt,
	      ...)
{
	va_list ap;
	size_t at;
	int len;

	at = strlen(prefixes[where]);
	memcpy(out, prefixes[where], at);
	va_start(ap, fmt);
	len = vsnprintf(out + at, CORE_PATH_MAX - at, fmt, ap);
	va_end(ap);
	if (len < 0 || (size_t)len >= CORE_PATH_MAX - at)
		return err_set(e, ERR_INVALID, "%.64s...: path too long", out);
	return 0;
}

int core_text(char path[static CORE_PATH_MAX], enum core_where where, const char *file, size_t max,
	      char **text, struct err *e)
{
	struct err fault = ERR_INIT;

	if (core_path(path, e, where, "%s", file) < 0)
		return -1;
	if (file_read(path, max, text, NULL, &fault) == 0)
		return 0;
	if (fault.kind != ERR_NOT_FOUND) {
		if (e)
			*e = fault;
		return -1;
	}
	*text = strdup("");
	return *text ? 0 : core_nomem(e);
}
