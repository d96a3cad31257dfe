/* SPDX-License-Identifier: Apache-2.0 */
/* What the console looks at itself, because no core operation tells it. */
#ifndef DCUI_HOST_H
#define DCUI_HOST_H

#include <jansson.h>

#include "err.h"

/* {"serial", "thumbprint", "development"}; what cannot be found out is left out. */
#define HOST_OP "dcui.host"

/* {"hostd_answers"}; takes up to 2 s if hostd hangs. */
#define HOST_LIFE_OP "dcui.life"

/* A call_fn for the two; ERR_NOT_FOUND for others. */
int host_call(const char *op, json_t *params, json_t **result, struct err *e);

#endif
