// SPDX-License-Identifier: Apache-2.0
/* Files of bundles that come, and those of the image. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "install.h"
#include "cleanup.h"
#include "userworld/core/internal.h"
#include "vfsctl.h"

/* Files of bundles that have a descriptor were compared by check_others(). */
static bool is_described(const struct bundle_set *set, const char *tardisk)
{
	for (size_t i = 0; i < set->n; i++)
		for (size_t t = 0; t < set->items[i].n_tardisks; t++)
			if (!strcmp(set->items[i].tardisks[t], tardisk))
				return true;
	return false;
}

/*
 * A file does not take the place of a folder, nor a folder that of a link or
 * file: "lib/x" would hide the link /lib with all that is reached through it.
 * path begins with the root's prefix of head bytes, '/' included.
 */
static int check_place(const struct bundle_descriptor *d, const char *path, size_t head,
		       struct err *e)
{
	char part[CORE_PATH_MAX];
	struct stat st;

	for (const char *slash = path + head; (slash = strchr(slash, '/')); slash++) {
		memcpy(part, path, (size_t)(slash - path));
		part[slash - path] = '\0';
		if (lstat(part, &st) == 0 && !S_ISDIR(st.st_mode))
			return err_set(
				e, ERR_CONFLICT,
				"bundle %s has files in /%s, which is no folder on this host",
				d->name, part + head);
	}
	if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return err_set(e, ERR_CONFLICT,
			       "bundle %s has the file /%s, which is a folder on this host",
			       d->name, path + head);
	return 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Does an installed bundle name the file? */
static bool is_listed(const struct bundle_set *set, const char *file)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct bundle_strings *files = &set->items[i].d->files;

		if (files->n &&
		    bsearch(&file, files->items, files->n, sizeof(*files->items), by_text))
			return true;
	}
	return false;
}

/* A link or device of the image: they cannot be opened to ask visorfs about them. */
static int check_special(const struct install *in, const struct bundle_descriptor *d,
			 const char *path, const char *file, struct err *e)
{
	struct stat st;

	if (lstat(path, &st) < 0 || S_ISREG(st.st_mode) || is_listed(&in->set, file))
		return 0;
	return err_set(e, ERR_CONFLICT,
		       "bundle %s has the file /%s, which is a link or device of this host; "
		       "only an overlay may replace it",
		       d->name, file);
}

/*
 * The image's own tardisks need not have a descriptor, so visorfs is asked who
 * gives a path today.
 */
static int check_file(const struct install *in, const struct bundle_descriptor *d, const char *file,
		      struct err *e)
{
	struct visorfs_provider provider;
	char path[CORE_PATH_MAX];
	_cleanup_close_ int fd = -1;

	if (core_path(path, e, CORE_ROOT, "/%s", file) < 0 ||
	    check_place(d, path, strlen(path) - strlen(file), e) < 0 ||
	    check_special(in, d, path, file, e) < 0)
		return -1;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 || vfs_provider_fd(fd, path, &provider, NULL) < 0)
		return 0;
	if (!provider.tardisk[0] || is_described(&in->set, provider.tardisk))
		return 0;
	return err_set(e, ERR_CONFLICT,
		       "bundle %s has the file /%s, which belongs to tardisk %s; "
		       "only an overlay may replace it",
		       d->name, file, provider.tardisk);
}

static int check_files(const struct install *in, const struct bundle_descriptor *d, struct err *e)
{
	if (d->overlay)
		return 0;
	for (size_t i = 0; i < d->files.n; i++)
		if (check_file(in, d, d->files.items[i], e) < 0)
			return -1;
	return 0;
}

int install_admit_files(const struct install *in, struct err *e)
{
	for (size_t i = 0; i < in->n; i++)
		if (check_files(in, in->items[i].d, e) < 0)
			return install_blame(&in->items[i], e);
	return 0;
}
