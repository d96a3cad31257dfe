/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a userworld with "ready = notify" says that it does its work now: one
 * newline to the descriptor whose number is in the environment as READY_FD.
 * Worlds that wait for it (key "after") are started then.
 */
#ifndef VISOR_READY_H
#define VISOR_READY_H

#define READY_ENV "READY_FD"

/* Says it, once; does nothing when nobody asked. Call it before starting threads. */
void ready_notify(void);

#endif
