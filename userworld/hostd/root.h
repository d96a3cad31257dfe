/* SPDX-License-Identifier: Apache-2.0 */
/* The prefix that --root puts before the paths of the host's own files. */
#ifndef HOSTD_ROOT_H
#define HOSTD_ROOT_H

#include <limits.h>

#define ROOT_PATH_MAX PATH_MAX

/* Once, before anything else; kept, not copied. At most 1000 bytes. */
void root_set(const char *prefix);
const char *root_get(void);

/* Prefix and path; returns out. path is a short constant. */
const char *root_path(char out[static ROOT_PATH_MAX], const char *path);

#endif
