// SPDX-License-Identifier: Apache-2.0
#include "answers.h"

#include <blkid/blkid.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "userworld/core/fetch/fetch.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "userworld/bank/fat.h"

static int too_large(const char *where, struct err *e)
{
	return err_set(e, ERR_INVALID, "%s: is larger than %d bytes: no answer file", where,
		       CONF_FILE_MAX);
}

static int read_url(const char *url, char *text, struct err *e)
{
	_cleanup_fetch_ struct fetch *f = NULL;
	ssize_t len;

	if (fetch_open(&f, url, e) < 0)
		return -1;
	len = fetch_fill(f, text, CONF_FILE_MAX + 1);
	if (len < 0)
		return err_set(e, ERR_UNAVAILABLE, "%s: %s", url, strerror(errno));
	if (len > CONF_FILE_MAX)
		return too_large(url, e);
	text[len] = '\0';
	return 0;
}

static int read_fat(const char *device, const char *where, char *text, struct err *e)
{
	_cleanup_blkio_ struct blkio *io = blkio_open(device, false, e);
	struct fat_file file;
	struct fat fat;

	if (!io || fat_open(&fat, io, e) < 0)
		return -1;
	if (fat_find(&fat, BOOT_ANSWERS_FILE, &file, e) < 0)
		return err_wrap(e, "%s", where);
	if (file.size > CONF_FILE_MAX)
		return too_large(where, e);
	text[file.size] = '\0';
	return fat_read(&fat, &file, 0, text, file.size, e);
}

static bool is_fat_named(const char *device, const char *label)
{
	blkid_probe probe = blkid_new_probe_from_filename(device);
	const char *type = NULL, *name = NULL;
	bool is = probe && blkid_do_safeprobe(probe) == 0 &&
		  blkid_probe_lookup_value(probe, "TYPE", &type, NULL) == 0 &&
		  blkid_probe_lookup_value(probe, "LABEL", &name, NULL) == 0 &&
		  strcmp(type, "vfat") == 0 && strcasecmp(name, label) == 0;

	blkid_free_probe(probe);
	return is;
}

/* The first one that has the name and the file counts: the same stick may be there twice. */
static int read_label(const char *where, char *text, struct err *e)
{
	char path[CORE_PATH_MAX];
	_cleanup_closedir_ DIR *dir = NULL;
	struct dirent *d;

	if (core_path(path, e, CORE_SYSFS, "/sys/class/block") < 0)
		return -1;
	dir = opendir(path);
	while (dir && (d = readdir(dir))) {
		if (d->d_name[0] == '.' || core_path(path, e, CORE_ROOT, "/dev/%s", d->d_name) < 0)
			continue;
		if (is_fat_named(path, strchr(where, ':') + 1))
			return read_fat(path, where, text, e);
	}
	return err_set(e, ERR_UNAVAILABLE, "%s: there is no FAT file system of that name", where);
}

static int read_path(const char *where, char *text, struct err *e)
{
	_cleanup_free_ char *data = NULL;
	char path[CORE_PATH_MAX];
	size_t len;

	if (where[0] != '/')
		return err_set(e, ERR_USAGE,
			       "%s: answers are at http://..., https://..., label:NAME or /PATH",
			       where);
	if (core_path(path, e, CORE_ROOT, "%s", where) < 0 ||
	    file_read(path, CONF_FILE_MAX, &data, &len, e) < 0)
		return -1;
	memcpy(text, data, len);
	text[len] = '\0';
	return 0;
}

int boot_answers_read(struct install_answers *a, const char *where, struct err *e)
{
	_cleanup_free_ char *text = malloc(CONF_FILE_MAX + 2);
	int rc;

	memset(a, 0, sizeof(*a));
	if (!text)
		return core_nomem(e);
	if (fetch_is_url(where))
		rc = read_url(where, text, e);
	else if (strncmp(where, "label:", 6) == 0)
		rc = read_label(where, text, e);
	else
		rc = read_path(where, text, e);
	return rc < 0 ? -1 : install_answers_parse(a, where, text, e);
}

size_t boot_answers_bundles(const struct install_answers *a,
			    struct bundle_wanted list[static INSTALL_LIST])
{
	char key[INSTALL_KEY];

	for (size_t i = 0; i < a->n_bundles; i++) {
		list[i].where = a->bundles[i];
		install_answers_key(key, "bundle", i);
		install_answers_place(a, key, list[i].origin);
	}
	return a->n_bundles;
}
