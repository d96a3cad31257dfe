// SPDX-License-Identifier: Apache-2.0
#include "worldctl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"

#define ANSWER_MAX (256 * 1024) /* far more than a full table of worlds */

static int dial(const char *path, struct err *e)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct timeval tv = { .tv_sec = WORLDCTL_TIMEOUT };
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return err_sys(e, errno, "socket");
	if (strlen(path) >= sizeof(to.sun_path))
		return err_sys(e, ENAMETOOLONG, "%s", path);
	strcpy(to.sun_path, path);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0) {
		if (errno == EACCES || errno == EPERM)
			return err_sys(e, errno, "%s: only root may ask the supervisor", path);
		return err_set(e, ERR_UNAVAILABLE, "%s: the supervisor does not answer: %s", path,
			       strerror(errno));
	}
	return steal_fd(&fd);
}

static int read_answer(int fd, char **out, struct err *e)
{
	_cleanup_free_ char *buf = malloc(ANSWER_MAX + 1);
	size_t have = 0;

	if (!buf)
		return err_sys(e, ENOMEM, "supervisor");
	while (have < ANSWER_MAX) {
		ssize_t n = read(fd, buf + have, ANSWER_MAX - have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(e, ERR_UNAVAILABLE,
				       "the supervisor did not answer within %d seconds",
				       WORLDCTL_TIMEOUT);
		if (n == 0)
			break;
		have += (size_t)n;
	}
	if (!have || buf[have - 1] != '\n')
		return err_set(e, ERR_UNAVAILABLE,
			       "the supervisor ended in the middle of its answer");
	buf[have - 1] = '\0';
	*out = TAKE_PTR(buf);
	return 0;
}

/* "error KIND text" is the supervisor's way to hand over a struct err. */
static int refused(char *answer, struct err *e)
{
	char *kind = answer + strlen("error ");
	char *text = strchr(kind, ' ');

	if (!text)
		return err_set(e, ERR_SYSTEM, "supervisor: %s", kind);
	*text++ = '\0';
	return err_set(e, err_kind_from_name(kind), "%s", text);
}

static int ask(const char *socket_path, const char *verb, const char *name, char **answer,
	       struct err *e)
{
	_cleanup_close_ int fd = dial(socket_path ? socket_path : WORLDCTL_SOCKET, e);
	char line[128];
	int len;

	if (fd < 0)
		return -1;
	len = snprintf(line, sizeof(line), "%s%s%s\n", verb, name ? " " : "", name ? name : "");
	if (len >= (int)sizeof(line) || (name && strpbrk(name, " \n")))
		return err_set(e, ERR_INVALID, "'%s' is not the name of a userworld", name);
	if (fd_write_all(fd, line, (size_t)len) < 0)
		return err_set(e, ERR_UNAVAILABLE, "the supervisor does not answer: %s",
			       strerror(errno));
	if (read_answer(fd, answer, e) < 0)
		return -1;
	if (!strncmp(*answer, "error ", 6)) {
		refused(*answer, e);
		free(*answer);
		*answer = NULL;
		return -1;
	}
	return 0;
}

static int command(const char *socket_path, const char *verb, const char *name, struct err *e)
{
	_cleanup_free_ char *answer = NULL;

	if (ask(socket_path, verb, name, &answer, e) < 0)
		return -1;
	if (strcmp(answer, "ok"))
		return err_set(e, ERR_SYSTEM, "supervisor: unexpected answer '%.80s'", answer);
	return 0;
}

/* Finds " key=" and copies its value, which has no spaces. */
static int field(const char *line, const char *key, char *buf, size_t size)
{
	size_t len = strlen(key);

	for (const char *p = line; p; p = strchr(p, ' ')) {
		p += *p == ' ';
		if (!strncmp(p, key, len) && p[len] == '=') {
			size_t n = strcspn(p + len + 1, " ");

			if (n >= size)
				return -1;
			memcpy(buf, p + len + 1, n);
			buf[n] = '\0';
			return 0;
		}
	}
	return -1;
}

int world_info_parse(const char *line, struct world_info *info, struct err *e)
{
	char pid[16], restarts[16], essential[8], autostart[8], since[24];

	*info = (struct world_info){ 0 };
	if (field(line, "name", info->name, sizeof(info->name)) < 0 ||
	    field(line, "state", info->state, sizeof(info->state)) < 0 ||
	    field(line, "pid", pid, sizeof(pid)) < 0 ||
	    field(line, "restarts", restarts, sizeof(restarts)) < 0 ||
	    field(line, "essential", essential, sizeof(essential)) < 0 ||
	    field(line, "autostart", autostart, sizeof(autostart)) < 0 ||
	    field(line, "pool", info->pool, sizeof(info->pool)) < 0 ||
	    field(line, "since", since, sizeof(since)) < 0)
		return err_set(e, ERR_INVALID, "supervisor: cannot read the line '%.200s'", line);
	info->pid = (pid_t)strtol(pid, NULL, 10);
	info->restarts = (unsigned int)strtoul(restarts, NULL, 10);
	info->essential = !strcmp(essential, "yes");
	info->autostart = !strcmp(autostart, "yes");
	info->since = strtoll(since, NULL, 10);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct world_info *)a)->name, ((const struct world_info *)b)->name);
}

int world_list(const char *socket_path, struct world_info **list, size_t *count, struct err *e)
{
	_cleanup_free_ struct world_info *worlds = NULL;
	_cleanup_free_ char *answer = NULL;
	size_t n = 0, room = 1;
	char *save, *line;

	if (ask(socket_path, "list", NULL, &answer, e) < 0)
		return -1;
	for (const char *p = answer; *p; p++)
		room += *p == '\n';
	worlds = calloc(room, sizeof(*worlds));
	if (!worlds)
		return err_sys(e, ENOMEM, "list of userworlds");
	for (line = strtok_r(answer, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (world_info_parse(line, &worlds[n++], e) < 0)
			return -1;
	qsort(worlds, n, sizeof(*worlds), by_name);
	*list = TAKE_PTR(worlds);
	*count = n;
	return 0;
}

int world_start(const char *socket_path, const char *name, struct err *e)
{
	return command(socket_path, "start", name, e);
}

int world_stop(const char *socket_path, const char *name, struct err *e)
{
	return command(socket_path, "stop", name, e);
}

int world_restart(const char *socket_path, const char *name, struct err *e)
{
	return command(socket_path, "restart", name, e);
}

int world_reload(const char *socket_path, struct err *e)
{
	return command(socket_path, "reload", NULL, e);
}

int world_shutdown(const char *socket_path, struct err *e)
{
	return command(socket_path, "shutdown", NULL, e);
}

int world_reboot(const char *socket_path, struct err *e)
{
	return command(socket_path, "reboot", NULL, e);
}
