// SPDX-License-Identifier: Apache-2.0
/*
 * system.process.list: all worlds, those of the kernel and those of users. A
 * world is a thread (WID), a cartel is a process (CID); threads of one cartel
 * share their memory, so each shows the same rss.
 */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "userworld/core/utf8.h"

#define COMMAND_MAX 512

struct cartel {
	long cid;
	json_int_t rss; /* bytes; 0 for kernel worlds */
	char pool[256]; /* below the cgroup root, "" for kernel worlds */
	char command[COMMAND_MAX];
};

static long number_of(const char *name)
{
	char *end;
	long value = strtol(name, &end, 10);

	return *name && isdigit((unsigned char)*name) && !*end ? value : -1;
}

/* Arguments are separated by NULs, and a process may put anything there. */
static void read_command(int dir, struct cartel *c)
{
	_cleanup_close_ int fd = openat(dir, "cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, c->command, sizeof(c->command) - 1);

	if (len < 0)
		len = 0;
	while (len > 0 && !c->command[len - 1])
		len--;
	c->command[len] = '\0';
	for (ssize_t i = 0; i < len; i++)
		if (!isprint((unsigned char)c->command[i]))
			c->command[i] = c->command[i] ? '?' : ' ';
}

static void read_pool(int dir, struct cartel *c)
{
	char text[512];
	char *line = text;

	c->pool[0] = '\0';
	if (file_read_at(dir, "cgroup", text, sizeof(text), NULL) < 0)
		return;
	while (line && strncmp(line, "0::/", 4) != 0) {
		line = strchr(line, '\n');
		line = line ? line + 1 : NULL;
	}
	if (line)
		snprintf(c->pool, sizeof(c->pool), "%.*s", (int)strcspn(line + 4, "\n"), line + 4);
}

static void read_rss(int dir, struct cartel *c)
{
	char text[128];
	char *space;

	c->rss = 0;
	if (file_read_at(dir, "statm", text, sizeof(text), NULL) < 0)
		return;
	space = strchr(text, ' ');
	if (space)
		c->rss = (json_int_t)strtoll(space, NULL, 10) * sysconf(_SC_PAGESIZE);
}

/* comm is up to 15 bytes of anything; JSON wants UTF-8, people want one line. */
static void read_comm(int dir, char name[static 32])
{
	if (file_read_at(dir, "comm", name, 32, NULL) < 0)
		name[0] = '\0';
	ascii_repair(name);
}

static int add_world(json_t *rows, const struct cartel *c, int tasks, const char *wid,
		     struct err *e)
{
	_cleanup_close_ int dir = openat(tasks, wid, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char name[32];
	char kernel[40];

	if (dir < 0)
		return 0; /* it ended meanwhile */
	read_comm(dir, name);
	snprintf(kernel, sizeof(kernel), "[%s]", name);
	if (json_array_append_new(
		    rows,
		    json_pack("{s:I, s:I, s:s, s:s, s:s, s:I}", "wid", (json_int_t)number_of(wid),
			      "cid", (json_int_t)c->cid, "world", name, "pool", c->pool, "command",
			      c->command[0] ? c->command : kernel, "rss", c->rss)) < 0)
		return core_nomem(e);
	return 0;
}

static int add_cartel(json_t *rows, int proc, const char *pid, struct err *e)
{
	_cleanup_close_ int dir = openat(proc, pid, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	_cleanup_closedir_ DIR *tasks = NULL;
	struct cartel c = { .cid = number_of(pid) };
	struct dirent *entry;
	int fd;

	fd = dir < 0 ? -1 : openat(dir, "task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	tasks = fd < 0 ? NULL : fdopendir(fd);
	if (!tasks)
		return 0;
	read_command(dir, &c);
	read_pool(dir, &c);
	read_rss(dir, &c);
	while ((entry = readdir(tasks)))
		if (number_of(entry->d_name) >= 0 &&
		    add_world(rows, &c, dirfd(tasks), entry->d_name, e) < 0)
			return -1;
	return 0;
}

static int process_list(json_t *params, json_t **result, struct err *e)
{
	_cleanup_closedir_ DIR *proc = NULL;
	char path[CORE_PATH_MAX];
	struct dirent *entry;
	json_t *rows;

	(void)params;
	if (core_path(path, e, CORE_PROC, "/proc") < 0)
		return -1;
	proc = opendir(path);
	if (!proc)
		return err_sys(e, errno, "%s", path);
	rows = json_array();
	while ((entry = readdir(proc)))
		if (number_of(entry->d_name) >= 0 &&
		    add_cartel(rows, dirfd(proc), entry->d_name, e) < 0) {
			json_decref(rows);
			return -1;
		}
	return core_give(result, rows, e);
}

const struct core_op core_process_ops[] = {
	{
		.name = "system.process.list",
		.method = "GET",
		.path = "/system/processes",
		.run = process_list,
		.help = "Worlds of the kernel and of users",
	},
	{ 0 },
};
