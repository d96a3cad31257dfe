// SPDX-License-Identifier: GPL-2.0-only
/* Refusals of a tardisk, as load.c makes them, without its name. */
#include "kernel.h"

#include "visorfs/load.h"

int visorfs_refuse(struct visorfs_load *l, u64 offset, const char *field, const char *what)
{
	return visorfs_fail(l->msg, -EBADMSG, "offset %llu: %s: %s", (unsigned long long)offset,
			    field, what);
}

/* No tardisk is signed here. */
const char *visorfs_signature_forbids(const struct visorfs_signature *s,
				      const struct tardisk_entry *e)
{
	return NULL;
}
