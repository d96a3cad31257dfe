// SPDX-License-Identifier: Apache-2.0
/* system.version.get: what runs here. */
#include <fcntl.h>

#include "userworld/core/internal.h"

#include "file.h"
#include "version.h"

static int version_get(json_t *params, json_t **result, struct err *e)
{
	char path[CORE_PATH_MAX];
	char kernel[128];

	(void)params;
	if (core_path(path, e, CORE_PROC, "/proc/sys/kernel/osrelease") < 0 ||
	    file_read_at(AT_FDCWD, path, kernel, sizeof(kernel), e) < 0)
		return -1;
	return core_give(result,
			 json_pack("{s:s, s:s, s:s, s:s}", "product", "VisorOS", "version",
				   VISOROS_VERSION, "build", VISOROS_BUILD, "kernel", kernel),
			 e);
}

const struct core_op core_version_ops[] = {
	{
		.name = "system.version.get",
		.method = "GET",
		.path = "/system/version",
		.run = version_get,
		.help = "Product, version, build and kernel of the running image",
	},
	{ 0 },
};
