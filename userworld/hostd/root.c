// SPDX-License-Identifier: Apache-2.0
/* The prefix that --root puts before the paths of the host's own files. */
#include "root.h"

#include <stdio.h>

static const char *root = "";

void root_set(const char *prefix)
{
	root = prefix;
}

const char *root_get(void)
{
	return root;
}

const char *root_path(char out[static ROOT_PATH_MAX], const char *path)
{
	snprintf(out, ROOT_PATH_MAX, "%s%s", root, path);
	return out;
}
