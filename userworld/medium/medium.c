// SPDX-License-Identifier: Apache-2.0
#include "medium.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "kargs.h"

static const char *root_of(const char *given, const char *otherwise)
{
	return given ? given : otherwise;
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

int medium_find_at(const struct medium_where *where, struct medium *m, struct err *e)
{
	const char *sysfs = root_of(where ? where->sysfs : NULL, "/sys");
	_cleanup_closedir_ DIR *dir = NULL;
	char guid[MEDIUM_GUID], path[256];
	bool found = false;
	struct dirent *d;

	if (!medium_expected(where, guid))
		return err_set(e, ERR_NOT_FOUND,
			       "this host was not started from a boot medium: it has no banks");
	snprintf(path, sizeof(path), "%s/block", sysfs);
	dir = opendir(path);
	if (!dir)
		return err_sys(e, errno, "%s", path);
	while ((d = readdir(dir))) {
		struct medium one = { 0 };

		/* What cannot be read is no medium: a card reader without a card, a broken disk. */
		if (!is_disk(sysfs, d->d_name) || medium_read(where, d->d_name, &one, NULL) < 0 ||
		    !has_bank(&one, guid, &one.bank))
			continue;
		if (found)
			return twice(m, &one, e);
		*m = one;
		found = true;
	}
	if (!found)
		return err_set(e, ERR_NOT_FOUND,
			       "the boot medium with bank %s is not there: plug it in again", guid);
	return 0;
}

int medium_find(struct medium *m, struct err *e)
{
	return medium_find_at(NULL, m, e);
}
