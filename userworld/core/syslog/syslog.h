/* SPDX-License-Identifier: Apache-2.0 */
/* The file behind the operations on logs, vmklogger.conf(5). */
#ifndef VISOR_CORE_SYSLOG_SYSLOG_H
#define VISOR_CORE_SYSLOG_SYSLOG_H

#include <jansson.h>

#include "err.h"
#include "userworld/core/conf_change.h"
#include "userworld/vmklogger/settings.h"

int syslog_settings(struct settings *s, struct err *e);

/*
 * Changes the file, if what comes out is good: hosts can be read as such, and
 * all logs fit their ramdisk. Nothing has changed otherwise.
 */
int syslog_change(const struct conf_change *changes, size_t count, struct err *e);

/* Has the logger read it again, and the forwarder started anew. */
int syslog_reload(struct err *e);

/* system.syslog.remote.list */
int syslog_remote_list(json_t *params, json_t **result, struct err *e);

#endif
