// SPDX-License-Identifier: Apache-2.0
/*
 * system.panic: the last lines of a kernel that died. The kernel leaves them in the firmware or in
 * memory that a restart spares, and pstore shows them after the next start. Then they are taken
 * from there, which makes room for the next ones, into a file below /var/log like all logs.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "log.h"
#include "panic.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"
#include "userworld/core/utf8.h"
#include "utc.h"

#define PSTORE "/sys/fs/pstore"
#define LOGS "/var/log/vmkernel-"
#define PART_MAX (256u << 10) /* bytes of a file of pstore */
#define PARTS_MAX 256
#define KEPT 8 /* logs; older ones are removed */

/* A part and the file it came from. */
struct found {
	struct panic_part part; /* first, for panic_compare() */
	char *data;
	char *path;
};

struct finds {
	struct found list[PARTS_MAX];
	size_t count;
};

static void free_finds(struct finds *f)
{
	for (size_t i = 0; i < f->count; i++) {
		free(f->list[i].data);
		free(f->list[i].path);
	}
	free(f);
}

/* What cannot be unpacked, or is of another kind, stays where it is. */
static int find(struct finds *f, const char *name, struct err *e)
{
	struct found *one = &f->list[f->count];
	char path[CORE_PATH_MAX];
	struct stat st;
	size_t len;

	if (core_path(path, e, CORE_SYSFS, PSTORE "/%s", name) < 0)
		return -1;
	if (stat(path, &st) < 0)
		return err_sys(e, errno, "%s", path);
	if (file_read(path, PART_MAX, &one->data, &len, e) < 0)
		return -1;
	if (!panic_parse(one->data, len, &one->part)) {
		free(one->data);
		return 0;
	}
	one->part.time = st.st_mtime;
	one->path = strdup(path);
	f->count++;
	return one->path ? 0 : core_nomem(e);
}

static int find_all(struct finds *f, struct err *e)
{
	_cleanup_closedir_ DIR *folder = NULL;
	char path[CORE_PATH_MAX];
	struct dirent *d;

	if (core_path(path, e, CORE_SYSFS, PSTORE) < 0)
		return -1;
	folder = opendir(path);
	if (!folder)
		return errno == ENOENT ? 0 : err_sys(e, errno, "%s", path);
	while (f->count < PARTS_MAX && (d = readdir(folder))) {
		struct err skip = ERR_INIT;

		if (!strncmp(d->d_name, "dmesg-", 6) && find(f, d->d_name, &skip) < 0)
			log_err(&skip);
	}
	qsort(f->list, f->count, sizeof(f->list[0]), panic_compare);
	return 0;
}

/* All parts of one dump, from the first of them on. Returns how many, with their text. */
static size_t join(const struct found *first, size_t left, char **text, size_t *len)
{
	FILE *out = open_memstream(text, len);
	size_t n = 0;

	if (!out)
		return 0;
	while (n < left && panic_same(&first->part, &first[n].part)) {
		fwrite(first[n].part.text, 1, first[n].part.len, out);
		n++;
	}
	return fclose(out) == 0 ? n : 0;
}

static int keep(const struct panic_part *p, char *text, size_t len, char name[static 64],
		struct err *e)
{
	struct timespec times[2] = { { .tv_sec = p->time }, { .tv_sec = p->time } };
	char path[CORE_PATH_MAX], stamp[32];
	struct tm tm;

	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", gmtime_r(&p->time, &tm));
	snprintf(name, 64, "vmkernel-%.15s-%s-%u", p->kind, stamp, p->count);
	utf8_repair(text, len);
	if (core_path(path, e, CORE_ROOT, "/var/log/%s.log", name) < 0 ||
	    file_write_atomic(path, text, len, 0600, e) < 0)
		return -1;
	utimensat(AT_FDCWD, path, times, 0);
	return 0;
}

static void tell(const struct panic_part *p, const char *text, const char *name)
{
	char reason[PANIC_REASON_MAX], when[UTC_MAX];
	bool panic = !strcmp(p->kind, "panic");

	panic_reason(text, reason);
	ascii_repair(reason);
	core_event(panic ? EVENT_HOST_PANIC : EVENT_HOST_FAULT,
		   EVENT_WITH(EVENT_STR("reason", reason), EVENT_STR("log", name)),
		   "%s at %s: %s; its last lines are in /var/log/%s.log",
		   panic ? "The host ended with a panic" : "The kernel had a fault",
		   utc_text(p->time, when), reason, name);
}

static int take_one(const struct found *first, size_t left, size_t *n, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char name[64];
	size_t len;

	*n = join(first, left, &text, &len);
	if (*n == 0)
		return core_nomem(e);
	if (keep(&first->part, text, len, name, e) < 0)
		return -1;
	tell(&first->part, text, name);
	/* Room for the next one, and this one is told only once. */
	for (size_t i = 0; i < *n; i++)
		if (unlink(first[i].path) < 0)
			log_warn("%s", first[i].path);
	return 0;
}

/* Names begin with the kind; within one they are in the order of time. */
static void drop_old(void)
{
	char pattern[CORE_PATH_MAX];
	glob_t logs = { 0 };

	if (core_path(pattern, NULL, CORE_ROOT, LOGS "*-*Z-*.log") < 0 ||
	    glob(pattern, 0, NULL, &logs) != 0)
		return;
	for (size_t i = 0; i + KEPT < logs.gl_pathc; i++)
		unlink(logs.gl_pathv[i]);
	globfree(&logs);
}

static int panic_take(json_t *params, json_t **result, struct err *e)
{
	struct finds *f = calloc(1, sizeof(*f));
	json_int_t dumps = 0;
	size_t n;
	int rc;

	(void)params;
	if (!f)
		return core_nomem(e);
	rc = find_all(f, e);
	for (size_t at = 0; rc == 0 && at < f->count; at += n, dumps++)
		rc = take_one(&f->list[at], f->count - at, &n, e);
	free_finds(f);
	drop_old();
	return rc < 0 ? -1 : core_give(result, json_pack("{s:I}", "taken", dumps), e);
}

bool panic_last(struct panic_last *p)
{
	char pattern[CORE_PATH_MAX];
	glob_t logs = { 0 };
	struct stat st;
	const char *path;
	bool found;

	if (core_path(pattern, NULL, CORE_ROOT, LOGS "panic-*Z-*.log") < 0 ||
	    glob(pattern, 0, NULL, &logs) != 0)
		return false;
	path = logs.gl_pathv[logs.gl_pathc - 1];
	found = stat(path, &st) == 0 &&
		file_read(path, PARTS_MAX * PART_MAX, &p->text, &p->len, NULL) == 0;
	globfree(&logs);
	if (!found)
		return false;
	p->time = st.st_mtime;
	panic_reason(p->text, p->reason);
	ascii_repair(p->reason);
	return true;
}

static json_t *row_of(const char *path)
{
	const char *name = strstr(path, LOGS) + strlen("/var/log/");
	char reason[PANIC_REASON_MAX] = "unknown", when[UTC_MAX];
	const char *kind = name + strlen("vmkernel-");
	_cleanup_free_ char *text = NULL;
	struct stat st;

	if (stat(path, &st) < 0)
		return NULL;
	if (file_read(path, PARTS_MAX * PART_MAX, &text, NULL, NULL) == 0)
		panic_reason(text, reason);
	ascii_repair(reason);
	return json_pack("{s:s, s:s#, s:s#, s:s, s:I}", "time", utc_text(st.st_mtime, when), "kind",
			 kind, (int)strcspn(kind, "-"), "log", name,
			 (int)(strlen(name) - strlen(".log")), "reason", reason, "bytes",
			 (json_int_t)st.st_size);
}

static int panic_list(json_t *params, json_t **result, struct err *e)
{
	json_t *list = json_array();
	char pattern[CORE_PATH_MAX];
	glob_t logs = { 0 };

	(void)params;
	if (core_path(pattern, e, CORE_ROOT, LOGS "*-*Z-*.log") < 0) {
		json_decref(list);
		return -1;
	}
	if (glob(pattern, 0, NULL, &logs) == 0)
		for (size_t i = 0; i < logs.gl_pathc; i++)
			json_array_append_new(list, row_of(logs.gl_pathv[i]));
	globfree(&logs);
	return core_give(result, list, e);
}

const struct core_op core_panic_ops[] = {
	{
		.name = "system.panic.list",
		.method = "GET",
		.path = "/system/panics",
		.run = panic_list,
		.help = "Panics and faults of the kernel before this start",
	},
	{
		.name = "system.panic.take",
		.method = "POST",
		.path = "/system/panics",
		.privilege = CORE_CHANGE,
		.flags = CORE_QUIET,
		.run = panic_take,
		.help = "Take what pstore has into /var/log",
	},
	{ 0 },
};
