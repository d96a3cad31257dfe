/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that carry out a change share. */
#ifndef VISOR_CORE_BUNDLE_SETTLE_H
#define VISOR_CORE_BUNDLE_SETTLE_H

#include "change.h"

/* All services that what comes and goes wants down. */
int change_pause_all(struct bundle_change *c, struct err *e);

/* The switch was not made: the services of before start again, and the journal goes. */
void change_cancel(struct bundle_change *c);

/* It was made: records and state files follow, and the journal says so. */
int change_commit(struct bundle_change *c, struct err *e);

#endif
