// SPDX-License-Identifier: Apache-2.0
/* What mktardisk's options do to a whole tree before it is written. */
#include "tree.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"

static int add_directory(struct tree *t, const char *path, struct err *e)
{
	struct tree_inode *inode = tree_inode_new(TARDISK_DIR, e);

	if (!inode)
		return -1;
	inode->mode = 0755;
	if (tree_add(t, path, inode, e)) {
		tree_inode_free(inode);
		return -1;
	}
	return 0;
}

/* Looks for every directory above the path among the first n nodes, which are sorted. */
static int complete_above(struct tree *t, size_t n, const char *path, struct err *e)
{
	char above[TARDISK_PATH_MAX + 1];
	const char *slash = path;

	while ((slash = strchr(slash, '/'))) {
		struct tree sorted = { t->nodes, n, n, -1 };
		const struct tree_node *node;

		memcpy(above, path, (size_t)(slash - path));
		above[slash++ - path] = '\0';
		node = tree_find(&sorted, above);
		if (!node && add_directory(t, above, e))
			return -1;
		if (node && node->inode->type != TARDISK_DIR)
			return err_set(e, ERR_INVALID, "%.200s: no directory, but %.200s is in it",
				       above, path);
	}
	return 0;
}

int tree_complete(struct tree *t, struct err *e)
{
	size_t n = t->n;

	for (size_t i = 0; i < n; i++)
		if (complete_above(t, n, t->nodes[i].path, e))
			return -1;
	return tree_sort(t, e);
}

void tree_set_owner(struct tree *t, uint32_t uid, uint32_t gid)
{
	for (size_t i = 0; i < t->n; i++) {
		t->nodes[i].inode->uid = uid;
		t->nodes[i].inode->gid = gid;
	}
}

void tree_clamp_times(struct tree *t, int64_t latest)
{
	for (size_t i = 0; i < t->n; i++) {
		struct tree_inode *inode = t->nodes[i].inode;

		if (inode->mtime < latest)
			continue;
		inode->mtime = latest;
		inode->mtime_ns = 0;
	}
}

static size_t mark(struct tree *t, const char *pattern)
{
	size_t marked = 0;

	for (size_t i = 0; i < t->n; i++) {
		struct tree_inode *inode = t->nodes[i].inode;

		if (inode->type != TARDISK_FILE || fnmatch(pattern, t->nodes[i].path, FNM_PATHNAME))
			continue;
		inode->mode |= S_ISVTX;
		marked++;
	}
	return marked;
}

int tree_mark_state(struct tree *t, const char *list, struct err *e)
{
	_cleanup_fclose_ FILE *f = fopen(list, "re");
	_cleanup_free_ char *line = NULL;
	unsigned int number = 0;
	size_t room = 0;
	char *pattern;

	if (!f)
		return err_sys(e, errno, "%s", list);
	while (getline(&line, &room, f) > 0) {
		number++;
		line[strcspn(line, "#\n")] = '\0';
		pattern = line + strspn(line, " \t/");
		pattern[strcspn(pattern, " \t")] = '\0';
		if (*pattern && !mark(t, pattern))
			return err_set(e, ERR_NOT_FOUND, "%s:%u: %s: matches no regular file", list,
				       number, pattern);
	}
	return ferror(f) ? err_sys(e, errno, "%s", list) : 0;
}
