/* SPDX-License-Identifier: Apache-2.0 */
/* vmklogger.conf(5). */
#ifndef VMKLOGGER_SETTINGS_H
#define VMKLOGGER_SETTINGS_H

#include <stdint.h>

#include "userworld/lib/err.h"

enum log_id { LOG_ID_VMKERNEL, LOG_ID_HOSTD, LOG_ID_SHELL, LOG_ID_COUNT };

struct settings {
	char directory[256];
	struct {
		uint64_t size;	    /* bytes of one file */
		unsigned int count; /* files, the current one included */
	} logs[LOG_ID_COUNT];
};

/* Without the file the defaults hold; with a bad one they hold too, and -1 comes back. */
int settings_read(const char *path, struct settings *s, struct err *e);

/* "vmkernel", "hostd", "shell"; the file is called NAME.log. */
const char *log_name(enum log_id id);

#endif
