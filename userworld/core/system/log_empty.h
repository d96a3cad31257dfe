/* SPDX-License-Identifier: Apache-2.0 */
/* Which files in /var/log are logs that can be emptied. */
#ifndef CORE_SYSTEM_LOG_EMPTY_H
#define CORE_SYSTEM_LOG_EMPTY_H

#include <stdbool.h>

/* NAME.log and NAME.log.N; not what was kept of a panic, nor who changed what: neither can be had
 * again. */
bool log_empty_takes(const char *name);

#endif
