// SPDX-License-Identifier: Apache-2.0
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "cleanup.h"
#include "userworld/core/internal.h"
#include "state.h"

#define PATIENCE 60 /* seconds: a stick that dies slowly holds stated up */
#define ANSWER_MAX (32u << 20)

static char actor[128];

void core_set_actor(const char *who)
{
	snprintf(actor, sizeof(actor), "%s", who);
}

const char *core_actor(void)
{
	const struct passwd *pw;

	if (actor[0])
		return actor;
	pw = getpwuid(getuid());
	snprintf(actor, sizeof(actor), "%s (%s)", pw ? pw->pw_name : "?",
		 program_invocation_short_name);
	return actor;
}

static int connect_stated(bool wait, struct err *e)
{
	_cleanup_close_ int fd =
		socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | (wait ? 0 : SOCK_NONBLOCK), 0);
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	const struct timeval patience = { .tv_sec = PATIENCE };
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_RUN, STATE_SOCKET) < 0)
		return -1;
	if (fd < 0 || strlen(path) >= sizeof(at.sun_path))
		return err_set(e, ERR_SYSTEM, "%s: no socket", path);
	strcpy(at.sun_path, path);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(fd, (struct sockaddr *)&at, sizeof(at)) < 0)
		return err_set(e, ERR_UNAVAILABLE,
			       "stated does not run: %s; \"system service list\" shows it",
			       strerror(errno));
	return steal_fd(&fd);
}

/* One line; send() instead of write(), as nobody wants SIGPIPE. */
static int send_request(int fd, json_t *request)
{
	char *text = json_dumps(request, JSON_COMPACT);
	size_t len = text ? strlen(text) : 0, done = 0;

	if (text)
		text[len++] = '\n'; /* where its NUL was */
	while (done < len) {
		ssize_t n = send(fd, text + done, len - done, MSG_NOSIGNAL);

		if (n <= 0)
			break;
		done += (size_t)n;
	}
	free(text);
	return len && done == len ? 0 : -1;
}

static int receive(int fd, char **out, size_t *len, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	size_t have = 0, room = 0;
	ssize_t n;

	do {
		if (have == room) {
			char *more =
				room < ANSWER_MAX ? realloc(text, room = room * 2 + 8192) : NULL;

			if (!more)
				return core_nomem(e);
			text = more;
		}
		n = recv(fd, text + have, room - have, 0);
		have += n > 0 ? (size_t)n : 0;
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (n < 0 || have == 0)
		return err_set(e, ERR_UNAVAILABLE, "stated does not answer");
	*out = TAKE_PTR(text);
	*len = have;
	return 0;
}

/* {"result": ...} or {"error": {"kind":, "text":}} */
static int read_answer(const char *text, size_t len, json_t **result, struct err *e)
{
	json_t *answer = json_loadb(text, len, 0, NULL);
	json_t *error = json_object_get(answer, "error"), *good = json_object_get(answer, "result");
	int rc = 0;

	if (json_is_object(error))
		rc = err_set(e,
			     err_kind_from_name(json_string_value(json_object_get(error, "kind"))),
			     "%s", json_string_value(json_object_get(error, "text")));
	else if (!good)
		rc = err_set(e, ERR_UNAVAILABLE, "stated's answer cannot be read");
	else if (result)
		*result = json_incref(good);
	json_decref(answer);
	return rc;
}

int state_ask(const char *op, json_t *request, json_t **result, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	_cleanup_close_ int fd = -1;
	size_t len = 0;
	int rc;

	if (!request || json_object_set_new(request, "op", json_string(op)) < 0 ||
	    json_object_set_new(request, "who", json_string(core_actor())) < 0) {
		json_decref(request);
		return core_nomem(e);
	}
	fd = connect_stated(true, e);
	rc = fd < 0 ? -1 : send_request(fd, request);
	if (fd >= 0 && rc < 0)
		err_set(e, ERR_UNAVAILABLE, "stated does not listen");
	json_decref(request);
	if (rc < 0 || receive(fd, &text, &len, e) < 0)
		return -1;
	return read_answer(text, len, result, e);
}

void state_note(const char *what)
{
	_cleanup_close_ int fd = connect_stated(false, NULL);
	json_t *request =
		json_pack("{s:s, s:s, s:s}", "op", "note", "who", core_actor(), "what", what);

	if (fd >= 0 && request)
		send_request(fd, request);
	json_decref(request);
}
