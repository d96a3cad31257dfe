// SPDX-License-Identifier: Apache-2.0
#include "extract.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "cleanup.h"
#include "file.h"

struct place {
	const char *dir;
	int dirfd;
	bool root;
	char path[TARDISK_PATH_MAX + 1]; /* of the entry at hand, below dir */
};

static int fail(const struct place *p, struct err *e)
{
	return err_sys(e, errno, "%.150s/%.300s", p->dir, p->path);
}

static int open_empty(const char *dir, struct err *e)
{
	_cleanup_closedir_ DIR *d = NULL;
	struct dirent *entry;

	if (mkdir(dir, 0755) && errno != EEXIST)
		return err_sys(e, errno, "%s", dir);
	d = opendir(dir);
	if (!d)
		return err_sys(e, errno, "%s", dir);
	while ((entry = readdir(d)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			return err_set(e, ERR_CONFLICT, "%s: not empty", dir);
	return 0;
}

static int write_file(struct tardisk_file *t, struct tardisk_cursor *c, const struct place *p,
		      const struct tardisk_entry *entry, struct err *e)
{
	_cleanup_close_ int fd =
		openat(p->dirfd, p->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	uint64_t done = 0;

	if (fd < 0)
		return fail(p, e);
	while (done < entry->size) {
		const unsigned char *data;
		int n = tardisk_file_data(t, c, entry->data + done, entry->size - done, &data, e);

		if (n < 0)
			return -1;
		if (fd_write_all(fd, data, (size_t)n))
			return fail(p, e);
		done += (uint64_t)n;
	}
	return 0;
}

static int make_node(const struct place *p, const struct tardisk_entry *entry, struct err *e)
{
	char target[TARDISK_PATH_MAX + 1];
	mode_t format = entry->type == TARDISK_CHAR    ? S_IFCHR
			: entry->type == TARDISK_BLOCK ? S_IFBLK
						       : S_IFIFO;
	int rc;

	memcpy(target, entry->link ? entry->link : "", entry->link_len);
	target[entry->link_len] = '\0';
	if (entry->type == TARDISK_DIR)
		rc = mkdirat(p->dirfd, p->path, 0700);
	else if (entry->type == TARDISK_SYMLINK)
		rc = symlinkat(target, p->dirfd, p->path);
	else if (entry->type == TARDISK_HARDLINK)
		rc = linkat(p->dirfd, target, p->dirfd, p->path, 0);
	else
		rc = mknodat(p->dirfd, p->path, format | 0600, makedev(entry->major, entry->minor));
	return rc ? fail(p, e) : 0;
}

static int set_xattrs(const struct place *p, const struct tardisk_entry *entry, struct err *e)
{
	char full[PATH_MAX * 2], name[TARDISK_XATTR_NAME_MAX + 1];
	struct tardisk_xattr x;
	uint32_t cursor = 0;

	snprintf(full, sizeof(full), "%s/%s", p->dir, p->path);
	while (tardisk_next_xattr(entry, &cursor, &x)) {
		memcpy(name, x.name, x.name_len);
		name[x.name_len] = '\0';
		if (!p->root && !strncmp(name, "security.", 9))
			continue;
		if (lsetxattr(full, name, x.value, x.value_len, 0))
			return fail(p, e);
	}
	return 0;
}

/* Directories get theirs last, when nothing is written below them any more. */
static int set_attributes(const struct place *p, const struct tardisk_entry *entry, struct err *e)
{
	const struct timespec times[2] = { { entry->mtime, entry->mtime_ns },
					   { entry->mtime, entry->mtime_ns } };

	if (p->root && fchownat(p->dirfd, p->path, entry->uid, entry->gid, AT_SYMLINK_NOFOLLOW))
		return fail(p, e);
	if (set_xattrs(p, entry, e))
		return -1;
	if (entry->type != TARDISK_SYMLINK && fchmodat(p->dirfd, p->path, entry->mode, 0))
		return fail(p, e);
	return utimensat(p->dirfd, p->path, times, AT_SYMLINK_NOFOLLOW) ? fail(p, e) : 0;
}

static bool is_device(const struct tardisk_entry *entry)
{
	return entry->type == TARDISK_CHAR || entry->type == TARDISK_BLOCK;
}

static void set_path(struct place *p, const struct tardisk_entry *entry)
{
	memcpy(p->path, entry->path, entry->path_len);
	p->path[entry->path_len] = '\0';
}

static int extract_entry(struct tardisk_file *t, struct tardisk_cursor *c, struct place *p,
			 const struct tardisk_entry *entry, struct err *e)
{
	int rc;

	if (is_device(entry) && !p->root)
		return 0;
	set_path(p, entry);
	rc = entry->type == TARDISK_FILE ? write_file(t, c, p, entry, e) : make_node(p, entry, e);
	if (rc || entry->type == TARDISK_DIR || entry->type == TARDISK_HARDLINK)
		return rc;
	return set_attributes(p, entry, e);
}

static int extract_all(struct tardisk_file *t, struct place *p, const struct tardisk_index *index,
		       struct err *e)
{
	struct tardisk_cursor c = { NULL, 0 };
	int rc = 0;

	for (size_t i = 0; i < index->n && !rc; i++)
		rc = extract_entry(t, &c, p, &index->entries[i], e);
	free(c.frame);
	for (size_t i = index->n; i-- && !rc;) {
		if (index->entries[i].type != TARDISK_DIR)
			continue;
		set_path(p, &index->entries[i]);
		rc = set_attributes(p, &index->entries[i], e);
	}
	return rc;
}

int tardisk_extract(struct tardisk_file *t, const char *dir, struct err *e)
{
	_cleanup_close_ int dirfd = -1;
	struct place p = { .dir = dir, .root = !geteuid() };
	struct tardisk_index index;
	int rc;

	if (open_empty(dir, e))
		return -1;
	dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dirfd < 0)
		return err_sys(e, errno, "%s", dir);
	p.dirfd = dirfd;
	if (tardisk_index_load(t, &index, e))
		return -1;
	rc = extract_all(t, &p, &index, e);
	free(index.entries);
	return rc;
}
