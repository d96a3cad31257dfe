// SPDX-License-Identifier: Apache-2.0
/* Pools as they are to be: pools.conf. */
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "conf.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "sched.h"

int sched_kept(const char *group, struct pool_limits *l, struct err *e)
{
	_cleanup_free_ struct pool_line *lines = calloc(POOLS_MAX, sizeof(*lines));
	_cleanup_free_ char *text = NULL;
	const struct pool_line *line;
	char path[CORE_PATH_MAX];
	int n;

	if (!lines)
		return core_nomem(e);
	if (core_text(path, CORE_ROOT, POOLS_FILE, CONF_FILE_MAX, &text, e) < 0 ||
	    (n = pools_parse(path, text, lines, e)) < 0)
		return -1;
	line = pools_find(lines, n, group);
	*l = line ? line->limits : (struct pool_limits){ 0 };
	return 0;
}

int sched_keep(const char *group, const struct pool_limits *l, struct err *e)
{
	_cleanup_free_ struct pool_line *lines = calloc(POOLS_MAX, sizeof(*lines));
	_cleanup_free_ char *text = NULL;
	_cleanup_free_ char *next = NULL;
	char path[CORE_PATH_MAX];

	if (!lines)
		return core_nomem(e);
	if (core_text(path, CORE_ROOT, POOLS_FILE, CONF_FILE_MAX, &text, e) < 0)
		return -1;
	next = pools_edit(text, group, l);
	if (!next)
		return core_nomem(e);
	/* A file that the supervisor would refuse is not written. Sticky: it is state. */
	if (pools_parse(path, next, lines, e) < 0 ||
	    file_write_atomic(path, next, strlen(next), 01644, e) < 0)
		return -1;
	return core_reload_worlds(e);
}
