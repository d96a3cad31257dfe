/* SPDX-License-Identifier: Apache-2.0 */
/* Config files (conf.h) that operations change: they are state, and always good. */
#ifndef VISOR_CORE_CONF_CHANGE_H
#define VISOR_CORE_CONF_CHANGE_H

#include <stddef.h>

#include "err.h"

/* A key and its new value; NULL takes the key out, so that its default holds. */
struct conf_change {
	const char *key;
	const char *value;
};

/* Would whoever reads the file take this text? path is for messages. */
typedef int conf_change_check(const char *path, const char *text, struct err *e);

/*
 * Changes a file (such as /etc/ntp.conf) if what comes out is good; nothing has changed otherwise.
 * A file that is not there is an empty one.
 */
int core_conf_change(const char *file, const struct conf_change *changes, size_t count,
		     conf_change_check *check, struct err *e);

#endif
