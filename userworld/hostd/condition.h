/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions of a request: If-Match, Idempotency-Key, Prefer: respond-async. */
#ifndef HOSTD_CONDITION_H
#define HOSTD_CONDITION_H

#include "call.h"

/* Puts them into c->ask. ERR_USAGE if one is malformed. */
int condition_take(struct call *c, struct err *e);

/* Pure: does a Prefer header (RFC 7240) have respond-async? */
bool condition_is_async(const char *prefer);

#endif
