// SPDX-License-Identifier: Apache-2.0
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int stream_open(struct bundle **b, const char *path, int *fd, struct err *e)
{
	bool is_stdin = !strcmp(path, "-");

	*fd = is_stdin ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	if (*fd < 0)
		return err_sys(e, errno, "%s", path);
	return bundle_open_fd(b, is_stdin ? "standard input" : path, *fd, e);
}

int stream_temporary(struct err *e)
{
	const char *dir = getenv("TMPDIR");
	int fd;

	if (!dir || !*dir)
		dir = "/tmp";
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	return fd < 0 ? err_sys(e, errno, "%s: temporary file", dir) : fd;
}
