/* SPDX-License-Identifier: Apache-2.0 */
/* Asks the core operations that facts.h needs, and looks at what none of them tells. */
#ifndef DCUI_GATHER_H
#define DCUI_GATHER_H

#include <jansson.h>

#include "dcui/call.h"

/* Which core gather_call() asks; core_call() or answers_call(). */
void gather_from(call_fn core);

/*
 * A call_fn whose op and params do not matter: *result becomes the object for
 * facts_load(). Fails only without memory.
 */
int gather_call(const char *op, json_t *params, json_t **result, struct err *e);

#endif
