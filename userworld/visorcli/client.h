/* SPDX-License-Identifier: Apache-2.0 */
/* Client of hostd over its local socket. */
#ifndef VISORCLI_CLIENT_H
#define VISORCLI_CLIENT_H

#include <jansson.h>

#include "err.h"

#define CLIENT_SOCKET "/run/hostd.sock"

/*
 * Runs an operation in hostd, as core_call() does here. ERR_UNAVAILABLE if hostd
 * does not answer. The environment variable VISORCLI_SOCKET names another socket.
 */
int client_call(const char *op, json_t *params, json_t **result, struct err *e);

#endif
