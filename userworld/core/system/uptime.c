// SPDX-License-Identifier: Apache-2.0
/* system.uptime.get: seconds since the kernel's entry. */
#include <fcntl.h>
#include <stdlib.h>

#include "file.h"
#include "userworld/core/internal.h"

static int uptime_get(json_t *params, json_t **result, struct err *e)
{
	char path[CORE_PATH_MAX];
	char text[64];

	(void)params;
	if (core_path(path, e, CORE_PROC, "/proc/uptime") < 0 ||
	    file_read_at(AT_FDCWD, path, text, sizeof(text), e) < 0)
		return -1;
	return core_give(result, json_pack("{s:I}", "seconds", (json_int_t)strtoll(text, NULL, 10)),
			 e);
}

const struct core_op core_uptime_ops[] = {
	{
		.name = "system.uptime.get",
		.method = "GET",
		.path = "/system/uptime",
		.run = uptime_get,
		.help = "Seconds since boot",
	},
	{ 0 },
};
