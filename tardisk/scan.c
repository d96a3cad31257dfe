// SPDX-License-Identifier: Apache-2.0
#include "scan.h"

#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "cleanup.h"

/* A file with several names, to be recognised at the next of them. */
struct known {
	dev_t dev;
	ino_t ino;
	struct tree_inode *inode;
};

static int by_inode(const void *a, const void *b)
{
	const struct known *left = a, *right = b;

	if (left->dev != right->dev)
		return left->dev < right->dev ? -1 : 1;
	return left->ino < right->ino ? -1 : left->ino > right->ino;
}

static int type_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return TARDISK_FILE;
	case S_IFDIR:
		return TARDISK_DIR;
	case S_IFLNK:
		return TARDISK_SYMLINK;
	case S_IFCHR:
		return TARDISK_CHAR;
	case S_IFBLK:
		return TARDISK_BLOCK;
	case S_IFIFO:
		return TARDISK_FIFO;
	default:
		return -1;
	}
}

static int read_xattr(struct tree_inode *inode, const char *path, const char *name, struct err *e)
{
	_cleanup_free_ char *value = malloc(TARDISK_XATTR_SIZE_MAX);
	ssize_t len;

	if (!value)
		return err_sys(e, ENOMEM, "%.400s", path);
	len = lgetxattr(path, name, value, TARDISK_XATTR_SIZE_MAX);
	if (len < 0)
		return err_sys(e, errno, "%.400s: xattr %.64s", path, name);
	return tree_inode_add_xattr(inode, name, value, (size_t)len, e);
}

static int read_xattrs(struct tree_inode *inode, const char *path, struct err *e)
{
	_cleanup_free_ char *names = NULL;
	ssize_t len = llistxattr(path, NULL, 0);

	if (!len || (len < 0 && errno == ENOTSUP))
		return 0;
	if (len > 0)
		names = malloc((size_t)len);
	if (len > 0 && names)
		len = llistxattr(path, names, (size_t)len);
	if (len < 0 || !names)
		return err_sys(e, names || len < 0 ? errno : ENOMEM, "%.400s: xattrs", path);
	for (char *name = names; name < names + len; name += strlen(name) + 1) {
		if (strncmp(name, "user.", 5) && strcmp(name, "security.capability"))
			continue;
		if (read_xattr(inode, path, name, e))
			return -1;
	}
	return 0;
}

static int read_target(struct tree_inode *inode, const char *path, struct err *e)
{
	char target[PATH_MAX];
	ssize_t len = readlink(path, target, sizeof(target) - 1);

	if (len < 0)
		return err_sys(e, errno, "%.400s", path);
	target[len] = '\0';
	return tree_inode_set_link(inode, target, e);
}

static void fill_inode(struct tree_inode *inode, const struct stat *st)
{
	inode->mode = st->st_mode & 07777;
	inode->uid = st->st_uid;
	inode->gid = st->st_gid;
	inode->size = inode->type == TARDISK_FILE ? (uint64_t)st->st_size : 0;
	if (st->st_mtim.tv_sec >= 0) {
		inode->mtime = st->st_mtim.tv_sec;
		inode->mtime_ns = (uint32_t)st->st_mtim.tv_nsec;
	}
	if (inode->type == TARDISK_CHAR || inode->type == TARDISK_BLOCK) {
		inode->major = major(st->st_rdev);
		inode->minor = minor(st->st_rdev);
	}
}

static struct tree_inode *make_inode(const FTSENT *f, struct err *e)
{
	int type = type_of(f->fts_statp->st_mode);
	struct tree_inode *inode;
	int rc;

	if (type < 0) {
		err_set(e, ERR_INVALID, "%.400s: a socket, which a tardisk cannot hold",
			f->fts_path);
		return NULL;
	}
	inode = tree_inode_new((enum tardisk_type)type, e);
	if (!inode)
		return NULL;
	fill_inode(inode, f->fts_statp);
	rc = read_xattrs(inode, f->fts_path, e);
	if (!rc && type == TARDISK_SYMLINK)
		rc = read_target(inode, f->fts_path, e);
	inode->source = type == TARDISK_FILE ? strdup(f->fts_path) : NULL;
	if (!rc && type == TARDISK_FILE && !inode->source)
		rc = err_sys(e, ENOMEM, "%.400s", f->fts_path);
	if (!rc)
		return inode;
	tree_inode_free(inode);
	return NULL;
}

/* The inode of a regular file with several names: the one found before, or a new one. */
static struct tree_inode *shared_inode(void **seen, const FTSENT *f, struct err *e)
{
	struct known key = { f->fts_statp->st_dev, f->fts_statp->st_ino, NULL };
	struct known **found = tfind(&key, seen, by_inode);
	struct known *new;

	if (found)
		return (*found)->inode;
	new = malloc(sizeof(*new));
	key.inode = new ? make_inode(f, e) : NULL;
	if (!key.inode) {
		if (!new)
			err_sys(e, ENOMEM, "%.400s", f->fts_path);
		free(new);
		return NULL;
	}
	*new = key;
	if (!tsearch(new, seen, by_inode)) {
		err_sys(e, ENOMEM, "%.400s", f->fts_path);
		tree_inode_free(key.inode);
		free(new);
		return NULL;
	}
	return key.inode;
}

static int add_found(struct tree *t, void **seen, const FTSENT *f, const char *path, struct err *e)
{
	bool shared = S_ISREG(f->fts_statp->st_mode) && f->fts_statp->st_nlink > 1;
	struct tree_inode *inode = shared ? shared_inode(seen, f, e) : make_inode(f, e);

	if (!inode)
		return -1;
	if (!tree_add(t, path, inode, e))
		return 0;
	if (!inode->names && !shared)
		tree_inode_free(inode);
	return -1;
}

static int visit(struct tree *t, void **seen, const FTSENT *f, size_t prefix, struct err *e)
{
	switch (f->fts_info) {
	case FTS_DP:
		return 0;
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		return err_sys(e, f->fts_errno, "%.400s", f->fts_path);
	default:
		if (f->fts_level == FTS_ROOTLEVEL)
			return 0;
		return add_found(t, seen, f, f->fts_path + prefix, e);
	}
}

int tree_scan(struct tree *t, const char *dir, struct err *e)
{
	_cleanup_free_ char *root = strdup(dir);
	char *roots[] = { root, NULL };
	void *seen = NULL;
	size_t prefix;
	FTSENT *f;
	FTS *fts;
	int rc = 0;

	if (!root)
		return err_sys(e, ENOMEM, "%s", dir);
	for (prefix = strlen(root); prefix > 1 && root[prefix - 1] == '/'; prefix--)
		root[prefix - 1] = '\0';
	prefix += root[prefix - 1] != '/';
	fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	if (!fts)
		return err_sys(e, errno, "%s", dir);
	while (!rc && (errno = 0, f = fts_read(fts))) {
		rc = visit(t, &seen, f, prefix, e);
		if (!rc && f->fts_level == FTS_ROOTLEVEL && f->fts_info != FTS_D &&
		    f->fts_info != FTS_DP)
			rc = err_set(e, ERR_INVALID, "%s: not a directory", dir);
	}
	if (!rc && errno)
		rc = err_sys(e, errno, "%s", dir);
	fts_close(fts);
	tdestroy(seen, free);
	return rc;
}
