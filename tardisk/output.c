// SPDX-License-Identifier: Apache-2.0
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"

int output_open(struct output *o, const char *path, struct err *e)
{
	mode_t mask;

	*o = (struct output){ STDOUT_FILENO, "standard output", NULL };
	if (!path || !strcmp(path, "-")) {
		if (isatty(STDOUT_FILENO))
			return err_set(e, ERR_USAGE, "standard output is a terminal; use -o FILE");
		return 0;
	}
	o->path = path;
	if (asprintf(&o->temporary, "%s.XXXXXX", path) < 0) {
		o->temporary = NULL;
		return err_sys(e, ENOMEM, "%s", path);
	}
	o->fd = mkostemp(o->temporary, O_CLOEXEC);
	if (o->fd < 0) {
		err_sys(e, errno, "%s", path);
		free(o->temporary);
		o->temporary = NULL;
		return -1;
	}
	mask = umask(0);
	umask(mask);
	fchmod(o->fd, 0666 & ~mask);
	return 0;
}

int output_commit(struct output *o, struct err *e)
{
	if (!o->temporary)
		return 0;
	if (close(o->fd) || rename(o->temporary, o->path)) {
		o->fd = -1;
		return err_sys(e, errno, "%s", o->path);
	}
	o->fd = -1;
	free(o->temporary);
	o->temporary = NULL;
	return 0;
}

void output_close(struct output *o)
{
	if (!o->temporary)
		return;
	unlink(o->temporary);
	free(o->temporary);
	o->temporary = NULL;
	if (o->fd >= 0)
		close(o->fd);
}
