// SPDX-License-Identifier: Apache-2.0
/* Putting records and staging right after a process died between two steps. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bundle_record.h"
#include "bundle_stage.h"
#include "cleanup.h"
#include "file.h"
#include "internal.h"
#include "lock.h"
#include "log.h"

#define PENDING ".json.pending"

static bool is_attached(const char *name, const struct vfs_tardisk *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(list[i].name, name))
			return true;
	return false;
}

static bool all_attached(const struct bundle_record *r, const struct vfs_tardisk *list, size_t n)
{
	for (size_t i = 0; i < r->n_tardisks; i++)
		if (!is_attached(r->tardisks[i], list, n))
			return false;
	return true;
}

/* The switch is one step: either all tardisks of a record are attached or none. */
static int settle_pending(const char *file, const struct vfs_tardisk *list, size_t n, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX], name[256];
	struct bundle_record r;
	bool done = false;

	snprintf(name, sizeof(name), "%.*s", (int)(strlen(file) - strlen(PENDING)), file);
	if (core_path(path, e, CORE_ROOT, BUNDLE_RECORDS "/%s", file) < 0)
		return -1;
	if (file_read(path, 2 * BUNDLE_DESCRIPTOR_MAX, &text, NULL, e) == 0 &&
	    bundle_record_parse(text, &r, NULL) == 0) {
		done = all_attached(&r, list, n);
		bundle_record_free(&r);
	}
	log_warnx("bundle %s: an install was interrupted %s", name,
		  done ? "after its switch; kept" : "before its switch; dropped");
	return done ? bundle_record_commit(name, e) : bundle_record_drop_pending(name, e);
}

static int settle_all_pending(const struct vfs_tardisk *list, size_t n, struct err *e)
{
	_cleanup_closedir_ DIR *dir = NULL;
	char path[CORE_PATH_MAX];
	struct dirent *entry;

	if (core_path(path, e, CORE_ROOT, BUNDLE_RECORDS) < 0)
		return -1;
	dir = opendir(path);
	if (!dir)
		return errno == ENOENT ? 0 : err_sys(e, errno, "%s", path);
	while ((entry = readdir(dir))) {
		size_t len = strlen(entry->d_name);

		if (len > strlen(PENDING) &&
		    !strcmp(entry->d_name + len - strlen(PENDING), PENDING) &&
		    settle_pending(entry->d_name, list, n, e) < 0)
			return -1;
	}
	return 0;
}

static int drop_detached(const struct vfs_tardisk *list, size_t n, struct err *e)
{
	struct bundle_set set;
	int rc = 0;

	if (bundle_set_load(&set, e) < 0)
		return -1;
	for (size_t i = 0; i < set.n && rc == 0; i++) {
		const struct bundle_record *r = &set.items[i];

		if (r->base || all_attached(r, list, n))
			continue;
		log_warnx("bundle %s: its tardisks are not attached; record dropped", r->d->name);
		rc = bundle_record_drop(r->d->name, e);
	}
	bundle_set_free(&set);
	return rc;
}

int bundle_reconcile(struct err *e)
{
	_cleanup_free_ struct vfs_tardisk *list = NULL;
	size_t n;

	if (vfs_tardisk_list(core_prefix(CORE_SYSFS), &list, &n, e) < 0 ||
	    settle_all_pending(list, n, e) < 0 || drop_detached(list, n, e) < 0)
		return -1;
	return bundle_stage_clear(e);
}

int bundle_lock(struct err *e)
{
	struct err held = ERR_INIT;
	_cleanup_close_ int lock = core_trylock(BUNDLE_LOCK, &held);

	if (lock < 0)
		return err_set(e, held.kind, "another install or removal is running (%s)",
			       held.text);
	return bundle_reconcile(e) < 0 ? -1 : steal_fd(&lock);
}
