// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/writer_sample.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tardisk/check.h"
#include "tardisk/frames.h"
#include "tardisk/writer.h"
#include "tests/unit/unit.h"

int temporary(void)
{
	int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	return fd;
}

static int write_tree(struct tree *t, int level, uint32_t frame)
{
	const struct packing packing = { level, frame };
	struct err e = ERR_INIT;
	int fd = temporary();

	if (tardisk_write(fd, "sample", t, &packing, &e))
		fail_msg("%s", e.text);
	tree_free(t);
	return fd;
}

int write_sample(void)
{
	struct tree t;

	sample_tree(&t);
	return write_tree(&t, 3, TARDISK_FRAME);
}

int write_big(uint32_t frame)
{
	static unsigned char noise[5 << 19];
	struct tree t = TREE_INIT;
	struct tree_inode *inode;
	uint64_t x = 1;
	char name[64];

	for (size_t i = 0; i < sizeof(noise); i++) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		noise[i] = (unsigned char)(x >> 56);
	}
	t.spool = temporary();
	inode = tree_inode_new(TARDISK_FILE, NULL);
	inode->size = sizeof(noise);
	assert_int_equal(pwrite(t.spool, noise, sizeof(noise), 0), sizeof(noise));
	assert_int_equal(tree_add(&t, "x/y/big", inode, NULL), 0);
	for (int i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "x/%05d", i);
		assert_int_equal(tree_add(&t, name, tree_inode_new(TARDISK_FIFO, NULL), NULL), 0);
	}
	return write_tree(&t, 1, frame);
}

int write_raw(const struct tar_sample *s, const void *data, size_t len)
{
	const struct packing packing = { 1, TARDISK_FRAME };
	struct frames *f;
	int fd = temporary();

	assert_int_equal(frames_open(&f, fd, "raw", &packing, NULL), 0);
	assert_int_equal(frames_add(f, s->base, s->len, NULL), 0);
	assert_int_equal(frames_end_headers(f, NULL), 0);
	assert_int_equal(frames_add(f, data, len, NULL), 0);
	assert_int_equal(frames_finish(f, NULL), 0);
	frames_close(f);
	return fd;
}

char *bytes_of(int fd, size_t *len)
{
	char *bytes;

	*len = (size_t)lseek(fd, 0, SEEK_END);
	bytes = malloc(*len);
	assert_int_equal(pread(fd, bytes, *len, 0), *len);
	return bytes;
}

int check(int fd, struct err *e)
{
	struct tardisk_file t;
	int rc;

	*e = (struct err)ERR_INIT;
	if (tardisk_file_open(&t, "sample", fd, e))
		return -1;
	rc = tardisk_check(&t, e);
	tardisk_file_close(&t);
	return rc;
}
