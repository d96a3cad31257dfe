/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of the host. */
#ifndef VISOR_CORE_SYSTEM_MEMORY_H
#define VISOR_CORE_SYSTEM_MEMORY_H

#include <stdint.h>

#include "err.h"

/* Bytes that the host has, and those that could be taken without swapping (proc(5), MemAvailable).
 */
int core_memory(uint64_t *total, uint64_t *available, struct err *e);

#endif
