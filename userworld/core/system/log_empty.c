// SPDX-License-Identifier: Apache-2.0
/* system.log.empty: room in the ramdisk of /var/log, at once. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "log_empty.h"
#include "userworld/core/internal.h"

#define DIR_LOG "/var/log"

bool log_empty_takes(const char *name)
{
	const char *end = strstr(name, ".log");

	if (!end || end == name || !strncmp(name, "vmkernel-panic-", 15) ||
	    !strncmp(name, "audit.log", 9))
		return false;
	end += 4;
	return !*end || (*end == '.' && end[1] && !end[1 + strspn(end + 1, "0123456789")]);
}

/*
 * Emptied first: who has it open would keep its room otherwise. Then deleted: vmklogger begins a
 * new one, and knows its size.
 */
static int empty_file(int dir, const char *name, uint64_t *freed)
{
	_cleanup_close_ int fd = openat(dir, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	if (fstat(fd, &st) < 0)
		return -1;
	if (!S_ISREG(st.st_mode))
		return 0;
	if (ftruncate(fd, 0) < 0 || (unlinkat(dir, name, 0) < 0 && errno != ENOENT))
		return -1;
	*freed += (uint64_t)st.st_size;
	return 1;
}

static int empty_all(DIR *dir, const char *path, json_int_t *files, uint64_t *freed, struct err *e)
{
	struct dirent *entry;

	while ((entry = readdir(dir))) {
		int done;

		if (entry->d_type != DT_REG || !log_empty_takes(entry->d_name))
			continue;
		done = empty_file(dirfd(dir), entry->d_name, freed);
		if (done < 0)
			return err_sys(e, errno, "%s/%s", path, entry->d_name);
		*files += done;
	}
	return 0;
}

static int log_empty(json_t *params, json_t **result, struct err *e)
{
	char path[CORE_PATH_MAX];
	json_int_t files = 0;
	uint64_t freed = 0;
	DIR *dir;
	int rc;

	(void)params;
	if (core_path(path, e, CORE_ROOT, DIR_LOG) < 0)
		return -1;
	dir = opendir(path);
	if (!dir)
		return err_sys(e, errno, "%s", path);
	rc = empty_all(dir, path, &files, &freed, e);
	closedir(dir);
	return rc < 0 ? -1
		      : core_give(
				result,
				json_pack("{s:I, s:I}", "files", files, "bytes", (json_int_t)freed),
				e);
}

const struct core_op core_log_empty_ops[] = {
	{
		.name = "system.log.empty",
		.method = "DELETE",
		.path = "/system/logs",
		.privilege = CORE_CHANGE,
		.run = log_empty,
		.help = "Deletes what is in the logs and the older ones, to make room",
	},
	{ 0 },
};
