// SPDX-License-Identifier: Apache-2.0
#include "settings.h"

#include <stdio.h>
#include <string.h>

#include "userworld/lib/conf.h"

#define SIZE_LEAST (16 * 1024)
#define COUNT_MOST 32

static const struct {
	const char *name;
	uint64_t size;
	unsigned int count;
} defaults[LOG_ID_COUNT] = {
	[LOG_ID_VMKERNEL] = { "vmkernel", 1 << 20, 4 },
	[LOG_ID_HOSTD] = { "hostd", 512 << 10, 4 },
	[LOG_ID_SHELL] = { "shell", 256 << 10, 2 },
};

static const char *const keys[] = {
	"directory",	"vmkernel.size", "vmkernel.rotate", "hostd.size",
	"hostd.rotate", "shell.size",	 "shell.rotate",    NULL,
};

const char *log_name(enum log_id id)
{
	return defaults[id].name;
}

static void set_defaults(struct settings *s)
{
	*s = (struct settings){ .directory = "/var/log" };
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

static int read_all(const struct conf *c, struct settings *s, struct err *e)
{
	const char *dir = conf_get(c, "directory");

	if (conf_check_keys(c, keys, e) < 0 || read_logs(c, s, e) < 0)
		return -1;
	if (!dir)
		return 0;
	if (dir[0] != '/' || strlen(dir) >= sizeof(s->directory))
		return err_set(e, ERR_INVALID, "%s: directory has to be a path", c->name);
	strcpy(s->directory, dir);
	return 0;
}

int settings_read(const char *path, struct settings *s, struct err *e)
{
	struct conf c;
	int rc;

	set_defaults(s);
	if (conf_read(&c, path, e) < 0)
		return e && e->kind == ERR_NOT_FOUND ? 0 : -1;
	rc = read_all(&c, s, e);
	conf_free(&c);
	if (rc < 0)
		set_defaults(s);
	return rc;
}
