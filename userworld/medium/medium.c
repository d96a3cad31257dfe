// SPDX-License-Identifier: Apache-2.0
#include "medium.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "file.h"
#include "kargs.h"

static const char *root_of(const char *given, const char *otherwise)
{
	return given ? given : otherwise;
}

/* It was rebuilt on another disk since. */
static void take_moved(const char *path, char guid[static MEDIUM_GUID])
{
	char text[MEDIUM_GUID + 2];

	if (file_read_at(AT_FDCWD, path, text, sizeof(text), NULL) < 0)
		return;
	text[strcspn(text, "\n")] = '\0';
	if (strlen(text) == MEDIUM_GUID - 1)
		memcpy(guid, text, MEDIUM_GUID);
}

bool medium_expected(const struct medium_where *where, char guid[static MEDIUM_GUID])
{
	char buf[KARGS_MAX];
	const char *cmdline = where ? where->cmdline : NULL;

	if (!cmdline) {
		if (kargs_read(buf, NULL) < 0)
			return false;
		cmdline = buf;
	}
	if (!kargs_value(cmdline, "visoros.bank", guid, MEDIUM_GUID) || !*guid)
		return false;
	take_moved(root_of(where ? where->moved : NULL, MEDIUM_MOVED), guid);
	for (char *c = guid; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return true;
}

/* A disk that is a device: not a loop, a ramdisk or another name for disks. */
static bool is_disk(const char *sysfs, const char *name)
{
	char path[512];

	if (name[0] == '.')
		return false;
	snprintf(path, sizeof(path), "%s/block/%s/device", sysfs, name);
	return access(path, F_OK) == 0;
}

static bool has_bank(const struct medium *m, const char *guid, unsigned int *bank)
{
	for (unsigned int i = 0; i < MEDIUM_BANKS; i++) {
		const struct medium_partition *p = &m->part[MEDIUM_BANK0 + i];

		if (p->present && strcmp(p->guid, guid) == 0) {
			*bank = i;
			return true;
		}
	}
	return false;
}

static int twice(const struct medium *first, const struct medium *second, struct err *e)
{
	return err_set(e, ERR_CONFLICT,
		       "%s and %s have the same boot medium's partitions: unplug the copy",
		       first->disk, second->disk);
}

/* The table names the bank, but the kernel has no device for it. */
static bool sleeps(const struct medium *m, const char *guid)
{
	for (unsigned int i = 0; i < MEDIUM_BANKS; i++) {
		const struct medium_partition *p = &m->part[MEDIUM_BANK0 + i];

		if (p->number && !p->present && strcmp(p->guid, guid) == 0)
			return true;
	}
	return false;
}

/* What cannot be read is no medium: a card reader without a card, a broken disk. */
static bool is_ours(const struct medium_where *where, const char *disk, const char *guid, bool wake,
		    struct medium *m)
{
	if (medium_read(where, disk, m, NULL) < 0)
		return false;
	if (wake && sleeps(m, guid) &&
	    (medium_wake(m, NULL) < 0 || medium_read(where, disk, m, NULL) < 0))
		return false;
	return has_bank(m, guid, &m->bank);
}

/* 1, 0: it is not there, -1: it is there twice. */
static int search(const struct medium_where *where, const char *guid, bool wake, struct medium *m,
		  struct err *e)
{
	const char *sysfs = root_of(where ? where->sysfs : NULL, "/sys");
	_cleanup_closedir_ DIR *dir = NULL;
	bool found = false;
	struct dirent *d;
	char path[256];

	snprintf(path, sizeof(path), "%s/block", sysfs);
	dir = opendir(path);
	if (!dir)
		return err_sys(e, errno, "%s", path);
	while ((d = readdir(dir))) {
		struct medium one = { 0 };

		if (!is_disk(sysfs, d->d_name) || !is_ours(where, d->d_name, guid, wake, &one))
			continue;
		if (found)
			return twice(m, &one, e);
		*m = one;
		found = true;
	}
	return found;
}

int medium_find_at(const struct medium_where *where, struct medium *m, struct err *e)
{
	char guid[MEDIUM_GUID];
	int rc;

	if (!medium_expected(where, guid))
		return err_set(e, ERR_NOT_FOUND,
			       "this host was not started from a boot medium: it has no banks");
	rc = search(where, guid, false, m, e);
	if (rc == 0)
		rc = search(where, guid, true, m, e);
	if (rc == 0)
		return err_set(e, ERR_NOT_FOUND,
			       "the boot medium with bank %s is not there: plug it in again", guid);
	return rc < 0 ? -1 : 0;
}

int medium_find(struct medium *m, struct err *e)
{
	return medium_find_at(NULL, m, e);
}
