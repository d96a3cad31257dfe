// SPDX-License-Identifier: Apache-2.0
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "userworld/lib/file.h"
#include "userworld/lib/log.h"

static void path_of(char path[static PATH_MAX], const struct table *t, const char *name,
		    const char *suffix)
{
	snprintf(path, PATH_MAX, "%s/%s.%s", t->run_dir, name, suffix);
}

static void put(const char *path, const char *text)
{
	struct err e = ERR_INIT;

	if (text) {
		if (file_write_atomic(path, text, strlen(text), 0644, &e) < 0)
			log_warnx("%s", e.text);
	} else if (unlink(path) < 0 && errno != ENOENT) {
		log_warn("%s: remove", path);
	}
}

void record_pid(const struct table *t, const struct world *w)
{
	char path[PATH_MAX], text[16];

	path_of(path, t, w->conf.name, "pid");
	snprintf(text, sizeof(text), "%d\n", w->pid);
	put(path, w->pid ? text : NULL);
}

void record_mark(const struct table *t, const struct world *w, enum mark mark)
{
	char path[PATH_MAX];

	path_of(path, t, w->conf.name, "mark");
	if (mark == MARK_NONE)
		put(path, NULL);
	else
		put(path, mark == MARK_DONE ? "done\n" : "down\n");
}

pid_t record_read_pid(const struct table *t, const char *name)
{
	char path[PATH_MAX], text[16];

	path_of(path, t, name, "pid");
	if (file_read_at(AT_FDCWD, path, text, sizeof(text), NULL) < 0)
		return 0;
	return (pid_t)atoi(text);
}

enum mark record_read_mark(const struct table *t, const char *name)
{
	char path[PATH_MAX], text[16];

	path_of(path, t, name, "mark");
	if (file_read_at(AT_FDCWD, path, text, sizeof(text), NULL) < 0)
		return MARK_NONE;
	if (!strcmp(text, "done"))
		return MARK_DONE;
	return !strcmp(text, "down") ? MARK_DOWN : MARK_NONE;
}
