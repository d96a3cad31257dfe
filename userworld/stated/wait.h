/* SPDX-License-Identifier: Apache-2.0 */
/* What must be there before state can be loaded, and may not be yet. */
#ifndef STATED_WAIT_H
#define STATED_WAIT_H

#include "userworld/stated/keeper.h"

/* Looks for the medium, and for the TPM that has its key, until they are there or do not come. */
void wait_for_medium(struct keeper *k);

#endif
