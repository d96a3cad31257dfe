// SPDX-License-Identifier: Apache-2.0
/* Operations that write or read a stream of bytes: the client's side holds the other end. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "cleanup.h"
#include "log.h"
#include "serve.h"

int serve_pipe(struct serving *s, const char *op, json_t *params, bool reads, worker_done *done,
	       struct err *e)
{
	_cleanup_close_ int ours = -1;
	_cleanup_close_ int theirs = -1;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(e, errno, "pipe");
	ours = ends[reads ? 1 : 0];
	theirs = ends[reads ? 0 : 1];
	if (json_object_set_new(params, "fd", json_integer(ours)) < 0)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (worker_start(core_call, op, params, ours, done, s, e) < 0)
		return -1;
	if (s->to.open)
		s->to.open(s->to.context, steal_fd(&theirs));
	return 0;
}

static void after_install(void *context, json_t *result, const struct err *e)
{
	struct serving *s = context;

	log_info("user %s: upload: %s", s->auth.user, e ? e->text : "done");
	if (result)
		serve_give(s, result);
	else
		serve_fail(s, 0, e);
}

void serve_upload(struct serving *s)
{
	json_t *params = json_copy(s->ask.params);
	struct err e = ERR_INIT;

	serve_actor(s);
	if (!serve_may(s, "software.bundle.install")) {
		json_decref(params);
		return;
	}
	log_info("user %s: upload of %" JSON_INTEGER_FORMAT " bytes", s->auth.user, s->ask.size);
	if (serve_pipe(s, "software.bundle.install_stream", params, false, after_install, &e) < 0)
		serve_fail(s, 0, &e);
	json_decref(params);
}
