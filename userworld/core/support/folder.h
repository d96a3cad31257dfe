/* SPDX-License-Identifier: Apache-2.0 */
/* All manifests of the host. */
#ifndef VISOR_CORE_SUPPORT_FOLDER_H
#define VISOR_CORE_SUPPORT_FOLDER_H

#include "manifest.h"

#define FOLDER_MAX 64 /* manifests */

struct folder {
	struct manifest *list[FOLDER_MAX];
	char *problems[FOLDER_MAX]; /* why one cannot be read, which is then empty; or NULL */
	size_t count;
	const char **refuse; /* of all of them, whatever group is asked for; ends with NULL */
	const char **secret;
};

int folder_read(struct folder *f, struct err *e);
void folder_free(struct folder *f);

#endif
