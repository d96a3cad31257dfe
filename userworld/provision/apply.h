/* SPDX-License-Identifier: Apache-2.0 */
/* Answers for a host that runs and has no state yet. */
#ifndef VISOR_PROVISION_APPLY_H
#define VISOR_PROVISION_APPLY_H

#include <jansson.h>

#include "userworld/install/answers.h"

/*
 * ERR_CONFLICT if the host has state, or may still get some, which must not be written over: it
 * says why. status is what "system.state.get" gives. Pure.
 */
int provision_wanted(const json_t *status, struct err *e);

/*
 * Writes all state files that the answers make, or none, and puts them in force. from is what the
 * history of the state says of it.
 */
int provision_files(const struct install_answers *a, const char *from, struct err *e);

/* Installs the bundles, one after the other; waits for a network that is not there yet. */
int provision_bundles(const struct install_answers *a, struct err *e);

#endif
