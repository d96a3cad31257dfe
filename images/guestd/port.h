/* SPDX-License-Identifier: Apache-2.0 */
/* The virtio-serial port that the guest channel uses. */
#ifndef GUESTD_PORT_H
#define GUESTD_PORT_H

#include "err.h"

#define PORT_NAME "org.visoros.guest.0"

/* Opens the port; ERR_NOT_FOUND if this machine has none. Returns the descriptor. */
int port_open(struct err *e);

#endif
