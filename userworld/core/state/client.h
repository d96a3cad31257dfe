/* SPDX-License-Identifier: Apache-2.0 */
/* Client of stated(8), which alone reads and writes the medium. */
#ifndef VISOR_CORE_STATE_CLIENT_H
#define VISOR_CORE_STATE_CLIENT_H

#include <jansson.h>

#include "err.h"

#define STATE_OPS "system.state." /* operations on the state itself */

/*
 * Asks for one of: adopt, confirm, diff, file, history, reset, revert, save, try. Takes over
 * request, an object with its parameters; whoever asks is added. result may be NULL.
 * ERR_UNAVAILABLE if stated does not answer.
 */
int state_ask(const char *op, json_t *request, json_t **result, struct err *e);

/* Tells that an operation has changed something, for the history; never waits, never fails. */
void state_note(const char *what);

#endif
