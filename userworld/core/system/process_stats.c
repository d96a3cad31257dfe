// SPDX-License-Identifier: Apache-2.0
/* system.process.stats: how busy the host is, in a few numbers. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"

static int count_cartels(json_int_t *count, struct err *e)
{
	_cleanup_closedir_ DIR *proc = NULL;
	char path[CORE_PATH_MAX];
	struct dirent *entry;

	if (core_path(path, e, CORE_PROC, "/proc") < 0)
		return -1;
	proc = opendir(path);
	if (!proc)
		return err_sys(e, errno, "%s", path);
	*count = 0;
	while ((entry = readdir(proc)))
		*count += isdigit((unsigned char)entry->d_name[0]) != 0;
	return 0;
}

/* "0.50 0.25 0.12 2/98 1234": the load, running and all worlds. */
static int process_stats(json_t *params, json_t **result, struct err *e)
{
	char path[CORE_PATH_MAX], text[128], up[128];
	double load[3];
	long long running, worlds;
	json_int_t cartels = 0;

	(void)params;
	if (core_path(path, e, CORE_PROC, "/proc/loadavg") < 0 ||
	    file_read_at(AT_FDCWD, path, text, sizeof(text), e) < 0)
		return -1;
	if (sscanf(text, "%lf %lf %lf %lld/%lld", &load[0], &load[1], &load[2], &running,
		   &worlds) != 5)
		return err_set(e, ERR_SYSTEM, "%s: '%s' is not what it should be", path, text);
	if (core_path(path, e, CORE_PROC, "/proc/uptime") < 0 ||
	    file_read_at(AT_FDCWD, path, up, sizeof(up), e) < 0 || count_cartels(&cartels, e) < 0)
		return -1;
	return core_give(result,
			 json_pack("{s:f, s:f, s:f, s:I, s:I, s:I, s:I}", "load1", load[0], "load5",
				   load[1], "load15", load[2], "running", (json_int_t)running,
				   "worlds", (json_int_t)worlds, "cartels", cartels, "uptime_us",
				   (json_int_t)(strtod(up, NULL) * 1e6)),
			 e);
}

const struct core_op core_process_stats_ops[] = {
	{
		.name = "system.process.stats",
		.method = "GET",
		.path = "/system/processes/stats",
		.run = process_stats,
		.help = "Load, number of worlds, time since boot",
	},
	{ 0 },
};
