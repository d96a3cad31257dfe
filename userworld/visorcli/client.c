// SPDX-License-Identifier: Apache-2.0
/* One HTTP/1.0 exchange per call: the server closes at the end of its answer. */
#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "cleanup.h"
#include "file.h"
#include "http.h"
#include "userworld/core/core.h"

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

static int read_all(int fd, char **out, size_t *len, struct err *e)
{
	_cleanup_free_ char *buf = NULL;
	size_t size = 0, have = 0;

	for (;;) {
		ssize_t got;

		if (have + 1 >= size) {
			char *more = realloc(buf, size ? size * 2 : 16384);

			if (!more || size > CLIENT_ANSWER_MAX)
				return err_set(e, ERR_NO_SPACE, "the answer of hostd is too long");
			buf = more;
			size = size ? size * 2 : 16384;
		}
		got = read(fd, buf + have, size - have - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_sys(e, errno, "the connection to hostd broke");
		if (got == 0)
			break;
		have += (size_t)got;
	}
	buf[have] = '\0';
	*len = have;
	*out = TAKE_PTR(buf);
	return 0;
}

int client_call(const char *name, json_t *params, json_t **result, struct err *e)
{
	const struct core_op *op = core_find(name);
	_cleanup_free_ char *request = NULL, *answer = NULL;
	_cleanup_close_ int fd = -1;
	size_t len = 0;

	if (!op || !op->path)
		return err_set(e, ERR_NOT_FOUND, "%s: not an operation of hostd", name);
	if (http_request(op, params, &request, e) < 0)
		return -1;
	fd = connect_hostd(e);
	if (fd < 0)
		return -1;
	if (fd_write_all(fd, request, strlen(request)) < 0)
		return err_sys(e, errno, "the connection to hostd broke");
	if (read_all(fd, &answer, &len, e) < 0)
		return -1;
	return http_answer(answer, len, result, e);
}
