/* SPDX-License-Identifier: Apache-2.0 */
/* Paths as a person types them. */
#ifndef VISORCLI_PATH_H
#define VISORCLI_PATH_H

#include <jansson.h>

#include "err.h"

/* Makes a path parameter absolute, from the folder we are in; without "." and ".." parts. */
int path_absolute(json_t *params, const char *key, struct err *e);

/* The parameter "source" becomes "url", or the absolute "path" of a file. */
int path_or_url(json_t *params, struct err *e);

/* The same for each address of "depot", apart by commas: URLs stay as they are. */
int depot_paths(json_t *params, struct err *e);

#endif
