// SPDX-License-Identifier: Apache-2.0
#include "layout.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cleanup.h"
#include "le.h"
#include "raw.h"

/* A buffer that counts while base is NULL, and is filled when it is not. */
struct pen {
	unsigned char *base;
	uint64_t pos;
};

static void put(struct pen *pen, const void *data, size_t len)
{
	if (pen->base)
		memcpy(pen->base + pen->pos, data, len);
	pen->pos += len;
}

/* The buffer is zero from the start. */
static void pad(struct pen *pen, uint32_t unit)
{
	pen->pos = (pen->pos + unit - 1) & ~(uint64_t)(unit - 1);
}

static void put_octal(unsigned char *field, int len, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%0*llo", len - 1, (unsigned long long)value);
	memcpy(field, text, (size_t)len);
}

static void seal(unsigned char *h)
{
	unsigned int sum = 8 * ' ';
	char text[8];

	memcpy(h + MAGIC, TARDISK_MAGIC, MAGIC_LEN);
	for (unsigned int i = 0; i < TARDISK_BLOCK; i++)
		sum += h[i];
	snprintf(text, sizeof(text), "%06o", sum & 0777777);
	memcpy(h + CHKSUM, text, 7);
	h[CHKSUM + 7] = ' ';
}

static void put_record(struct pen *pen, const char *prefix, const char *name, const void *value,
		       size_t value_len)
{
	size_t rest = strlen(prefix) + strlen(name) + value_len + 3; /* ' ', '=', newline */
	size_t total = rest + 1;
	char text[24];

	/* The length counts its own digits. */
	while ((size_t)snprintf(text, sizeof(text), "%zu", total) + rest != total)
		total++;
	put(pen, text, strlen(text));
	put(pen, " ", 1);
	put(pen, prefix, strlen(prefix));
	put(pen, name, strlen(name));
	put(pen, "=", 1);
	put(pen, value, value_len);
	put(pen, "\n", 1);
}

/* All names of a regular file but the first are hard links to that one. */
static const char *link_of(const struct tree_node *node)
{
	if (node->inode->type == TARDISK_FILE && node->inode->written != node->path)
		return node->inode->written;
	return node->inode->link;
}

static bool is_hard_link(const struct tree_node *node)
{
	return node->inode->type == TARDISK_FILE && node->inode->written != node->path;
}

static void put_records(struct pen *pen, const struct tree_node *node)
{
	const struct tree_inode *inode = node->inode;
	const char *link = link_of(node);

	if (strlen(node->path) > NAME_LEN)
		put_record(pen, "", "path", node->path, strlen(node->path));
	if (link && strlen(link) > NAME_LEN)
		put_record(pen, "", "linkpath", link, strlen(link));
	if (is_hard_link(node))
		return;
	for (size_t i = 0; i < inode->n_xattrs; i++)
		put_record(pen, TARDISK_XATTR, inode->xattrs[i].name, inode->xattrs[i].value,
			   inode->xattrs[i].len);
}

/* A header of type x or g, of which only the size differs. */
static void put_records_header(struct pen *pen, char type, const char *name, uint64_t size)
{
	unsigned char h[TARDISK_BLOCK] = { 0 };

	memcpy(h + NAME, name, strlen(name));
	put_octal(h + MODE, ID_LEN, 0);
	put_octal(h + UID, ID_LEN, 0);
	put_octal(h + GID, ID_LEN, 0);
	put_octal(h + SIZE, LONG_LEN, size);
	put_octal(h + MTIME, LONG_LEN, 0);
	h[TYPE] = (unsigned char)type;
	seal(h);
	put(pen, h, sizeof(h));
}

static int put_pax(struct pen *pen, const struct tree_node *node, struct err *e)
{
	struct pen count = { NULL, 0 };

	put_records(&count, node);
	if (!count.pos)
		return 0;
	if (count.pos > TARDISK_MAX_PAX)
		return err_set(e, ERR_INVALID, "%.300s: xattrs are larger than 1 MiB", node->path);
	put_records_header(pen, 'x', "pax", count.pos);
	put_records(pen, node);
	pad(pen, TARDISK_BLOCK);
	return 0;
}

static void copy_name(unsigned char *field, const char *name)
{
	size_t len = name ? strlen(name) : 0;

	if (len)
		memcpy(field, name, len > NAME_LEN ? NAME_LEN : len);
}

static void put_entry(struct pen *pen, const struct tree_node *node)
{
	const struct tree_inode *inode = node->inode;
	bool hard = is_hard_link(node);
	unsigned char h[TARDISK_BLOCK] = { 0 };

	copy_name(h + NAME, node->path);
	copy_name(h + LINKNAME, link_of(node));
	put_octal(h + MODE, ID_LEN, inode->mode);
	put_octal(h + UID, ID_LEN, inode->uid);
	put_octal(h + GID, ID_LEN, inode->gid);
	put_octal(h + SIZE, LONG_LEN, hard ? 0 : inode->size);
	put_octal(h + MTIME, LONG_LEN, (uint64_t)inode->mtime);
	h[TYPE] = (unsigned char)(hard ? TARDISK_HARDLINK : inode->type);
	if (inode->type == TARDISK_CHAR || inode->type == TARDISK_BLOCK) {
		put_octal(h + DEVMAJOR, ID_LEN, inode->major);
		put_octal(h + DEVMINOR, ID_LEN, inode->minor);
	}
	le_put32(h + OFFSET, hard ? 0 : (uint32_t)inode->data);
	le_put32(h + MTIME_NS, inode->mtime_ns);
	seal(h);
	put(pen, h, sizeof(h));
}

static void put_volume(struct pen *pen, const struct tree *t, const struct layout *layout)
{
	const struct {
		const char *name;
		uint64_t value;
	} records[] = { { "version", TARDISK_VERSION },
			{ "entries", t->n },
			{ "headers", layout->len },
			{ "size", layout->size },
			{ "frame", layout->frame } };
	unsigned char block[TARDISK_BLOCK];
	struct pen inner = { block, 0 };
	char value[24];

	for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
		snprintf(value, sizeof(value), "%llu", (unsigned long long)records[i].value);
		put_record(&inner, "VISOR.", records[i].name, value, strlen(value));
	}
	put_records_header(pen, 'g', "tardisk", inner.pos);
	put(pen, block, inner.pos);
	pad(pen, TARDISK_BLOCK);
}

static int put_all(struct pen *pen, const struct tree *t, const struct layout *layout,
		   struct err *e)
{
	put_volume(pen, t, layout);
	for (size_t i = 0; i < t->n; i++) {
		if (put_pax(pen, &t->nodes[i], e))
			return -1;
		put_entry(pen, &t->nodes[i]);
	}
	pen->pos += 2 * TARDISK_BLOCK;
	pad(pen, TARDISK_PAGE);
	return 0;
}

static int check_node(const struct tree_node *node, struct err *e)
{
	const struct tree_inode *inode = node->inode;

	if (inode->uid > TARDISK_MAX_ID || inode->gid > TARDISK_MAX_ID)
		return err_set(e, ERR_INVALID, "%.300s: uid or gid is larger than %u", node->path,
			       TARDISK_MAX_ID);
	if (inode->major > TARDISK_MAX_MAJOR || inode->minor > TARDISK_MAX_MINOR)
		return err_set(e, ERR_INVALID, "%.300s: device number is out of range", node->path);
	return 0;
}

/* The first name of each inode, and where contents go. */
static int place(struct tree *t, struct layout *layout, struct err *e)
{
	for (size_t i = 0; i < t->n; i++)
		t->nodes[i].inode->written = NULL;
	layout->size = layout->len;
	for (size_t i = 0; i < t->n; i++) {
		struct tree_inode *inode = t->nodes[i].inode;

		if (check_node(&t->nodes[i], e))
			return -1;
		if (inode->written)
			continue;
		inode->written = t->nodes[i].path;
		inode->data = inode->size ? layout->size : 0;
		if (inode->size > TARDISK_MAX_SIZE - layout->size)
			return err_set(e, ERR_INVALID,
				       "%.300s: beyond the 4 GiB a tardisk can have",
				       t->nodes[i].path);
		layout->size += (inode->size + TARDISK_PAGE - 1) & ~(uint64_t)(TARDISK_PAGE - 1);
	}
	return 0;
}

int layout_tree(struct tree *t, uint32_t frame, struct layout *layout, struct err *e)
{
	struct pen pen = { NULL, 0 };

	*layout = (struct layout){ .frame = frame };
	if (t->n > TARDISK_MAX_ENTRIES)
		return err_set(e, ERR_INVALID, "%zu entries, a tardisk can have %u", t->n,
			       TARDISK_MAX_ENTRIES);
	/* Lengths do not depend on the places, so the first round only counts. */
	if (place(t, layout, e) || put_all(&pen, t, layout, e))
		return -1;
	if (pen.pos > TARDISK_MAX_HEADERS)
		return err_set(e, ERR_INVALID, "headers are larger than 1 GiB");
	layout->len = (uint32_t)pen.pos;
	if (place(t, layout, e))
		return -1;
	pen = (struct pen){ calloc(1, layout->len), 0 };
	if (!pen.base)
		return err_sys(e, ENOMEM, "headers");
	layout->headers = pen.base;
	return put_all(&pen, t, layout, e);
}
