/* SPDX-License-Identifier: Apache-2.0 */
/* What an install, update or removal of bundles gives, as commands show it. */
#ifndef VISORCLI_RESULT_H
#define VISORCLI_RESULT_H

#include "cli.h"

extern const struct cli_column result_columns[];

/* The effect of a dry run in few words; its lists in full are in the JSON. */
void result_shape(json_t *row);

#endif
