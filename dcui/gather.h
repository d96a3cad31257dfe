/* SPDX-License-Identifier: Apache-2.0 */
/* Asks the core operations that facts.h needs, and looks at what none of them tells. */
#ifndef DCUI_GATHER_H
#define DCUI_GATHER_H

#include <jansson.h>

#include "dcui/call.h"

/* Which core they ask; core_call() or answers_call(). */
void gather_from(call_fn core);

/*
 * Call functions whose op and params do not matter: *result becomes an object
 * for facts_load(). gather_all() asks everything, gather_changing() only what
 * changes by itself and is cheap to ask. They fail only without memory.
 */
int gather_all(const char *op, json_t *params, json_t **result, struct err *e);
int gather_changing(const char *op, json_t *params, json_t **result, struct err *e);

#endif
