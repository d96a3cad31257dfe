// SPDX-License-Identifier: Apache-2.0
/* The verify mode of the root file system. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "file.h"
#include "vfsctl.h"

#define VERIFY_DIR "%s/sys/fs/visorfs/0/verify/%s" /* the root file system is instance 0 */

static int path_of(char path[PATH_MAX], const char *sysroot, const char *file, struct err *e)
{
	if (snprintf(path, PATH_MAX, VERIFY_DIR, sysroot, file) >= PATH_MAX)
		return err_sys(e, ENAMETOOLONG, "%s", sysroot);
	return 0;
}

int vfs_verify_get(const char *sysroot, struct vfs_verify *v, struct err *e)
{
	uint64_t enabled = 0;
	const struct {
		const char *file;
		uint64_t *value;
	} numbers[] = { { "enabled", &enabled },  { "rate", &v->rate },
			{ "passes", &v->passes }, { "errors", &v->errors },
			{ "healed", &v->healed }, { "position", &v->position } };
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (path_of(path, sysroot, numbers[i].file, e) < 0 ||
		    file_read_u64(path, numbers[i].value, e) < 0)
			return -1;
	v->enabled = enabled;
	if (path_of(path, sysroot, "tardisk", e) < 0)
		return -1;
	return file_read_at(AT_FDCWD, path, v->tardisk, sizeof(v->tardisk), e) < 0 ? -1 : 0;
}

int vfs_verify_set(const char *sysroot, bool enabled, uint64_t rate, struct err *e)
{
	char path[PATH_MAX], text[24];

	snprintf(text, sizeof(text), "%" PRIu64 "\n", rate);
	if (rate &&
	    (path_of(path, sysroot, "rate", e) < 0 || file_write_at(AT_FDCWD, path, text, e) < 0))
		return -1;
	if (path_of(path, sysroot, "enabled", e) < 0)
		return -1;
	return file_write_at(AT_FDCWD, path, enabled ? "1\n" : "0\n", e);
}
