// SPDX-License-Identifier: Apache-2.0
#include "watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "services.h"
#include "cleanup.h"
#include "conf.h"
#include "userworld/core/internal.h"
#include "userworld/core/limited.h"

#define ROUNDS 10 /* of probes in a window, at least one second apart */
#define PROBE_FAILURES 3
#define PROBE_TIMEOUT 10
#define PROBE_WORDS 32
#define SUPERVISOR_TRIES 10

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec;
}

uint64_t bundle_window(const struct bundle_change *c)
{
	uint64_t window = 0;

	for (size_t i = 0; i < c->n_in; i++)
		if (c->in[i]->d->health_window > window && c->in[i]->d->services.n > 0)
			window = c->in[i]->d->health_window;
	return window;
}

static int list_worlds(struct world_info **list, size_t *n, struct err *e)
{
	char socket[CORE_PATH_MAX];

	if (core_path(socket, e, CORE_RUN, WORLDCTL_SOCKET) < 0)
		return -1;
	return world_list(socket, list, n, e);
}

static const struct world_info *find(const struct world_info *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i].name, name))
			return &list[i];
	return NULL;
}

int bundle_watch_begin(struct bundle_change *c, struct err *e)
{
	_cleanup_free_ struct world_info *list = NULL;
	size_t n = 0;

	c->until = now() + (int64_t)bundle_window(c);
	if (list_worlds(&list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < c->n_in; i++) {
		const struct bundle_strings *services = &c->in[i]->d->services;

		for (size_t k = 0; k < services->n; k++) {
			const struct world_info *w = find(list, n, services->items[k]);

			json_object_set_new(c->restarts, services->items[k],
					    json_integer(w ? w->restarts : 0));
		}
	}
	return 0;
}

static bool is_one_of(const char *state, const char *const *states)
{
	for (; *states; states++)
		if (!strcmp(state, *states))
			return true;
	return false;
}

int bundle_watch_judge(const struct world_info *list, size_t n, const char *service,
		       unsigned int restarts, bool end, struct err *e)
{
	static const char *const bad[] = { "failed", "backoff", "ending", NULL };
	/* No world is ever stopped or down unless somebody wants it so. */
	static const char *const good[] = { "running", "done", "stopping", "down", NULL };
	const struct world_info *w = find(list, n, service);

	if (!w)
		return err_set(e, ERR_CONFLICT, "service %s is not known to the supervisor",
			       service);
	if (w->restarts > restarts)
		return err_set(e, ERR_CONFLICT,
			       "service %s ended, or did not do its work, and was restarted",
			       service);
	if (is_one_of(w->state, bad))
		return err_set(e, ERR_CONFLICT, "service %s does not stay up: its state is %s",
			       service, w->state);
	if (end && !is_one_of(w->state, good))
		return err_set(e, ERR_CONFLICT, "service %s is not up in time: its state is %s",
			       service, w->state);
	return 0;
}

/* A service on trial, and its probe. */
struct probe {
	const char *service;
	size_t bundle; /* index in c->in */
	struct conf conf;
	unsigned int allowed; /* failures in a row that fail it */
	unsigned int timeout; /* seconds */
	unsigned int failures;
};

struct probes {
	struct probe *items;
	size_t n;
};

static void free_probes(struct probes *p)
{
	for (size_t i = 0; i < p->n; i++)
		conf_free(&p->items[i].conf);
	free(p->items);
}

static int read_probe(struct probe *p, struct err *e)
{
	char path[CORE_PATH_MAX];

	p->allowed = PROBE_FAILURES;
	p->timeout = PROBE_TIMEOUT;
	if (core_path(path, e, CORE_ROOT, "/" BUNDLE_WORLD_CONF, p->service) < 0 ||
	    conf_read(&p->conf, path, e) < 0 ||
	    conf_get_uint(&p->conf, "probe-failures", 1, 1000, &p->allowed, e) < 0)
		return -1;
	return conf_get_uint(&p->conf, "probe-timeout", 1, 3600, &p->timeout, e) < 0 ? -1 : 0;
}

static int collect(const struct bundle_change *c, struct probes *p, struct err *e)
{
	size_t room = 0;

	for (size_t i = 0; i < c->n_in; i++)
		room += c->in[i]->d->services.n;
	p->items = calloc(room + 1, sizeof(*p->items));
	if (!p->items)
		return core_nomem(e);
	for (size_t i = 0; i < c->n_in; i++) {
		const struct bundle_descriptor *d = c->in[i]->d;

		for (size_t k = 0; d->health_window && k < d->services.n; k++) {
			struct probe *one;

			if (bundle_services_held(c->held, d->services.items[k]))
				continue;
			one = &p->items[p->n++];
			one->service = d->services.items[k];
			one->bundle = i;
			if (read_probe(one, e) < 0)
				return -1;
		}
	}
	return 0;
}

/* Runs it once. -1 if that was one failure too many. */
static int run_probe(struct probe *p, bool end, struct err *e)
{
	static const char *const env[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	const char *command = conf_get(&p->conf, "probe");
	const char *argv[PROBE_WORDS + 1] = { NULL };
	char words[1024], label[100], *save = NULL;
	struct err why = ERR_INIT;
	size_t n = 0;

	if (!command)
		return 0;
	snprintf(words, sizeof(words), "%s", command);
	for (char *word = strtok_r(words, " \t", &save); word && n < PROBE_WORDS;
	     word = strtok_r(NULL, " \t", &save))
		argv[n++] = word;
	snprintf(label, sizeof(label), "service %s: probe", p->service);
	if (n == 0 || limited_run(label, argv, env, p->timeout, &why) == 0) {
		p->failures = 0;
		return 0;
	}
	if (++p->failures < p->allowed && !end)
		return 0;
	return err_set(e, ERR_CONFLICT, "the probe of service %s %s", p->service, why.text);
}

/* A supervisor that is being started again says nothing about the bundle. */
static int wait_worlds(struct world_info **list, size_t *n, struct err *e)
{
	for (int tries = 0;; tries++) {
		if (list_worlds(list, n, e) == 0)
			return 0;
		if (tries == SUPERVISOR_TRIES)
			return -1;
		sleep(1);
	}
}

static int look(struct bundle_change *c, struct probes *p, bool probe, bool end, struct err *e)
{
	_cleanup_free_ struct world_info *list = NULL;
	size_t n = 0;

	if (wait_worlds(&list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < p->n; i++) {
		struct probe *one = &p->items[i];
		json_t *before = json_object_get(c->restarts, one->service);
		const struct world_info *w = find(list, n, one->service);
		bool running = w && !strcmp(w->state, "running");

		if (bundle_watch_judge(list, n, one->service,
				       (unsigned int)json_integer_value(before), end, e) == 0 &&
		    (!probe || !running || run_probe(one, end, e) == 0))
			continue;
		snprintf(c->culprit, sizeof(c->culprit), "%s", c->in[one->bundle]->d->name);
		return -1;
	}
	return 0;
}

int bundle_watch(struct bundle_change *c, struct err *e)
{
	_cleanup_(free_probes) struct probes p = { NULL, 0 };
	int64_t every = (int64_t)bundle_window(c) / ROUNDS, due = now();

	if (collect(c, &p, e) < 0)
		return -1;
	while (now() < c->until) {
		bool probe = now() >= due;

		if (look(c, &p, probe, false, e) < 0)
			return -1;
		if (probe)
			due = now() + (every > 1 ? every : 1);
		sleep(1);
	}
	return look(c, &p, true, true, e);
}
