/* SPDX-License-Identifier: Apache-2.0 */
/* oomd.conf(5). */
#ifndef OOMD_SETTINGS_H
#define OOMD_SETTINGS_H

#include "pick.h"
#include "userworld/lib/err.h"

#define OOM_CONF "/etc/oomd.conf"
#define PURGE_MAX 8

struct oom_settings {
	enum oom_policy policy;
	char purge[PURGE_MAX][32]; /* names of ramdisks whose files may go */
	unsigned int purge_count;
};

/* Without the file the defaults hold: random, nothing to purge. With a bad one, too, and -1. */
int oom_settings_read(const char *path, struct oom_settings *s, struct err *e);

#endif
