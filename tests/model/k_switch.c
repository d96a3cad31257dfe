// SPDX-License-Identifier: GPL-2.0-only
/* The file of the module, as it is, without its tracepoints. */
#include "kernel.h"

#define VISORFS_TRACE_H
#define trace_visorfs_attach(td) ((void)(td))
#define trace_visorfs_detach(td) ((void)(td))

#include "visorfs/switch.c"
