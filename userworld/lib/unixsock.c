// SPDX-License-Identifier: Apache-2.0
#include "unixsock.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "cleanup.h"

int unixsock_listen(const char *path, int type, int backlog, struct err *e)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	_cleanup_close_ int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mode_t mask;
	int rc;

	if (fd < 0)
		return err_sys(e, errno, "socket");
	if (strlen(path) >= sizeof(at.sun_path))
		return err_set(e, ERR_INVALID, "%s: path too long for a socket", path);
	strcpy(at.sun_path, path);
	unlink(path);
	/* Never open to others, not even between bind() and a chmod(). */
	mask = umask(0177);
	rc = bind(fd, (struct sockaddr *)&at, sizeof(at));
	umask(mask);
	if (rc < 0 || listen(fd, backlog) < 0)
		return err_sys(e, errno, "%s: listen", path);
	return steal_fd(&fd);
}
