/* SPDX-License-Identifier: Apache-2.0 */
/* Logs below /var/log by name. */
#ifndef VISOR_CORE_SYSTEM_LOGFILE_H
#define VISOR_CORE_SYSTEM_LOGFILE_H

#include <stdbool.h>

#include "err.h"

/* A log's file, open for reading: "vmkernel" stands for vmkernel.log. The caller's; -1 with e. */
int logfile_open(const char *name, struct err *e);

/* Is it the one that operators may not read? Then e says so: ERR_DENIED. */
bool logfile_is_audit(const char *name, struct err *e);

#endif
