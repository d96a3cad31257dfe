// SPDX-License-Identifier: Apache-2.0
#include "memory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "userworld/core/internal.h"

static int field_of(const char *meminfo, const char *path, const char *key, uint64_t *bytes,
		    struct err *e)
{
	const char *at = strstr(meminfo, key);

	if (!at)
		return err_set(e, ERR_SYSTEM, "%s: has no %s", path, key);
	*bytes = strtoull(at + strlen(key), NULL, 10) * 1024;
	return 0;
}

int core_memory(uint64_t *total, uint64_t *available, struct err *e)
{
	char path[CORE_PATH_MAX], text[4096];

	if (core_path(path, e, CORE_PROC, "/proc/meminfo") < 0 ||
	    file_read_at(AT_FDCWD, path, text, sizeof(text), e) < 0 ||
	    field_of(text, path, "MemTotal:", total, e) < 0)
		return -1;
	return field_of(text, path, "MemAvailable:", available, e);
}
