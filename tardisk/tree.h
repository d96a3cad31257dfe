/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tree that is to become a tardisk: what scan.c finds in a directory and
 * tarin.c in a tar stream, and writer.c writes. Names and inodes are apart, as
 * in a file system, so hard links need no special care until they are written.
 */
#ifndef TARDISK_TREE_H
#define TARDISK_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "tar.h"

struct tree_xattr {
	char *name;
	void *value;
	uint32_t len;
};

struct tree_inode {
	enum tardisk_type type; /* never TARDISK_HARDLINK */
	uint32_t mode;		/* 07777 */
	uint32_t uid;
	uint32_t gid;
	uint64_t size; /* of a regular file */
	int64_t mtime; /* 0 or more */
	uint32_t mtime_ns;
	uint32_t major;
	uint32_t minor;
	char *link; /* target of a symlink */
	struct tree_xattr *xattrs;
	size_t n_xattrs;
	char *source;	     /* file with the content, or NULL: in the tree's spool */
	uint64_t offset;     /* of the content in the spool */
	uint64_t data;	     /* offset in the tardisk, set when it is written */
	const char *written; /* path under which it was written first, or NULL */
	unsigned int names;
};

struct tree_node {
	char *path;
	struct tree_inode *inode;
};

struct tree {
	struct tree_node *nodes;
	size_t n;
	size_t room;
	int spool; /* temporary file with contents of a tar stream, or -1 */
};

/* clang-format off */
#define TREE_INIT { NULL, 0, 0, -1 }
/* clang-format on */

/* A new inode without names, or NULL with ENOMEM told in *e. Freed with its last name. */
struct tree_inode *tree_inode_new(enum tardisk_type type, struct err *e);
void tree_inode_free(struct tree_inode *inode);

int tree_inode_set_link(struct tree_inode *inode, const char *target, struct err *e);

/* Takes over nothing. Attributes other than user.* and security.capability are left out. */
int tree_inode_add_xattr(struct tree_inode *inode, const char *name, const void *value, size_t len,
			 struct err *e);

/* Adds a name. Refuses paths a tardisk cannot hold. */
int tree_add(struct tree *t, const char *path, struct tree_inode *inode, struct err *e);

/* Brings names into the order of the format; of a name that was added twice the last stays. */
int tree_sort(struct tree *t, struct err *e);

/* The place of a path in a sorted tree, or NULL. */
struct tree_node *tree_find(const struct tree *t, const char *path);

/*
 * Adds the directories (0755, root's, of 1970) that a tar stream left out, and refuses names
 * below something that is no directory. The tree must be sorted and is so afterwards.
 */
int tree_complete(struct tree *t, struct err *e);

void tree_set_owner(struct tree *t, uint32_t uid, uint32_t gid);

/* No time later than this. */
void tree_clamp_times(struct tree *t, int64_t latest);

/*
 * Sets the sticky bit of the regular files whose path matches a line of the
 * file: patterns as in fnmatch(3), '*' does not match '/', '#' begins a
 * comment. A pattern that matches nothing is an error.
 */
int tree_mark_state(struct tree *t, const char *list, struct err *e);

/*
 * Opens what holds the content of a regular file: a new descriptor, and where
 * in it the content begins.
 */
int tree_open_content(const struct tree *t, const struct tree_inode *inode, uint64_t *start,
		      struct err *e);

void tree_free(struct tree *t);

#endif
