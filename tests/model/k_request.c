// SPDX-License-Identifier: GPL-2.0-only
/* The file of the module, as it is. */
#include "kernel.h"

#include "visorfs/request.c"
