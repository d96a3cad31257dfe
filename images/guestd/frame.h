/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What travels over the guest channel: frames of a type, a length (32 bits,
 * little-endian) and that many bytes. scripts/guestlink.py is the other side.
 *
 * Host to guest                        Guest to host
 *   FRAME_HELLO    is anybody there?     FRAME_HELLO   ready for a command
 *   FRAME_COMMAND  a line for /bin/sh    FRAME_STDOUT  bytes of its output
 *   FRAME_STDIN    its input, empty      FRAME_STDERR
 *                  frame: end of it      FRAME_STATUS  it ended: exit status as
 *   FRAME_KILL     end it now                          a shell shows it, decimal
 */
#ifndef GUESTD_FRAME_H
#define GUESTD_FRAME_H

#include <stddef.h>

#include "err.h"

#define FRAME_MAX 65536 /* bytes of payload */

enum frame_type {
	FRAME_HELLO = 'h',
	FRAME_COMMAND = 'x',
	FRAME_STDIN = 'i',
	FRAME_KILL = 'k',
	FRAME_STDOUT = 'o',
	FRAME_STDERR = 'e',
	FRAME_STATUS = 's',
};

struct frame {
	enum frame_type type;
	size_t len;
	char data[FRAME_MAX + 1]; /* a NUL follows the payload */
};

/* Reads one whole frame; ERR_UNAVAILABLE if the host has gone, ERR_INVALID if it is no frame. */
int frame_read(int fd, struct frame *f, struct err *e);

int frame_write(int fd, enum frame_type type, const void *data, size_t len, struct err *e);

#endif
