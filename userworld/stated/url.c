// SPDX-License-Identifier: Apache-2.0
/*
 * visoros.state=URL: an archive as "system state backup" writes it. It is fetched when the network
 * has come up, by a process of its own: this one goes on meanwhile.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "log.h"
#include "userworld/core/fetch/fetch.h"
#include "userworld/stated/stated.h"

#define FETCHED KEEP_RUN "/fetched"
#define FETCH_MAX (64u << 20)
#define TRIES 60
#define PAUSE 2 /* seconds between two of them */

static pid_t child;

static int fetch_once(const char *url, int fd, struct err *e)
{
	struct fetch *f = NULL;
	char buf[65536];
	size_t all = 0;
	ssize_t n;

	if (fetch_open(&f, url, e) < 0)
		return -1;
	while ((n = fetch_read(f, buf, sizeof(buf))) > 0) {
		all += (size_t)n;
		if (all > FETCH_MAX || fd_write_all(fd, buf, (size_t)n) < 0)
			break;
	}
	if (n < 0)
		err_sys(e, errno, "%s", url);
	else if (n > 0)
		err_set(e, ERR_INVALID, "%s: is larger than %u bytes, or does not fit", url,
			FETCH_MAX);
	fetch_close(f);
	return n == 0 ? 0 : -1;
}

/* The child. A server that says no means it; one that does not answer is asked again. */
static void fetch_and_exit(const char *url)
{
	struct err e = ERR_INIT;

	for (int i = 0; i < TRIES; i++) {
		_cleanup_close_ int fd =
			open(FETCHED, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

		e = (struct err)ERR_INIT;
		if (fd >= 0 && fetch_once(url, fd, &e) == 0)
			_exit(0);
		if (e.kind == ERR_USAGE || e.kind == ERR_NOT_FOUND || e.kind == ERR_DENIED)
			break;
		sleep(PAUSE);
	}
	keeper_say(EVENT_STATE_DAMAGED, "State was not loaded: %s", e.text);
	_exit(1);
}

static int apply(struct stated *s, struct err *e)
{
	struct state_snapshot target = { 0 };
	_cleanup_free_ char *restart = NULL;
	_cleanup_free_ char *data = NULL;
	size_t len;
	int rc;

	rc = file_read(FETCHED, FETCH_MAX, &data, &len, e);
	if (rc == 0)
		rc = state_snapshot_unpack(&target, s->keeper.url, data, len, e);
	if (rc == 0)
		rc = keeper_apply(&s->keeper, &target, &restart, e);
	state_snapshot_free(&target);
	if (rc < 0)
		return -1;
	keeper_say(EVENT_STATE_LOADED, "State was loaded from %s: %d files%s%s", s->keeper.url, rc,
		   restart && *restart ? "; to be restarted: " : "", restart ? restart : "");
	return 0;
}

static void on_child(evutil_socket_t fd, short what, void *arg)
{
	struct stated *s = arg;
	struct err e = ERR_INIT;
	int status;

	(void)fd, (void)what;
	if (child <= 0 || waitpid(child, &status, WNOHANG) != child)
		return;
	child = 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
		if (apply(s, &e) < 0)
			keeper_say(EVENT_STATE_DAMAGED, "State was not loaded: %s", e.text);
		else
			s->keeper.loaded = true;
	}
	unlink(FETCHED);
	keeper_status(&s->keeper);
}

int url_start(struct stated *s, struct err *e)
{
	struct event *ended = evsignal_new(s->base, SIGCHLD, on_child, s);

	if (!ended || event_add(ended, NULL) < 0)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	child = fork();
	if (child < 0)
		return err_sys(e, errno, "fork");
	if (child == 0)
		fetch_and_exit(s->keeper.url);
	return 0;
}
