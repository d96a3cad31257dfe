/* SPDX-License-Identifier: Apache-2.0 */
/* A unix socket that root alone may connect to. */
#ifndef VISOR_UNIXSOCK_H
#define VISOR_UNIXSOCK_H

#include "err.h"

/*
 * Listens at path, which is replaced if it is there; mode 0600. type is
 * SOCK_STREAM or SOCK_SEQPACKET. Returns a descriptor that does not block and
 * is closed by exec, the caller's; or -1 (ERR_INVALID if the path is too long
 * for a socket).
 */
int unixsock_listen(const char *path, int type, int backlog, struct err *e);

#endif
