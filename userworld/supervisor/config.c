// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "userworld/lib/cleanup.h"

static const char *const keys[] = {
	"command",
	"env",
	"pool",
	"tty",
	"if-kernel-arg",
	"if-device",
	"after",
	"memory.min",
	"memory.max",
	"memory.high",
	"memory.address-space",
	"cpu.weight",
	"cpu.max",
	"pids.max",
	"io.weight",
	"io.max",
	"cpuset.cpus",
	"cpuset.mems",
	"stop-timeout",
	"restart",
	"ready",
	"essential",
	"jit",
	"oneshot",
	"autostart",
	"min-uptime",
	"quick-failures",
	"immortal",
	"availability",
	"probe",
	"probe-interval",
	"probe-timeout",
	"probe-failures",
	NULL,
};

bool world_name_valid(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return len && len <= WORLD_NAME_MAX && !name[len] && name[0] != '-';
}

int split_words(char *text, char **argv, size_t max)
{
	size_t n = 0;
	char *save, *word;

	for (word = strtok_r(text, " \t", &save); word; word = strtok_r(NULL, " \t", &save)) {
		if (n + 1 >= max)
			return -1;
		argv[n++] = word;
	}
	argv[n] = NULL;
	return (int)n;
}

/* The line a key is on, 0 if it is on none. */
static unsigned int line_of(const struct conf *c, const char *key)
{
	for (size_t i = 0; i < c->count; i++)
		if (!strcmp(c->lines[i].key, key))
			return c->lines[i].line;
	return 0;
}

static int bad(const struct conf *c, const char *key, const char *why, struct err *e)
{
	unsigned int line = line_of(c, key);

	if (line)
		return err_set(e, ERR_INVALID, "%s:%u: %s %s", c->name, line, key, why);
	return err_set(e, ERR_INVALID, "%s: %s %s", c->name, key, why);
}

static int copy(const struct conf *c, const char *key, char *to, size_t size, struct err *e)
{
	const char *value = conf_get(c, key);

	if (!value)
		return 0;
	if (strlen(value) >= size)
		return bad(c, key, "is too long", e);
	strcpy(to, value);
	return 0;
}

/* Index of the key's value in names, or the default; -1 for none of them. */
static int choose(const struct conf *c, const char *key, const char *const *names, int otherwise,
		  const char *why, struct err *e)
{
	const char *value = conf_get(c, key);

	if (!value)
		return otherwise;
	for (int i = 0; names[i]; i++)
		if (!strcmp(names[i], value))
			return i;
	return bad(c, key, why, e);
}

static int read_after(const struct conf *c, struct world_conf *w, struct err *e)
{
	char text[512] = "", *save, *word;

	if (copy(c, "after", text, sizeof(text), e) < 0)
		return -1;
	for (word = strtok_r(text, " ,\t", &save); word; word = strtok_r(NULL, " ,\t", &save)) {
		if (!world_name_valid(word))
			return bad(c, "after", "has a word that is not the name of a userworld", e);
		if (w->after_count == WORLD_AFTER_MAX)
			return bad(c, "after", "names too many userworlds", e);
		strcpy(w->after[w->after_count++], word);
	}
	return 0;
}

static int read_strings(const struct conf *c, struct world_conf *w, struct err *e)
{
	char command[sizeof(w->command)], *argv[WORLD_ARGS_MAX + 1];

	if (copy(c, "command", w->command, sizeof(w->command), e) < 0 ||
	    copy(c, "env", w->env, sizeof(w->env), e) < 0 ||
	    copy(c, "pool", w->pool, sizeof(w->pool), e) < 0 ||
	    copy(c, "tty", w->tty, sizeof(w->tty), e) < 0 ||
	    copy(c, "if-kernel-arg", w->if_arg, sizeof(w->if_arg), e) < 0 ||
	    copy(c, "if-device", w->if_device, sizeof(w->if_device), e) < 0 ||
	    copy(c, "jit", w->jit, sizeof(w->jit), e) < 0 || read_after(c, w, e) < 0)
		return -1;
	strcpy(command, w->command);
	if (split_words(command, argv, ARRAY_SIZE(argv)) < 0)
		return bad(c, "command", "has too many words", e);
	if (!argv[0] || argv[0][0] != '/')
		return bad(c, "command", "has to begin with the path of a program", e);
	if (strncmp(w->pool, "host/", 5) || strstr(w->pool, "..") || strstr(w->pool, "//") ||
	    w->pool[strlen(w->pool) - 1] == '/')
		return bad(c, "pool", "has to be a path below host/", e);
	if (w->tty[0] && w->tty[0] != '/')
		return bad(c, "tty", "has to be a path", e);
	if (w->jit[0] && w->jit[0] != '/')
		return bad(c, "jit", "has to be the path of a program", e);
	return 0;
}

/* "96M", or "96M + 0.5%" of what the host's memory has above 128 MiB. */
static int read_scaled(const struct conf *c, const char *key, uint64_t *base,
		       unsigned int *permille, struct err *e)
{
	static const char why[] = "is a size, perhaps with a share of the host's memory: "
				  "96M + 0.5%";
	char text[64] = "", *plus, *end;
	double percent = 0;

	if (copy(c, key, text, sizeof(text), e) < 0)
		return -1;
	if (!text[0])
		return 0;
	plus = strchr(text, '+');
	if (plus) {
		*plus = '\0';
		percent = strtod(plus + 1, &end);
		if (end == plus + 1 || strcmp(end, "%") || !(percent >= 0 && percent <= 50))
			return bad(c, key, why, e);
	}
	text[strcspn(text, " \t")] = '\0';
	if (size_parse(text, base) < 0)
		return bad(c, key, why, e);
	*permille = (unsigned int)(percent * 10 + 0.5);
	return 0;
}

/* How it is watched once it runs. */
static int read_watch(const struct conf *c, struct world_conf *w, struct err *e)
{
	char command[sizeof(w->probe)], *argv[WORLD_ARGS_MAX + 1];

	if (copy(c, "probe", w->probe, sizeof(w->probe), e) < 0 ||
	    conf_get_uint(c, "availability", 0, 604800, &w->availability, e) < 0 ||
	    conf_get_uint(c, "min-uptime", 1, 3600, &w->min_uptime, e) < 0 ||
	    conf_get_uint(c, "quick-failures", 0, 1000, &w->quick_failures, e) < 0 ||
	    conf_get_bool(c, "immortal", &w->immortal, e) < 0 ||
	    conf_get_uint(c, "probe-interval", 1, 3600, &w->probe_interval, e) < 0 ||
	    conf_get_uint(c, "probe-timeout", 1, 60, &w->probe_timeout, e) < 0 ||
	    conf_get_uint(c, "probe-failures", 1, 100, &w->probe_failures, e) < 0)
		return -1;
	strcpy(command, w->probe);
	if (split_words(command, argv, ARRAY_SIZE(argv)) < 0)
		return bad(c, "probe", "has too many words", e);
	if (argv[0] && argv[0][0] != '/')
		return bad(c, "probe", "has to begin with the path of a program", e);
	return 0;
}

static int read_limit(const struct conf *c, enum pool_key key, struct world_conf *w, struct err *e)
{
	const char *name = pool_key_name(key), *value = conf_get(c, name);
	uint64_t base;

	if (!value)
		return 0;
	if (key < POOL_MEMORY_KEYS) {
		if (read_scaled(c, name, &base, &w->scale[key], e) < 0)
			return -1;
		pool_limits_set(&w->limits, key, base);
		return 0;
	}
	if (pool_limits_parse(&w->limits, key, value, e) < 0)
		return err_wrap(e, "%s:%u", c->name, line_of(c, name));
	return 0;
}

/* Each limit is above what is reserved, on small hosts and on large ones. */
static int check_reservation(const struct conf *c, const struct world_conf *w, struct err *e)
{
	static const enum pool_key above[] = { POOL_MEMORY_MAX, POOL_MEMORY_HIGH };
	uint64_t min = pool_limits_get(&w->limits, POOL_MEMORY_MIN);

	if (min == POOL_NONE)
		return bad(c, "memory.min", "cannot be without a bound", e);
	for (size_t i = 0; i < ARRAY_SIZE(above); i++) {
		uint64_t most = pool_limits_get(&w->limits, above[i]);

		if (most == POOL_NONE ||
		    (min <= most && w->scale[POOL_MEMORY_MIN] <= w->scale[above[i]]))
			continue;
		return bad(c, "memory.min",
			   above[i] == POOL_MEMORY_MAX ? "is more than memory.max"
						       : "is more than memory.high",
			   e);
	}
	return 0;
}

static int read_limits(const struct conf *c, struct world_conf *w, struct err *e)
{
	for (int k = 0; k < POOL_KEYS; k++)
		if (read_limit(c, (enum pool_key)k, w, e) < 0)
			return -1;
	if (read_scaled(c, "memory.address-space", &w->address_space, &w->address_scale, e) < 0 ||
	    conf_get_uint(c, "stop-timeout", 1, 25, &w->stop_timeout, e) < 0 ||
	    conf_get_bool(c, "essential", &w->essential, e) < 0 ||
	    conf_get_bool(c, "oneshot", &w->oneshot, e) < 0 ||
	    conf_get_bool(c, "autostart", &w->autostart, e) < 0 || read_watch(c, w, e) < 0)
		return -1;
	return check_reservation(c, w, e);
}

int world_conf_from(const struct conf *c, const char *name, struct world_conf *w, struct err *e)
{
	static const char *const restarts[] = { "always", "on-failure", "never", NULL };
	static const char *const readies[] = { "exec", "notify", "exit", NULL };
	int n;

	*w = (struct world_conf){
		.address_space = POOL_NONE,
		.stop_timeout = 10,
		.min_uptime = 60,
		.probe_interval = 60,
		.probe_timeout = 10,
		.probe_failures = 3,
		.autostart = true,
	};
	if (!world_name_valid(name))
		return err_set(e, ERR_INVALID,
			       "%s: '%s' is not a name: up to %d of a-z, 0-9 and '-'", c->name,
			       name, WORLD_NAME_MAX);
	strcpy(w->name, name);
	if (conf_check_keys(c, keys, e) < 0 || read_strings(c, w, e) < 0 ||
	    read_limits(c, w, e) < 0)
		return -1;
	n = choose(c, "restart", restarts, w->oneshot ? RESTART_NEVER : RESTART_ALWAYS,
		   "is always, on-failure or never", e);
	if (n < 0)
		return -1;
	w->restart = (enum restart_policy)n;
	n = choose(c, "ready", readies, w->oneshot ? READY_EXIT : READY_EXEC,
		   "is exec, notify or exit", e);
	if (n < 0)
		return -1;
	w->ready = (enum ready_kind)n;
	if (w->oneshot && w->restart == RESTART_ALWAYS)
		return bad(c, "restart", "cannot be always for a oneshot", e);
	if (!w->oneshot && w->ready == READY_EXIT)
		return bad(c, "ready", "can be exit for a oneshot only", e);
	return 0;
}

int world_conf_read(const char *dir, const char *name, struct world_conf *w, struct err *e)
{
	char path[PATH_MAX];
	struct conf c;
	int rc;

	if (snprintf(path, sizeof(path), "%s/%s.conf", dir, name) >= (int)sizeof(path))
		return err_sys(e, ENAMETOOLONG, "%s/%s.conf", dir, name);
	if (conf_read(&c, path, e) < 0)
		return -1;
	rc = world_conf_from(&c, name, w, e);
	conf_free(&c);
	return rc;
}
