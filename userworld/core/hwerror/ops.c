// SPDX-License-Identifier: Apache-2.0
/* system.hardware.error.list */
#include "tally.h"
#include "userworld/core/internal.h"

static int error_list(json_t *params, json_t **result, struct err *e)
{
	char path[CORE_PATH_MAX];
	json_t *packed, *errors;

	(void)params;
	if (core_path(path, e, CORE_RUN, TALLY_FILE) < 0)
		return -1;
	/* There is no file before the first error. */
	packed = json_load_file(path, 0, NULL);
	errors = json_incref(json_object_get(packed, "errors"));
	json_decref(packed);
	return core_give(result, errors ? errors : json_array(), e);
}

const struct core_op core_hwerror_ops[] = {
	{
		.name = "system.hardware.error.list",
		.method = "GET",
		.path = "/system/hardware/errors",
		.run = error_list,
		.help = "Errors of the hardware since the start",
	},
	{ 0 },
};
