// SPDX-License-Identifier: Apache-2.0
#include "load.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adopt.h"
#include "engine.h"
#include "policy.h"
#include "pool.h"
#include "record.h"
#include "userworld/lib/file.h"
#include "userworld/lib/log.h"

static int is_config(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return len > 5 && entry->d_name[0] != '.' && !strcmp(entry->d_name + len - 5, ".conf");
}

/* Calls each() with the name of every world described in the folder, in their order. */
static int each_config(const char *dir, void (*each)(const char *name, void *arg), void *arg,
		       struct err *e)
{
	struct dirent **entries;
	int n = scandir(dir, &entries, is_config, alphasort);

	if (n < 0)
		return err_sys(e, errno, "%s: open", dir);
	for (int i = 0; i < n; i++) {
		char *name = entries[i]->d_name;

		name[strlen(name) - 5] = '\0';
		each(name, arg);
		free(entries[i]);
	}
	free(entries);
	return 0;
}

/* All worlds that stay, with one of them as it is to be. */
static size_t gather(const struct table *t, const struct world *instead,
		     const struct world_conf *conf, const struct world_conf **list)
{
	size_t n = 0;

	table_for_each (t, w)
		if (w != instead && !w->retired)
			list[n++] = &w->conf;
	list[n++] = conf;
	return n;
}

static struct world *free_slot(struct table *t)
{
	for (struct world *w = t->worlds; w < t->worlds + WORLDS_MAX; w++)
		if (!w->used)
			return w;
	return NULL;
}

/*
 * Whether the host has what it is to be given. Without the last line there is no
 * host at all, so it is let in with a warning.
 */
static int admit_contract(struct table *t, const struct world *known, const struct world_conf *conf,
			  struct err *e)
{
	struct claim claims[WORLDS_MAX], more = { .pool = conf->pool };
	size_t n = pool_claims(t, known, claims);
	uint64_t ramdisks = pool_host_ramdisks("");
	struct pool_limits l;

	pool_contract(t, conf, &l);
	more.bytes = l.value[POOL_MEMORY_MIN];
	if (policy_admit(claims, n, &more, ramdisks, t->host.memory_total, e) == 0 &&
	    pool_host_has(&t->host, &l, e) == 0)
		return 0;
	if (!conf->essential)
		return err_wrap(e, "userworld %s", conf->name);
	log_warnx("userworld %s: %s; it is essential and runs nevertheless", conf->name, e->text);
	return 0;
}

static int admit(struct table *t, struct world *known, const struct world_conf *conf, struct err *e)
{
	const struct world_conf *list[WORLDS_MAX + 1];
	size_t n;

	if (!known && !free_slot(t))
		return err_set(e, ERR_CONFLICT, "userworld %s: more than %d userworlds", conf->name,
			       WORLDS_MAX);
	n = gather(t, known, conf, list);
	if (known && strcmp(known->conf.pool, conf->pool))
		return err_set(e, ERR_CONFLICT,
			       "userworld %s: the pool cannot change from %s to %s; remove the "
			       "config file, reload, and add it again",
			       conf->name, known->conf.pool, conf->pool);
	if (policy_check_pools(list, n, e) < 0 || policy_check_order(list, n, e) < 0)
		return -1;
	return admit_contract(t, known, conf, e);
}

static void add(struct table *t, const struct world_conf *conf)
{
	struct world *w = free_slot(t);

	*w = (struct world){
		.conf = *conf,
		.used = true,
		.state = WS_DOWN,
		.since = t->now,
		.pidfd = -1,
		.pool = -1,
		.pool_events = -1,
		.memory_events = -1,
		.pids_events = -1,
		.probe = { .pidfd = -1 },
		.output = -1,
		.ready = -1,
	};
	adopt(t, w);
	if (w->state != WS_DOWN || !conf->autostart)
		return;
	if (record_read_mark(t, conf->name) == MARK_DONE)
		w->state = WS_DONE;
	else if (record_read_mark(t, conf->name) == MARK_NONE)
		engine_feed(t, w, WE_START, NULL);
}

static void change(struct table *t, struct world *w, const struct world_conf *conf)
{
	bool other_end = w->conf.availability != conf->availability;
	struct err e = ERR_INIT;

	if (!memcmp(&w->conf, conf, sizeof(*conf)))
		return;
	w->conf = *conf;
	if (other_end && w->state == WS_RUNNING)
		engine_deadline(t, w);
	log_info("userworld %s: config read again", conf->name);
	if (w->pool >= 0 && pool_prepare(t, w, &e) < 0)
		log_err(&e);
}

static int load_one(struct table *t, const char *name, struct err *e)
{
	struct world *known = world_find(t, name);
	struct world_conf conf;

	if (known)
		known->retired = false;
	if (world_conf_read(t->conf_dir, name, &conf, e) < 0 || admit(t, known, &conf, e) < 0)
		return -1;
	if (known)
		change(t, known, &conf);
	else
		add(t, &conf);
	return 0;
}

struct loading {
	struct table *table;
	struct err *e;
	int refused;
};

static void load_each(const char *name, void *arg)
{
	struct loading *l = arg;

	if (load_one(l->table, name, l->e) < 0) {
		log_err(l->e);
		l->refused++;
	}
}

/* Limits stay as they were if the file is bad. */
static int load_pools(struct table *t, struct err *e)
{
	struct pool_line lines[POOLS_MAX];
	char *text = NULL;
	struct err own = ERR_INIT;
	int n = 0;

	if (file_read(t->pools_file, CONF_FILE_MAX, &text, NULL, &own) == 0)
		n = pools_parse(t->pools_file, text, lines, &own);
	else if (own.kind != ERR_NOT_FOUND)
		n = -1;
	free(text);
	if (n < 0) {
		log_err(&own);
		*e = own;
		return 1;
	}
	memcpy(t->pools, lines, (size_t)n * sizeof(lines[0]));
	t->pool_count = n;
	return 0;
}

int load_worlds(struct table *t, struct err *e)
{
	struct err own = ERR_INIT;
	struct loading l = { .table = t, .e = e ? e : &own };

	l.refused = load_pools(t, l.e);
	table_for_each (t, w)
		w->retired = true;
	if (each_config(t->conf_dir, load_each, &l, l.e) < 0) {
		table_for_each (t, w)
			w->retired = false;
		return -1;
	}
	pool_refresh(t);
	return l.refused;
}

struct checking {
	const char *dir;
	struct world_conf confs[WORLDS_MAX];
	const struct world_conf *list[WORLDS_MAX];
	size_t count;
	int refused;
};

static void check_each(const char *name, void *arg)
{
	struct checking *c = arg;
	struct err e = ERR_INIT;

	if (c->count == WORLDS_MAX)
		err_set(&e, ERR_CONFLICT, "%s: more than %d userworlds", c->dir, WORLDS_MAX);
	else if (world_conf_read(c->dir, name, &c->confs[c->count], &e) == 0) {
		c->list[c->count] = &c->confs[c->count];
		c->count++;
		return;
	}
	fprintf(stderr, "%s\n", e.text);
	c->refused++;
}

int load_check(const char *dir, struct err *e)
{
	static struct checking c;

	c = (struct checking){ .dir = dir };
	if (each_config(dir, check_each, &c, e) < 0)
		return -1;
	if (policy_check_pools(c.list, c.count, e) < 0 ||
	    policy_check_order(c.list, c.count, e) < 0)
		return -1;
	return c.refused;
}
