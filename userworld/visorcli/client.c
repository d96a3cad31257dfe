// SPDX-License-Identifier: Apache-2.0
/* hostd of this host, over its local socket. */
#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cleanup.h"
#include "exchange.h"

static int unreachable(struct err *e, const char *path, int num)
{
	return err_set(e, ERR_UNAVAILABLE,
		       "Connect to localhost failed: Connection failure (%s: %s). hostd does not "
		       "run or is busy starting; localcli does the same without it",
		       path, strerror(num));
}

static int connect_hostd(struct err *e)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv("VISORCLI_SOCKET") ?: CLIENT_SOCKET;
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return err_sys(e, errno, "socket");
	if (strlen(path) >= sizeof(address.sun_path))
		return err_set(e, ERR_INVALID, "%s: path too long for a socket", path);
	strcpy(address.sun_path, path);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		if (errno == EACCES || errno == EPERM)
			return err_set(e, ERR_DENIED, "%s: only root may manage the host", path);
		return unreachable(e, path, errno);
	}
	return steal_fd(&fd);
}

int client_call(const char *name, json_t *params, json_t **result, struct err *e)
{
	int fd = connect_hostd(e);
	BIO *bio = fd < 0 ? NULL : BIO_new_socket(fd, BIO_CLOSE);
	int rc;

	if (fd < 0)
		return -1;
	if (!bio) {
		close(fd);
		return err_set(e, ERR_NO_SPACE, "out of memory");
	}
	rc = exchange(bio, "localhost", NULL, name, params, result, e);
	BIO_free(bio);
	return rc;
}
