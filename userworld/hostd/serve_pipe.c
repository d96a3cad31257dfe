// SPDX-License-Identifier: Apache-2.0
/* Operations that write or read a stream of bytes: the client's side holds the other end. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "cleanup.h"
#include "log.h"
#include "serve.h"
#include "serve_task.h"

int serve_pipe(struct serving *s, const char *op, json_t *params, bool reads, worker_done *done,
	       struct err *e)
{
	_cleanup_close_ int ours = -1;
	_cleanup_close_ int theirs = -1;
	int ends[2], pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(e, errno, "pipe");
	ours = ends[reads ? 1 : 0];
	theirs = ends[reads ? 0 : 1];
	if (json_object_set_new(params, "fd", json_integer(ours)) < 0)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	pid = worker_start_long(core_call, op, params, ours, serve_progress, done, s, e);
	if (pid < 0)
		return -1;
	if (s->task)
		serve_task_worker(s, pid);
	if (s->to.open)
		s->to.open(s->to.context, steal_fd(&theirs), serve_task_id(s));
	return 0;
}

/* A task like any install; that its asker does not wait is a matter of the last piece. */
void serve_upload(struct serving *s)
{
	struct err e = ERR_INIT;
	json_t *params;

	s->ask.op = core_find("software.bundle.install");
	s->ask.async = false;
	s->ask.key[0] = '\0';
	serve_actor(s);
	if (!serve_may(s, s->ask.op->name) || !serve_task_begin(s))
		return;
	params = json_copy(s->ask.params);
	if (serve_pipe(s, "software.bundle.install_stream", params, false, serve_done, &e) < 0)
		serve_done(s, NULL, &e);
	json_decref(params);
}
