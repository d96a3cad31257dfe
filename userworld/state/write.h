/* SPDX-License-Identifier: Apache-2.0 */
/* What only the files that write a store know of each other. */
#ifndef VISOR_STATE_WRITE_H
#define VISOR_STATE_WRITE_H

#include "userworld/state/store.h"

/* Both, one after the other. */
int state_write_records(struct state_store *s, struct err *e);

#endif
