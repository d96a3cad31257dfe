// SPDX-License-Identifier: Apache-2.0
#include "load.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "adopt.h"
#include "engine.h"
#include "policy.h"
#include "pool.h"
#include "record.h"
#include "userworld/lib/cleanup.h"
#include "userworld/lib/log.h"

/* "hostd.conf" -> "hostd"; 0 if the file is not a config file. */
static int world_of_file(const char *file, char name[static NAME_MAX + 1])
{
	size_t len = strlen(file);

	if (len < 6 || len > NAME_MAX || file[0] == '.' || strcmp(file + len - 5, ".conf"))
		return 0;
	memcpy(name, file, len - 5);
	name[len - 5] = '\0';
	return 1;
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
	return 0;
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
	struct err e = ERR_INIT;

	if (!memcmp(&w->conf, conf, sizeof(*conf)))
		return;
	w->conf = *conf;
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

int load_worlds(struct table *t, struct err *e)
{
	_cleanup_closedir_ DIR *d = opendir(t->conf_dir);
	struct dirent *entry;
	int refused = 0;

	if (!d)
		return err_sys(e, errno, "%s: open", t->conf_dir);
	table_for_each (t, w)
		w->retired = true;
	while ((entry = readdir(d))) {
		char name[NAME_MAX + 1];

		if (!world_of_file(entry->d_name, name))
			continue;
		if (load_one(t, name, e) < 0) {
			log_err(e);
			refused++;
		}
	}
	pool_reserve(t);
	return refused;
}

int load_check(const char *dir, struct err *e)
{
	static struct world_conf confs[WORLDS_MAX];
	const struct world_conf *list[WORLDS_MAX];
	_cleanup_closedir_ DIR *d = opendir(dir);
	struct dirent *entry;
	int refused = 0;
	size_t n = 0;

	if (!d)
		return err_sys(e, errno, "%s: open", dir);
	while ((entry = readdir(d))) {
		char name[NAME_MAX + 1];

		if (!world_of_file(entry->d_name, name))
			continue;
		if (n == WORLDS_MAX)
			return err_set(e, ERR_CONFLICT, "%s: more than %d userworlds", dir,
				       WORLDS_MAX);
		if (world_conf_read(dir, name, &confs[n], e) < 0) {
			fprintf(stderr, "%s\n", e->text);
			refused++;
			continue;
		}
		list[n] = &confs[n];
		n++;
	}
	if (policy_check_pools(list, n, e) < 0 || policy_check_order(list, n, e) < 0)
		return -1;
	return refused;
}
