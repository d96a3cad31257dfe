// SPDX-License-Identifier: Apache-2.0
/* Commands, and what else is of unknown length. */
#include "take.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "userworld/core/limited.h"

uint64_t take_room(struct taking *t, const char *name, uint64_t max)
{
	uint64_t left = tgz_content(t->tgz) < t->max ? t->max - tgz_content(t->tgz) : 0;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec >= t->deadline)
		left = 0;
	if (!left)
		index_add(&t->index, INDEX_LEFT_OUT, 0, 0, name,
			  now.tv_sec >= t->deadline ? "the time for the bundle was over"
						    : "the bundle was full");
	return max < left ? max : left;
}

static int put(void *context, const char *text, size_t len)
{
	struct take_spool *s = context;
	size_t n = len < s->left ? len : (size_t)s->left;

	if (tgz_spool_data(s->t->tgz, text, n, s->e) < 0)
		return -1;
	s->left -= n;
	s->put += n;
	return n < len ? 1 : 0;
}

int take_spool_begin(struct take_spool *s, struct taking *t, const char *name, uint64_t max,
		     struct err *e)
{
	*s = (struct take_spool){ .t = t, .left = max, .e = e };
	redact_init(&t->redact, t->words, put, s);
	return tgz_spool(t->tgz, name, e);
}

int take_spool_feed(struct take_spool *s, const char *data, size_t len)
{
	return redact_feed(&s->t->redact, data, len);
}

int take_spool_end(struct take_spool *s, bool all)
{
	int rc = all ? redact_end(&s->t->redact) : 0;
	int parts = rc < 0 ? -1 : tgz_spool_end(s->t->tgz, s->e);

	return parts < 0 ? -1 : rc;
}

int take_text(struct taking *t, const char *name, const char *text, size_t len, struct err *e)
{
	struct take_spool s;

	if (take_spool_begin(&s, t, name, UINT64_MAX, e) < 0 || take_spool_feed(&s, text, len) < 0)
		return -1;
	return take_spool_end(&s, true) < 0 ? -1 : 0;
}

/* The program is ended when there is room for no more, or nothing can be written. */
static int take_output(void *context, const char *data, size_t len)
{
	return take_spool_feed(context, data, len);
}

/* How it ended, for the index. */
static enum index_what judge(int end, int status, unsigned int timeout, char *why, size_t size)
{
	*why = '\0';
	if (end == LIMITED_TIMED_OUT) {
		snprintf(why, size, "did not end within %u s", timeout);
		return INDEX_TIMED_OUT;
	}
	if (end == LIMITED_STOPPED)
		return INDEX_CUT;
	if (WIFSIGNALED(status))
		snprintf(why, size, "was ended by signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status))
		snprintf(why, size, "ended with exit code %d", WEXITSTATUS(status));
	return *why ? INDEX_FAILED : INDEX_TAKEN;
}

int take_exec(struct taking *t, const struct manifest_entry *n, struct err *e)
{
	static const char *const env[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/", "LANG=C",
					   NULL };
	struct take_spool s;
	const struct limited l = { .pool = SUPPORT_POOL,
				   .argv = n->words,
				   .env = env,
				   .timeout = n->timeout,
				   .take = take_output,
				   .context = &s };
	struct err start = ERR_INIT, written = ERR_INIT;
	enum index_what what;
	char name[128], why[80];
	uint64_t room;
	int end, status, rc;

	snprintf(name, sizeof(name), "commands/%s", n->name);
	room = take_room(t, name, n->max);
	if (!room)
		return 0;
	if (take_spool_begin(&s, t, name, room, &written) < 0)
		return *e = written, -1;
	end = limited_follow(&l, &status, &start);
	/* What was cut off in a line may be half a secret. */
	rc = written.kind ? -1 : take_spool_end(&s, end == LIMITED_ENDED);
	if (rc < 0)
		return *e = written, -1;
	if (end < 0) {
		index_add(&t->index, INDEX_FAILED, 0, 0, name, start.text);
		return 0;
	}
	what = judge(rc > 0 ? LIMITED_STOPPED : end, status, n->timeout, why, sizeof(why));
	index_add(&t->index, what, s.put, t->redact.removed, name, why);
	return 0;
}
