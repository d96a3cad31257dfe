// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/tar_sample.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#define LONG_NAME 148

static struct tree_inode *add(struct tree *t, const char *path, enum tardisk_type type,
			      uint32_t mode)
{
	struct tree_inode *inode = tree_inode_new(type, NULL);

	assert_non_null(inode);
	inode->mode = mode;
	inode->uid = 10;
	inode->gid = 20;
	inode->mtime = 1700000000;
	inode->mtime_ns = 999999999;
	assert_int_equal(tree_add(t, path, inode, NULL), 0);
	return inode;
}

static void spool(struct tree *t, struct tree_inode *inode, uint64_t size, uint64_t offset)
{
	char buf[5000];

	memset(buf, 'x', sizeof(buf));
	inode->size = size;
	inode->offset = offset;
	assert_int_equal(pwrite(t->spool, buf, size, (off_t)offset), size);
}

void sample_tree(struct tree *t)
{
	char name[LONG_NAME + 3] = "d/";
	struct tree_inode *inode;

	*t = (struct tree)TREE_INIT;
	t->spool = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	assert_true(t->spool >= 0);
	add(t, "z", TARDISK_FILE, 01644);
	add(t, "d", TARDISK_DIR, 0755);
	inode = add(t, "a", TARDISK_FILE, 04755);
	spool(t, inode, 5000, 0);
	assert_int_equal(tree_add(t, "b", inode, NULL), 0);
	inode = add(t, "d/f", TARDISK_FILE, 0600);
	spool(t, inode, 1, 5000);
	assert_int_equal(tree_inode_add_xattr(inode, "user.two", "2\n\0", 3, NULL), 0);
	assert_int_equal(tree_inode_add_xattr(inode, "user.one", "1", 1, NULL), 0);
	assert_int_equal(tree_inode_add_xattr(inode, "security.selinux", "1", 1, NULL), 0);
	memset(name + 2, 'l', LONG_NAME);
	inode = add(t, name, TARDISK_SYMLINK, 0777);
	assert_int_equal(tree_inode_set_link(inode, name, NULL), 0);
	inode = add(t, "n", TARDISK_CHAR, 0666);
	inode->major = 1;
	inode->minor = 3;
	add(t, "p", TARDISK_FIFO, 0600);
}

void sample_make(struct tar_sample *s)
{
	struct tardisk_reader r;
	struct tardisk_entry entry;
	struct layout layout;
	struct tree t;
	size_t n = 0;

	sample_tree(&t);
	assert_int_equal(tree_sort(&t, NULL), 0);
	assert_int_equal(tree_complete(&t, NULL), 0);
	assert_int_equal(layout_tree(&t, TARDISK_FRAME, &layout, NULL), 0);
	s->base = layout.headers;
	s->len = layout.len;
	assert_int_equal(tardisk_reader_init(&r, s->base, s->len), 0);
	while (tardisk_next(&r, &entry) > 0) {
		assert_true(n < 8);
		s->at[n] = r.pos - 512;
		if (n++ == SAMPLE_F)
			s->pax_f = (uint32_t)entry.at - 1024;
	}
	assert_int_equal(n, 8);
	tree_free(&t);
}

void sample_seal(unsigned char *base, uint32_t offset)
{
	unsigned char *h = base + offset;
	unsigned int sum = 0;
	char text[8];

	memset(h + 148, ' ', 8);
	for (int i = 0; i < 512; i++)
		sum += h[i];
	snprintf(text, sizeof(text), "%06o", sum);
	memcpy(h + 148, text, 7);
}
