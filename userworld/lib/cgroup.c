// SPDX-License-Identifier: Apache-2.0
#include "cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"

#define TEXT_MAX 8192 /* memory.stat is the longest, about 2 KiB */

int cgroup_open_root(const char *root, struct err *e)
{
	int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(e, errno, "%s: open; is the cgroup2 file system mounted there?",
			       root);
	return fd;
}

int cgroup_open(int root, const char *pool, struct err *e)
{
	int fd = openat(root, pool, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? err_sys(e, errno, "pool %s: open", pool) : fd;
}

int cgroup_has(int group, const char *controller)
{
	char text[512], *save, *word;

	if (file_read_at(group, "cgroup.controllers", text, sizeof(text), NULL) < 0)
		return 0;
	for (word = strtok_r(text, " ", &save); word; word = strtok_r(NULL, " ", &save))
		if (!strcmp(word, controller))
			return 1;
	return 0;
}

/*
 * One controller per write, since a write that names an unavailable one is
 * refused as a whole. What cannot be had shows later, when a limit is set.
 */
static void delegate(int group)
{
	static const char *const wanted[] = { "memory", "cpu", "pids", "cpuset", "io" };

	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		char text[16];

		if (!cgroup_has(group, wanted[i]))
			continue;
		snprintf(text, sizeof(text), "+%s", wanted[i]);
		file_write_at(group, "cgroup.subtree_control", text, NULL);
	}
}

int cgroup_make(int root, const char *pool, struct err *e)
{
	_cleanup_close_ int at = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char path[CGROUP_PATH_MAX + 1], *save, *part;

	if (at < 0)
		return err_sys(e, errno, "pool %s: open the hierarchy", pool);
	if (snprintf(path, sizeof(path), "%s", pool) >= (int)sizeof(path))
		return err_sys(e, ENAMETOOLONG, "pool %s", pool);
	for (part = strtok_r(path, "/", &save); part; part = strtok_r(NULL, "/", &save)) {
		int next;

		delegate(at);
		if (mkdirat(at, part, 0755) < 0 && errno != EEXIST)
			return err_sys(e, errno, "pool %s: make %s", pool, part);
		next = openat(at, part, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (next < 0)
			return err_sys(e, errno, "pool %s: open %s", pool, part);
		close(at);
		at = next;
	}
	return steal_fd(&at);
}

int cgroup_remove(int root, const char *pool, struct err *e)
{
	if (unlinkat(root, pool, AT_REMOVEDIR) < 0 && errno != ENOENT)
		return err_sys(e, errno, "pool %s: remove", pool);
	return 0;
}

/* A file that is missing means a controller that is not there: say that. */
static int explain(int group, const char *file, struct err *e)
{
	char controller[32];
	size_t len = strcspn(file, ".");

	if (!e || e->num != ENOENT || len >= sizeof(controller) || !strncmp(file, "cgroup.", 7))
		return -1;
	memcpy(controller, file, len);
	controller[len] = '\0';
	if (!cgroup_has(group, controller))
		return err_set(e, ERR_UNAVAILABLE,
			       "%s: the kernel offers no %s controller to this pool", file,
			       controller);
	return -1;
}

int cgroup_read(int group, const char *file, char *buf, size_t size, struct err *e)
{
	int n = file_read_at(group, file, buf, size, e);

	return n < 0 ? explain(group, file, e) : n;
}

int cgroup_read_u64(int group, const char *file, uint64_t *value, struct err *e)
{
	char text[64], *end;

	if (cgroup_read(group, file, text, sizeof(text), e) < 0)
		return -1;
	if (!strcmp(text, "max")) {
		*value = UINT64_MAX;
		return 0;
	}
	*value = strtoull(text, &end, 10);
	if (end == text || *end)
		return err_set(e, ERR_SYSTEM, "%s: '%s' is not a number", file, text);
	return 0;
}

int cgroup_write(int group, const char *file, const char *value, struct err *e)
{
	return file_write_at(group, file, value, e) < 0 ? explain(group, file, e) : 0;
}

int cgroup_write_u64(int group, const char *file, uint64_t value, struct err *e)
{
	char text[32] = "max";

	if (value != UINT64_MAX)
		snprintf(text, sizeof(text), "%" PRIu64, value);
	return cgroup_write(group, file, text, e);
}

int flat_key(const char *text, const char *key, uint64_t *value)
{
	size_t len = strlen(key);

	while (text && *text) {
		if (!strncmp(text, key, len) && text[len] == ' ') {
			*value = strtoull(text + len + 1, NULL, 10);
			return 0;
		}
		text = strchr(text, '\n');
		if (text)
			text++;
	}
	return -1;
}

int cgroup_stat(int group, const char *file, const char *key, uint64_t *value, struct err *e)
{
	char text[TEXT_MAX];

	if (cgroup_read(group, file, text, sizeof(text), e) < 0)
		return -1;
	if (flat_key(text, key, value) < 0)
		return err_set(e, ERR_NOT_FOUND, "%s: has no '%s'", file, key);
	return 0;
}

int cgroup_attach(int group, pid_t pid, struct err *e)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", pid);
	return cgroup_write(group, "cgroup.procs", text, e);
}

int cgroup_kill(int group, struct err *e)
{
	return cgroup_write(group, "cgroup.kill", "1", e);
}

int cgroup_populated(int group, struct err *e)
{
	uint64_t value;

	if (cgroup_stat(group, "cgroup.events", "populated", &value, e) < 0)
		return -1;
	return value != 0;
}

int cgroup_pids(int group, pid_t *buf, size_t max, struct err *e)
{
	char text[TEXT_MAX], *p = text;
	size_t n = 0;

	if (cgroup_read(group, "cgroup.procs", text, sizeof(text), e) < 0)
		return -1;
	while (*p && n < max) {
		char *end;

		buf[n] = (pid_t)strtol(p, &end, 10);
		if (end == p)
			break;
		n++;
		p = *end ? end + 1 : end;
	}
	return (int)n;
}

int cgroup_mark(int group, const char *name, bool essential, struct err *e)
{
	char text[64];
	int len = snprintf(text, sizeof(text), "%s %s", essential ? "essential" : "killable", name);

	if (fsetxattr(group, CGROUP_MARK, text, (size_t)len, 0) < 0)
		return err_sys(e, errno, "userworld %s: mark its pool", name);
	return 0;
}

int cgroup_world(int group, char name[static 32], bool *essential)
{
	char text[64];
	ssize_t len = fgetxattr(group, CGROUP_MARK, text, sizeof(text) - 1);
	char *space;

	if (len <= 0)
		return 0;
	text[len] = '\0';
	space = strchr(text, ' ');
	if (!space || strlen(space + 1) >= 32)
		return 0;
	*space = '\0';
	*essential = !strcmp(text, "essential");
	strcpy(name, space + 1);
	return 1;
}
