// SPDX-License-Identifier: Apache-2.0
#include "settings.h"

#include <stdio.h>
#include <string.h>

#include "userworld/lib/conf.h"

#define SIZE_LEAST (16 * 1024)
#define COUNT_MOST 32
#define SPOOL_LEAST (64 * 1024)
#define SPOOL_MOST (64 << 20)
#define RETRY_MOST 3600

static const struct {
	const char *name;
	uint64_t size;
	unsigned int count;
} defaults[LOG_ID_COUNT] = {
	[LOG_ID_VMKERNEL] = { "vmkernel", 1 << 20, 4 },
	[LOG_ID_VMKWARNING] = { "vmkwarning", 256 << 10, 2 },
	[LOG_ID_HOSTD] = { "hostd", 512 << 10, 4 },
	[LOG_ID_SHELL] = { "shell", 256 << 10, 2 },
	[LOG_ID_AUDIT] = { "audit", 256 << 10, 4 },
	[LOG_ID_SYSLOG] = { "syslog", 1 << 20, 4 },
};

static const char *const keys[] = {
	"directory",
	"vmkernel.size",
	"vmkernel.rotate",
	"vmkwarning.size",
	"vmkwarning.rotate",
	"hostd.size",
	"hostd.rotate",
	"shell.size",
	"shell.rotate",
	"audit.size",
	"audit.rotate",
	"syslog.size",
	"syslog.rotate",
	"remote.hosts",
	"remote.spool",
	"remote.retry",
	"remote.ca",
	"remote.verify",
	NULL,
};

const char *log_name(enum log_id id)
{
	return defaults[id].name;
}

uint64_t settings_total(const struct settings *s)
{
	uint64_t sum = 0;

	for (int i = 0; i < LOG_ID_COUNT; i++)
		sum += s->logs[i].size * s->logs[i].count;
	return sum;
}

static void set_defaults(struct settings *s)
{
	*s = (struct settings){
		.directory = "/var/log",
		.remote = { .spool = 1 << 20, .retry = 180, .verify = true },
	};
	for (int i = 0; i < LOG_ID_COUNT; i++) {
		s->logs[i].size = defaults[i].size;
		s->logs[i].count = defaults[i].count;
	}
}

static int read_logs(const struct conf *c, struct settings *s, struct err *e)
{
	for (int i = 0; i < LOG_ID_COUNT; i++) {
		char key[32];

		snprintf(key, sizeof(key), "%s.size", defaults[i].name);
		if (conf_get_size(c, key, &s->logs[i].size, e) < 0)
			return -1;
		if (s->logs[i].size < SIZE_LEAST)
			return err_set(e, ERR_INVALID, "%s: %s is at least %dK", c->name, key,
				       SIZE_LEAST / 1024);
		snprintf(key, sizeof(key), "%s.rotate", defaults[i].name);
		if (conf_get_uint(c, key, 1, COUNT_MOST, &s->logs[i].count, e) < 0)
			return -1;
	}
	return 0;
}

static int copy(const struct conf *c, const char *key, char *to, size_t size, struct err *e)
{
	const char *value = conf_get(c, key);

	if (!value)
		return 0;
	if (strlen(value) >= size)
		return err_set(e, ERR_INVALID, "%s: %s is too long", c->name, key);
	strcpy(to, value);
	return 0;
}

static int read_remote(const struct conf *c, struct settings *s, struct err *e)
{
	if (copy(c, "remote.hosts", s->remote.hosts, sizeof(s->remote.hosts), e) < 0 ||
	    copy(c, "remote.ca", s->remote.ca, sizeof(s->remote.ca), e) < 0 ||
	    conf_get_size(c, "remote.spool", &s->remote.spool, e) < 0 ||
	    conf_get_uint(c, "remote.retry", 1, RETRY_MOST, &s->remote.retry, e) < 0 ||
	    conf_get_bool(c, "remote.verify", &s->remote.verify, e) < 0)
		return -1;
	if (s->remote.spool < SPOOL_LEAST || s->remote.spool > SPOOL_MOST)
		return err_set(e, ERR_INVALID, "%s: remote.spool is 64K to 64M", c->name);
	return 0;
}

static int read_all(const struct conf *c, struct settings *s, struct err *e)
{
	if (conf_check_keys(c, keys, e) < 0 || read_logs(c, s, e) < 0 || read_remote(c, s, e) < 0 ||
	    copy(c, "directory", s->directory, sizeof(s->directory), e) < 0)
		return -1;
	if (s->directory[0] != '/')
		return err_set(e, ERR_INVALID, "%s: directory has to be a path", c->name);
	return 0;
}

/* Takes over c, also when it is refused. */
static int from_conf(struct conf *c, struct settings *s, struct err *e)
{
	int rc = read_all(c, s, e);

	conf_free(c);
	if (rc < 0)
		set_defaults(s);
	return rc;
}

int settings_read(const char *path, struct settings *s, struct err *e)
{
	struct conf c;

	set_defaults(s);
	if (conf_read(&c, path, e) < 0)
		return e && e->kind == ERR_NOT_FOUND ? 0 : -1;
	return from_conf(&c, s, e);
}

int settings_parse(const char *name, const char *text, struct settings *s, struct err *e)
{
	struct conf c;

	set_defaults(s);
	return conf_parse(&c, name, text, e) < 0 ? -1 : from_conf(&c, s, e);
}
