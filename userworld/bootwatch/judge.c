// SPDX-License-Identifier: Apache-2.0
#include "judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kargs.h"

#define WINDOW 300u
#define GRACE 300u /* beyond the window */
#define LONGEST 86400u

void judge_start(struct judge *j, uint64_t begin)
{
	memset(j, 0, sizeof(*j));
	j->begin = begin;
	j->good_since = UINT64_MAX;
	snprintf(j->reason, sizeof(j->reason), "it was not looked at yet");
}

static unsigned int restarts_before(const struct judge *j, const struct world_info *w)
{
	for (size_t i = 0; i < j->n; i++)
		if (strcmp(j->worlds[i].name, w->name) == 0)
			return j->worlds[i].restarts;
	return 0;
}

static bool complain_of_world(struct judge *j, const struct world_info *w, bool in_window)
{
	unsigned int before = in_window ? restarts_before(j, w) : w->restarts;

	if (strcmp(w->state, "failed") == 0)
		snprintf(j->reason, sizeof(j->reason), "userworld %s has failed", w->name);
	else if (w->restarts - before >= JUDGE_LOOP)
		snprintf(j->reason, sizeof(j->reason), "userworld %s was restarted %u times",
			 w->name, w->restarts - before);
	else if (strcmp(w->state, "backoff") == 0 && w->restarts >= JUDGE_LOOP)
		snprintf(j->reason, sizeof(j->reason), "userworld %s does not stay up", w->name);
	else
		return false;
	return true;
}

/* True, with the reason, if something is not well. */
static bool complain(struct judge *j, const struct sight *s, bool in_window)
{
	for (size_t i = 0; s->supervisor && i < s->n_worlds; i++)
		if (complain_of_world(j, &s->worlds[i], in_window))
			return true;
	if (!s->supervisor)
		snprintf(j->reason, sizeof(j->reason), "the supervisor does not answer");
	else if (!s->hostd)
		snprintf(j->reason, sizeof(j->reason), "hostd does not answer");
	else if (s->links > 0 && s->addresses == 0)
		snprintf(j->reason, sizeof(j->reason), "the network has a link and no address");
	else
		return false;
	return true;
}

static void begin_window(struct judge *j, uint64_t now, const struct sight *s)
{
	j->good_since = now;
	j->n = s->n_worlds < JUDGE_WORLDS ? s->n_worlds : JUDGE_WORLDS;
	for (size_t i = 0; i < j->n; i++) {
		memcpy(j->worlds[i].name, s->worlds[i].name, sizeof(j->worlds[i].name));
		j->worlds[i].restarts = s->worlds[i].restarts;
	}
}

enum verdict judge_step(struct judge *j, const struct limits *limits, uint64_t now,
			const struct sight *s)
{
	if (complain(j, s, j->good_since != UINT64_MAX))
		j->good_since = UINT64_MAX;
	else if (j->good_since == UINT64_MAX)
		begin_window(j, now, s);
	if (j->good_since != UINT64_MAX)
		return now - j->good_since >= limits->window ? CONFIRM : GO_ON;
	return now - j->begin >= limits->limit ? FAIL : GO_ON;
}

static unsigned int seconds(const char *cmdline, const char *name, unsigned int otherwise)
{
	char text[16], *end;
	unsigned long n;

	if (!kargs_value(cmdline, name, text, sizeof(text)) || !*text)
		return otherwise;
	n = strtoul(text, &end, 10);
	return *end || n > LONGEST ? otherwise : (unsigned int)n;
}

void judge_limits(const char *cmdline, struct limits *limits)
{
	limits->window = seconds(cmdline, "visoros.trial", WINDOW);
	limits->limit = seconds(cmdline, "visoros.trial.limit", limits->window + GRACE);
}
