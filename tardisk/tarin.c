// SPDX-License-Identifier: Apache-2.0
#include "tarin.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "file.h"

#define BLOCK_SIZE (64u << 10)

struct intake {
	struct tree *tree;
	struct archive *archive;
	const char *name; /* for messages */
	void *known;	  /* tree_node of tsearch(3): newest node of each path */
	uint64_t spooled;
};

static int by_path(const void *a, const void *b)
{
	const struct tree_node *left = a, *right = b;

	return strcmp(left->path, right->path);
}

static int archive_fail(const struct intake *in, struct err *e)
{
	const char *text = archive_error_string(in->archive);

	return err_set(e, ERR_INVALID, "%.300s: %.150s", in->name, text ? text : "not readable");
}

/* "./usr//bin/" and "/usr/bin" are usr/bin. In place; what is left may be empty: the root. */
static void normalise(char *path)
{
	char *to = path;

	for (const char *from = path; *from;) {
		size_t len = strcspn(from, "/");

		if (len && !(len == 1 && *from == '.')) {
			if (to != path)
				*to++ = '/';
			memmove(to, from, len);
			to += len;
		}
		from += len;
		from += *from == '/';
	}
	*to = '\0';
}

static int remember(struct intake *in, const char *path, struct tree_inode *inode, struct err *e)
{
	struct tree_node key = { (char *)path, inode }, **found, *new;

	found = tfind(&key, &in->known, by_path);
	if (found) {
		(*found)->inode = inode;
		return 0;
	}
	new = malloc(sizeof(*new));
	if (new)
		*new = (struct tree_node){ strdup(path), inode };
	if (!new || !new->path || !tsearch(new, &in->known, by_path)) {
		if (new)
			free(new->path);
		free(new);
		return err_sys(e, ENOMEM, "%.300s", in->name);
	}
	return 0;
}

static void forget(void *p)
{
	struct tree_node *node = p;

	free(node->path);
	free(node);
}

static int open_spool(struct intake *in, struct err *e)
{
	const char *dir = getenv("TMPDIR");

	if (!dir || !*dir)
		dir = "/tmp";
	in->tree->spool = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (in->tree->spool < 0)
		return err_sys(e, errno, "%s: temporary file", dir);
	return 0;
}

/* Copies the content at hand to the spool; holes are left out. */
static int spool_content(struct intake *in, struct tree_inode *inode, struct err *e)
{
	const void *block;
	size_t len;
	la_int64_t offset;
	int rc;

	if (in->tree->spool < 0 && open_spool(in, e))
		return -1;
	inode->offset = in->spooled;
	while ((rc = archive_read_data_block(in->archive, &block, &len, &offset)) == ARCHIVE_OK) {
		if (offset < 0 || (uint64_t)offset + len > inode->size)
			return err_set(e, ERR_INVALID,
				       "%.300s: content larger than its header says", in->name);
		if (lseek(in->tree->spool, (off_t)(in->spooled + (uint64_t)offset), SEEK_SET) < 0 ||
		    fd_write_all(in->tree->spool, block, len))
			return err_sys(e, errno, "temporary file for %.300s", in->name);
	}
	if (rc != ARCHIVE_EOF)
		return archive_fail(in, e);
	in->spooled += inode->size;
	if (ftruncate(in->tree->spool, (off_t)in->spooled))
		return err_sys(e, errno, "temporary file for %.300s", in->name);
	return 0;
}

static int type_of(struct archive_entry *entry)
{
	switch (archive_entry_filetype(entry)) {
	case AE_IFREG:
		return TARDISK_FILE;
	case AE_IFDIR:
		return TARDISK_DIR;
	case AE_IFLNK:
		return TARDISK_SYMLINK;
	case AE_IFCHR:
		return TARDISK_CHAR;
	case AE_IFBLK:
		return TARDISK_BLOCK;
	case AE_IFIFO:
		return TARDISK_FIFO;
	default:
		return -1;
	}
}

static int fill_inode(struct intake *in, struct tree_inode *inode, struct archive_entry *entry,
		      struct err *e)
{
	la_int64_t uid = archive_entry_uid(entry), gid = archive_entry_gid(entry);

	/* Out of range stays out of range in 32 bits, for the writer to refuse. */
	inode->uid = uid < 0 || uid > UINT32_MAX ? UINT32_MAX : (uint32_t)uid;
	inode->gid = gid < 0 || gid > UINT32_MAX ? UINT32_MAX : (uint32_t)gid;
	inode->mode = archive_entry_perm(entry) & 07777;
	if (archive_entry_mtime(entry) >= 0) {
		inode->mtime = archive_entry_mtime(entry);
		inode->mtime_ns = (uint32_t)archive_entry_mtime_nsec(entry);
	}
	if (inode->type == TARDISK_CHAR || inode->type == TARDISK_BLOCK) {
		inode->major = (uint32_t)archive_entry_rdevmajor(entry);
		inode->minor = (uint32_t)archive_entry_rdevminor(entry);
	}
	if (inode->type == TARDISK_SYMLINK &&
	    tree_inode_set_link(inode, archive_entry_symlink(entry), e))
		return -1;
	if (inode->type != TARDISK_FILE || archive_entry_size(entry) <= 0)
		return 0;
	inode->size = (uint64_t)archive_entry_size(entry);
	if (inode->size > TARDISK_MAX_SIZE)
		return err_set(e, ERR_INVALID, "larger than a tardisk can be");
	return spool_content(in, inode, e);
}

static int read_xattrs(struct tree_inode *inode, struct archive_entry *entry, struct err *e)
{
	const char *name;
	const void *value;
	size_t len;

	archive_entry_xattr_reset(entry);
	while (archive_entry_xattr_next(entry, &name, &value, &len) == ARCHIVE_OK)
		if (tree_inode_add_xattr(inode, name, value, len, e))
			return -1;
	return 0;
}

static struct tree_inode *make_inode(struct intake *in, struct archive_entry *entry, struct err *e)
{
	int type = type_of(entry);
	struct tree_inode *inode;

	if (type < 0) {
		err_set(e, ERR_INVALID, "of a type that a tardisk cannot hold");
		return NULL;
	}
	inode = tree_inode_new((enum tardisk_type)type, e);
	if (!inode)
		return NULL;
	if (fill_inode(in, inode, entry, e) || read_xattrs(inode, entry, e)) {
		tree_inode_free(inode);
		return NULL;
	}
	return inode;
}

/* The inode that the archive's hard link refers to: one that came before. */
static struct tree_inode *link_target(struct intake *in, const char *link, struct err *e)
{
	_cleanup_free_ char *target = strdup(link);
	struct tree_node key = { target, NULL }, **found;

	if (!target) {
		err_sys(e, ENOMEM, "link");
		return NULL;
	}
	normalise(target);
	found = tfind(&key, &in->known, by_path);
	if (found && (*found)->inode->type != TARDISK_DIR)
		return (*found)->inode;
	err_set(e, ERR_INVALID, "hard link to %.200s, which is not in the archive before it",
		target);
	return NULL;
}

static int take_entry(struct intake *in, struct archive_entry *entry, struct err *e)
{
	const char *stated = archive_entry_pathname(entry);
	const char *link = archive_entry_hardlink(entry);
	_cleanup_free_ char *path = strdup(stated ? stated : "");
	struct tree_inode *inode;

	if (!path)
		return err_sys(e, ENOMEM, "%.300s", in->name);
	if (!stated)
		return err_set(e, ERR_INVALID, "%.300s: a name is not valid UTF-8", in->name);
	normalise(path);
	if (!*path)
		return 0;
	inode = link ? link_target(in, link, e) : make_inode(in, entry, e);
	if (!inode)
		return err_wrap(e, "%.200s: %.200s", in->name, path);
	if (!tree_add(in->tree, path, inode, e))
		return remember(in, path, inode, e);
	if (!inode->names)
		tree_inode_free(inode);
	return err_wrap(e, "%.200s", in->name);
}

static int take_all(struct intake *in, struct err *e)
{
	struct archive_entry *entry;
	int rc;

	while ((rc = archive_read_next_header(in->archive, &entry)) == ARCHIVE_OK ||
	       rc == ARCHIVE_WARN)
		if (take_entry(in, entry, e))
			return -1;
	return rc == ARCHIVE_EOF ? 0 : archive_fail(in, e);
}

int tree_read_tar(struct tree *t, const char *path, struct err *e)
{
	bool is_stdin = !strcmp(path, "-");
	struct intake in = { .tree = t, .name = is_stdin ? "standard input" : path };
	int rc;

	in.archive = archive_read_new();
	if (!in.archive)
		return err_sys(e, ENOMEM, "%s", path);
	archive_read_support_format_tar(in.archive);
	archive_read_support_filter_gzip(in.archive);
	archive_read_support_filter_xz(in.archive);
	archive_read_support_filter_zstd(in.archive);
	if (archive_read_open_filename(in.archive, is_stdin ? NULL : path, BLOCK_SIZE))
		rc = archive_fail(&in, e);
	else
		rc = take_all(&in, e);
	archive_read_free(in.archive);
	tdestroy(in.known, forget);
	return rc;
}
