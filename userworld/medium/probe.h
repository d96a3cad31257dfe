/* SPDX-License-Identifier: Apache-2.0 */
/* What libblkid says of a disk. */
#ifndef VISOR_PROBE_H
#define VISOR_PROBE_H

#include <blkid/blkid.h>

#include "err.h"

/* Opens a device, or a file that stands for one; tables of partitions are looked for. NULL with e.
 */
blkid_probe probe_open(const char *path, struct err *e);

/* Variables of the caller: _cleanup_probe_ blkid_probe probe = NULL; */
static inline void probe_close_p(blkid_probe *probe)
{
	blkid_free_probe(*probe);
}
#define _cleanup_probe_ __attribute__((cleanup(probe_close_p)))

#endif
