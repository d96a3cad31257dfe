// SPDX-License-Identifier: GPL-2.0-only
/* Messages, as super.c makes them, without the log. */
#include "kernel.h"

#include <stdarg.h>

#include "visorfs/internal.h"

int visorfs_fail(struct visorfs_msg *msg, int err, const char *fmt, ...)
{
	va_list args;

	if (msg && !msg->text[0]) {
		va_start(args, fmt);
		vsnprintf(msg->text, sizeof(msg->text), fmt, args);
		va_end(args);
	}
	return err;
}
