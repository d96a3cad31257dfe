// SPDX-License-Identifier: Apache-2.0
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "folder.h"
#include "take.h"
#include "userworld/core/internal.h"
#include "userworld/core/lock.h"

#define LOCK "/run/visoros/support.lock"

static bool wanted(const struct folder *f, size_t i, const char *group)
{
	return !group || !strcmp(f->list[i]->group, group);
}

static int check_group(const struct folder *f, const char *group, struct err *e)
{
	for (size_t i = 0; i < f->count; i++)
		if (wanted(f, i, group))
			return 0;
	if (!group)
		return err_set(e, ERR_NOT_FOUND, SUPPORT_DIR ": there are no manifests");
	return err_set(e, ERR_NOT_FOUND, "no manifest has the group %.64s", group);
}

/* The folder in the archive: of which host it is, and of when. */
static void name_top(char top[static 128])
{
	struct utsname host = { .nodename = "host" };
	time_t now = time(NULL);
	char when[32];
	struct tm tm;

	uname(&host);
	for (char *c = host.nodename; *c; c++)
		if (*c == '/')
			*c = '-';
	strftime(when, sizeof(when), "%Y-%m-%d--%H.%M", gmtime_r(&now, &tm));
	snprintf(top, 128, "visor-support-%.64s-%s", host.nodename, when);
}

static int take_manifest(struct taking *t, const struct folder *f, size_t i, struct err *e)
{
	const struct manifest *m = f->list[i];
	int rc = 0;

	if (f->problems[i])
		index_add(&t->index, INDEX_FAILED, 0, 0, m->name, f->problems[i]);
	for (size_t n = 0; n < m->count && rc == 0; n++)
		rc = m->entries[n].kind == MANIFEST_EXEC ? take_exec(t, &m->entries[n], e)
							 : take_copy(t, &m->entries[n], e);
	return rc;
}

/* The index is known last, so it stands last. */
static int take_all(struct taking *t, const struct folder *f, const char *group, struct err *e)
{
	for (size_t i = 0; i < f->count; i++)
		if (wanted(f, i, group) && take_manifest(t, f, i, e) < 0)
			return -1;
	if (index_end(&t->index, e) < 0 ||
	    take_text(t, "index.txt", t->index.text, t->index.len, e) < 0)
		return -1;
	return tgz_close(t->tgz, e);
}

static int give_result(const struct taking *t, json_t **result, struct err *e)
{
	json_t *row;

	if (!result)
		return 0;
	row = json_pack("{s:I, s:I}", "bytes", (json_int_t)tgz_written(t->tgz), "secrets",
			(json_int_t)t->index.removed);
	for (int i = 0; i < INDEX_KINDS; i++)
		json_object_set_new(row, index_names[i], json_integer(t->index.counts[i]));
	return core_give(result, row, e);
}

static int write_bundle(int fd, const struct folder *f, const char *group, json_t **result,
			struct err *e)
{
	_cleanup_free_ struct taking *t = calloc(1, sizeof(*t));
	struct timespec now;
	char top[128];
	int rc = -1;

	if (!t)
		return core_nomem(e);
	clock_gettime(CLOCK_MONOTONIC, &now);
	t->max = SUPPORT_MAX;
	t->deadline = now.tv_sec + SUPPORT_SECONDS;
	t->words = f->secret;
	t->refuse = f->refuse;
	name_top(top);
	if (index_open(&t->index, e) < 0)
		return -1;
	t->tgz = tgz_open(fd, top, e);
	if (t->tgz)
		rc = take_all(t, f, group, e);
	if (rc == 0)
		rc = give_result(t, result, e);
	tgz_free(t->tgz);
	index_free(&t->index);
	return rc;
}

int support_write(int fd, const char *group, json_t **result, struct err *e)
{
	_cleanup_close_ int lock = -1;
	struct err held = ERR_INIT;
	struct folder f;
	int rc;

	lock = core_trylock(LOCK, &held);
	if (lock < 0 && held.kind == ERR_CONFLICT)
		return err_set(e, ERR_CONFLICT, "another support bundle is being written");
	/* A host whose /run is full still has something to tell. */
	rc = folder_read(&f, e);
	if (rc == 0)
		rc = check_group(&f, group, e);
	if (rc == 0)
		rc = write_bundle(fd, &f, group, result, e);
	folder_free(&f);
	return rc;
}

int support_write_file(const char *path, const char *group, json_t **result, struct err *e)
{
	_cleanup_close_ int fd =
		open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	int rc;

	if (fd < 0)
		return err_sys(e, errno, "%s", path);
	rc = support_write(fd, group, result, e);
	if (rc < 0) {
		unlink(path);
		return err_wrap(e, "%s", path);
	}
	return 0;
}

int support_manifests(json_t **list, struct err *e)
{
	struct folder f;
	json_t *rows;

	if (folder_read(&f, e) < 0) {
		folder_free(&f);
		return -1;
	}
	rows = json_array();
	for (size_t i = 0; i < f.count; i++)
		json_array_append_new(rows, json_pack("{s:s, s:s, s:I, s:s, s:s}", "name",
						      f.list[i]->name, "group", f.list[i]->group,
						      "entries", (json_int_t)f.list[i]->count,
						      "about", f.list[i]->about, "problem",
						      f.problems[i] ? f.problems[i] : ""));
	folder_free(&f);
	return core_give(list, rows, e);
}
