// SPDX-License-Identifier: Apache-2.0
#include "engine.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hwdog.h"
#include "jit.h"
#include "output.h"
#include "policy.h"
#include "pool.h"
#include "probe.h"
#include "record.h"
#include "spawn.h"
#include "trouble.h"
#include "userworld/lib/kargs.h"
#include "userworld/lib/log.h"

int engine_conditions(const struct table *t, const struct world *w, struct err *e)
{
	if (w->conf.if_arg[0] && !kargs_has(t->cmdline, w->conf.if_arg))
		return err_set(e, ERR_CONFLICT,
			       "userworld %s: '%s' is not on the kernel command line", w->conf.name,
			       w->conf.if_arg);
	if (w->conf.if_device[0] && access(w->conf.if_device, F_OK) < 0)
		return err_set(e, ERR_CONFLICT, "userworld %s: %s does not exist", w->conf.name,
			       w->conf.if_device);
	return 0;
}

static void do_spawn(struct table *t, struct world *w)
{
	struct err e = ERR_INIT;

	if (w->started && !w->asked)
		w->restarts++;
	w->asked = false;
	w->adopted = false;
	w->started = t->now;
	/* Without the exception it may still do without. */
	if (jit_allow(t->conf_dir, &w->conf, &e) < 0)
		log_err(&e);
	if (pool_prepare(t, w, &e) < 0 || spawn(t, w, &e) < 0) {
		struct outcome none = { .known = false };

		log_err(&e);
		engine_feed(t, w, policy_exit(&w->conf, none, ++w->quick), NULL);
		return;
	}
	w->oom_kills = pool_oom_kills(w);
	record_pid(t, w);
	output_hand_over(t, w);
	log_info("userworld %s started, process %d in pool %s", w->conf.name, w->pid, w->conf.pool);
	if (w->conf.ready == READY_EXEC)
		engine_feed(t, w, WE_READY, NULL);
}

static void do_term(struct table *t, struct world *w)
{
	if (w->pidfd < 0) {
		pool_sweep(w);
		engine_pool_changed(t, w);
		return;
	}
	syscall(SYS_pidfd_send_signal, w->pidfd, SIGTERM, NULL, 0);
	/* An interactive shell heeds only the loss of its terminal. */
	if (w->conf.tty[0])
		syscall(SYS_pidfd_send_signal, w->pidfd, SIGHUP, NULL, 0);
	syscall(SYS_pidfd_send_signal, w->pidfd, SIGCONT, NULL, 0);
}

static void do_kill(struct world *w)
{
	if (w->state == WS_STARTING)
		trouble_tell(w, EVENT_SERVICE_STUCK,
			     EVENT_WITH(EVENT_STR("service", w->conf.name),
					EVENT_NUM("seconds", START_TIMEOUT / 1000)),
			     "userworld %s: not ready after %d s, killed", w->conf.name,
			     START_TIMEOUT / 1000);
	else if (w->pid)
		log_warnx("userworld %s: did not end in time, killed", w->conf.name);
	else
		trouble_tell(w, EVENT_SERVICE_STUCK, EVENT_WITH(EVENT_STR("service", w->conf.name)),
			     "userworld %s: its pool %s has processes that cannot be killed yet",
			     w->conf.name, w->conf.pool);
	pool_sweep(w);
}

static void do_delay(struct world *w)
{
	/* w->since is when it began to end, so the uptime is what it really had. */
	w->delay = policy_backoff(&w->conf, w->delay, w->since - w->started, w->quick);
	if (policy_too_quick(&w->conf, w->quick)) {
		trouble_tell(w, EVENT_SERVICE_CRASHES,
			     EVENT_WITH(EVENT_STR("service", w->conf.name),
					EVENT_NUM("times", w->quick)),
			     "userworld %s ended %u times in a row within %u s of its start; it is "
			     "immortal",
			     w->conf.name, w->quick, w->conf.min_uptime);
		w->quick = 0;
	}
	log_info("userworld %s starts again in %u s", w->conf.name, w->delay / 1000);
}

static void act(struct table *t, struct world *w, enum world_action action)
{
	switch (action) {
	case WA_SPAWN:
		do_spawn(t, w);
		break;
	case WA_TERM:
		do_term(t, w);
		break;
	case WA_SWEEP:
		pool_sweep(w);
		engine_pool_changed(t, w);
		break;
	case WA_KILL:
		do_kill(w);
		break;
	case WA_CHECK: /* engine_settle() looks at all that wait */
	case WA_DELAY: /* done on the way into the state */
	case WA_NONE:
	case WA_COUNT:
		break;
	}
}

static void note_state(struct table *t, struct world *w, enum world_state before)
{
	if (state_has_pool(before) && !state_has_pool(w->state)) {
		spawn_ended(w);
		record_pid(t, w);
	}
	if (w->state == WS_DONE)
		record_mark(t, w, MARK_DONE);
	else if (w->state == WS_DOWN && !t->shutting_down && !w->retired)
		record_mark(t, w, MARK_DOWN);
	else if (w->state == WS_WAITING)
		record_mark(t, w, MARK_NONE);
	if (w->state == WS_FAILED && policy_too_quick(&w->conf, w->quick))
		trouble_tell(w, EVENT_SERVICE_DOWN,
			     EVENT_WITH(EVENT_STR("service", w->conf.name),
					EVENT_NUM("times", w->quick)),
			     "userworld %s ended %u times in a row within %u s of its start and is "
			     "left down",
			     w->conf.name, w->quick, w->conf.min_uptime);
	else if (w->state == WS_FAILED)
		trouble_tell(w, EVENT_SERVICE_DOWN,
			     EVENT_WITH(EVENT_STR("service", w->conf.name), EVENT_NUM("times", 1)),
			     "userworld %s has failed and is left down", w->conf.name);
	else if (w->state == WS_DOWN || w->state == WS_DONE)
		trouble_over(w);
	probe_state(t, w);
	if (w->state == WS_RUNNING || w->state == WS_DONE)
		output_connect(t);
	/* The driver of the hardware watchdog may just have been loaded. */
	if (w->state == WS_DONE)
		hwdog_open(t);
}

void engine_deadline(struct table *t, struct world *w)
{
	unsigned int limit = policy_deadline(&w->conf, w->state, w->delay);

	w->deadline = limit ? t->now + limit : 0;
}

int engine_feed(struct table *t, struct world *w, enum world_event event, struct err *e)
{
	enum world_state before = w->state;
	struct step s = machine_step(w->state, event);

	if (s.refused)
		return err_set(e, ERR_CONFLICT, "userworld %s is %s", w->conf.name,
			       state_name(w->state));
	if (event == WE_START || event == WE_RESTART) {
		w->asked = true;
		w->quick = 0;
	}
	if (event == WE_TIMEOUT && before == WS_RUNNING)
		log_info("userworld %s was available for %u s and is stopped", w->conf.name,
			 w->conf.availability);
	if (s.action == WA_DELAY)
		do_delay(w);
	if (s.next != before) {
		w->state = s.next;
		w->since = t->now;
		note_state(t, w, before);
	}
	if (s.next != before || event == WE_TIMEOUT)
		engine_deadline(t, w);
	act(t, w, s.action);
	return 0;
}

static void describe_end(const struct world *w, struct outcome o, int64_t uptime)
{
	const char *name = w->conf.name;
	int64_t seconds = uptime / 1000;

	if (w->state == WS_STOPPING || w->state == WS_RESTARTING)
		log_info("userworld %s was stopped after %" PRId64 " s", name, seconds);
	else if (!o.known)
		log_warnx("userworld %s ended after %" PRId64 " s, how is not known", name,
			  seconds);
	else if (WIFEXITED(o.status) && WEXITSTATUS(o.status) == 0)
		log_info("userworld %s ended after %" PRId64 " s", name, seconds);
	else if (WIFEXITED(o.status))
		log_event(EVENT_SERVICE_ENDED,
			  EVENT_WITH(EVENT_STR("service", name), EVENT_NUM("seconds", seconds),
				     EVENT_NUM("exit", WEXITSTATUS(o.status))),
			  "userworld %s ended after %" PRId64 " s with exit code %d", name, seconds,
			  WEXITSTATUS(o.status));
	else if (pool_oom_kills(w) > w->oom_kills)
		log_event(EVENT_SERVICE_MEMORY,
			  EVENT_WITH(EVENT_STR("service", name), EVENT_STR("pool", w->conf.pool),
				     EVENT_NUM("seconds", seconds)),
			  "userworld %s was killed after %" PRId64
			  " s: it needed more memory than its pool %s may have",
			  name, seconds, w->conf.pool);
	else
		log_event(EVENT_SERVICE_ENDED,
			  EVENT_WITH(EVENT_STR("service", name), EVENT_NUM("seconds", seconds),
				     EVENT_NUM("signal", WTERMSIG(o.status))),
			  "userworld %s was killed after %" PRId64 " s by signal %d (%s)", name,
			  seconds, WTERMSIG(o.status), strsignal(WTERMSIG(o.status)));
}

void engine_main_ended(struct table *t, struct world *w)
{
	struct outcome o = { .known = false };
	pid_t got = w->adopted ? -1 : waitpid(w->pid, &o.status, WNOHANG);

	if (got == 0)
		return;
	o.known = got == w->pid;
	w->quick = t->now - w->started < (int64_t)w->conf.min_uptime * 1000 ? w->quick + 1 : 0;
	describe_end(w, o, t->now - w->started);
	close_fd(&w->pidfd);
	w->pid = 0;
	engine_feed(t, w, policy_exit(&w->conf, o, w->quick), NULL);
}

void engine_pool_changed(struct table *t, struct world *w)
{
	bool empty = pool_empty(w);

	/* While the main process is not collected its end is still to be told. */
	if (!w->pid && state_has_pool(w->state) && empty)
		engine_feed(t, w, WE_EMPTY, NULL);
}

void engine_ready(struct table *t, struct world *w)
{
	char buf[16];
	ssize_t n = read(w->ready, buf, sizeof(buf));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	close_fd(&w->ready);
	if (n > 0 && memchr(buf, '\n', (size_t)n))
		engine_feed(t, w, WE_READY, NULL);
}
