// SPDX-License-Identifier: GPL-2.0-only
/* Refusals of a tardisk, as load.c makes them, without its name. */
#include "kernel.h"

#include "visorfs/load.h"

int visorfs_refuse(struct visorfs_load *l, u64 offset, const char *field, const char *what)
{
	return visorfs_fail(l->msg, -EBADMSG, "offset %llu: %s: %s", (unsigned long long)offset,
			    field, what);
}
