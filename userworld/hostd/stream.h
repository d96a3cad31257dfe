/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operations whose answer is a stream of bytes (CORE_STREAM). A worker writes it into a pipe;
 * what comes out of that goes to the client, and no more than STREAM_PIECE bytes wait here. A
 * client that takes nothing for STREAM_IDLE seconds loses its connection.
 */
#ifndef HOSTD_STREAM_H
#define HOSTD_STREAM_H

#include "call.h"

#define STREAM_PIECE 16384 /* bytes */
#define STREAM_IDLE 60	   /* seconds */

/* c->ask is ready to be asked. Ends the call, at once or later. */
void stream_run(struct call *c);

#endif
