// SPDX-License-Identifier: Apache-2.0
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

struct tree_inode *tree_inode_new(enum tardisk_type type, struct err *e)
{
	struct tree_inode *inode = calloc(1, sizeof(*inode));

	if (!inode) {
		err_sys(e, ENOMEM, "tree");
		return NULL;
	}
	inode->type = type;
	return inode;
}

void tree_inode_free(struct tree_inode *inode)
{
	if (!inode)
		return;
	for (size_t i = 0; i < inode->n_xattrs; i++) {
		free(inode->xattrs[i].name);
		free(inode->xattrs[i].value);
	}
	free(inode->xattrs);
	free(inode->link);
	free(inode->source);
	free(inode);
}

static void drop_name(struct tree_node *node)
{
	if (--node->inode->names == 0)
		tree_inode_free(node->inode);
	free(node->path);
}

void tree_free(struct tree *t)
{
	for (size_t i = 0; i < t->n; i++)
		drop_name(&t->nodes[i]);
	free(t->nodes);
	if (t->spool >= 0)
		close(t->spool);
	*t = (struct tree)TREE_INIT;
}

int tree_inode_set_link(struct tree_inode *inode, const char *target, struct err *e)
{
	size_t len = target ? strlen(target) : 0;

	if (!len || len > TARDISK_PATH_MAX)
		return err_set(e, ERR_INVALID, "link target is empty or longer than 4095 bytes");
	free(inode->link);
	inode->link = strdup(target);
	return inode->link ? 0 : err_sys(e, ENOMEM, "link target");
}

static bool is_kept(const char *name)
{
	return !strncmp(name, "user.", 5) || !strcmp(name, "security.capability");
}

int tree_inode_add_xattr(struct tree_inode *inode, const char *name, const void *value, size_t len,
			 struct err *e)
{
	size_t size = (inode->n_xattrs + 1) * sizeof(*inode->xattrs), i;
	struct tree_xattr *xattrs, new;

	if (!is_kept(name))
		return 0;
	if (strlen(name) > TARDISK_XATTR_NAME_MAX || len > TARDISK_XATTR_SIZE_MAX)
		return err_set(e, ERR_INVALID, "xattr %.64s: name or value is too long", name);
	xattrs = realloc(inode->xattrs, size);
	if (!xattrs)
		return err_sys(e, ENOMEM, "xattr %.64s", name);
	inode->xattrs = xattrs;
	new = (struct tree_xattr){ strdup(name), malloc(len + 1), (uint32_t)len };
	if (!new.name || !new.value) {
		free(new.name);
		free(new.value);
		return err_sys(e, ENOMEM, "xattr %.64s", name);
	}
	memcpy(new.value, value, len);
	/* In byte order of the names, as the format wants them. */
	for (i = inode->n_xattrs++; i && strcmp(xattrs[i - 1].name, name) > 0; i--)
		xattrs[i] = xattrs[i - 1];
	xattrs[i] = new;
	return 0;
}

int tree_add(struct tree *t, const char *path, struct tree_inode *inode, struct err *e)
{
	size_t len = strlen(path), room = t->room ? t->room * 2 : 256;
	const char *fault = tardisk_path_fault(path, len > UINT32_MAX ? 0 : (uint32_t)len);
	struct tree_node *nodes;
	char *copy;

	if (fault)
		return err_set(e, ERR_INVALID, "path \"%.200s\" %s", path, fault);
	if (t->n == t->room) {
		nodes = realloc(t->nodes, room * sizeof(*nodes));
		if (!nodes)
			return err_sys(e, ENOMEM, "tree");
		t->nodes = nodes;
		t->room = room;
	}
	copy = strdup(path);
	if (!copy)
		return err_sys(e, ENOMEM, "tree");
	t->nodes[t->n++] = (struct tree_node){ copy, inode };
	inode->names++;
	return 0;
}

static int by_path(const void *a, const void *b)
{
	const struct tree_node *left = a, *right = b;

	return strcmp(left->path, right->path);
}

/* Merge sort: names that are equal stay in the order in which they were added. */
static void merge(struct tree_node *nodes, struct tree_node *spare, size_t n)
{
	size_t half = n / 2, i = 0, j = half, k = 0;

	if (n < 2)
		return;
	merge(nodes, spare, half);
	merge(nodes + half, spare, n - half);
	while (i < half && j < n)
		spare[k++] = by_path(&nodes[i], &nodes[j]) <= 0 ? nodes[i++] : nodes[j++];
	while (i < half)
		spare[k++] = nodes[i++];
	memcpy(nodes, spare, k * sizeof(*nodes));
}

int tree_sort(struct tree *t, struct err *e)
{
	_cleanup_free_ struct tree_node *spare = calloc(t->n + 1, sizeof(*spare));
	size_t kept = 0;

	if (!spare)
		return err_sys(e, ENOMEM, "tree");
	merge(t->nodes, spare, t->n);
	for (size_t i = 0; i < t->n; i++) {
		if (i + 1 < t->n && !strcmp(t->nodes[i].path, t->nodes[i + 1].path))
			drop_name(&t->nodes[i]);
		else
			t->nodes[kept++] = t->nodes[i];
	}
	t->n = kept;
	return 0;
}

struct tree_node *tree_find(const struct tree *t, const char *path)
{
	struct tree_node key = { .path = (char *)path };

	return t->n ? bsearch(&key, t->nodes, t->n, sizeof(*t->nodes), by_path) : NULL;
}

int tree_open_content(const struct tree *t, const struct tree_inode *inode, uint64_t *start,
		      struct err *e)
{
	int fd;

	*start = inode->source ? 0 : inode->offset;
	if (inode->source)
		fd = open(inode->source, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	else
		fd = fcntl(t->spool, F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		return err_sys(e, errno, "%s", inode->source ? inode->source : "spool");
	return fd;
}
