// SPDX-License-Identifier: Apache-2.0
/* A throw-away folder that stands for the host. */
#include "tests/unit/tree.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "userworld/core/core.h"
#include "userworld/lib/file.h"

static char top[] = "/tmp/core_test.XXXXXX";

int tree_setup(void **state)
{
	struct core_config config = { .root = top, .sysfs = top, .proc = top, .run = top };

	(void)state;
	if (!mkdtemp(top))
		return -1;
	return core_init(&config, NULL);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

int tree_teardown(void **state)
{
	(void)state;
	return nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *tree_path(const char *path)
{
	static char buffers[4][512];
	static unsigned int next;
	char *buf = buffers[next++ % 4];

	snprintf(buf, sizeof(buffers[0]), "%s%s", top, path);
	return buf;
}

void tree_write(const char *path, const char *text, mode_t mode)
{
	char dir[512];
	FILE *f;

	snprintf(dir, sizeof(dir), "%s", tree_path(path));
	*strrchr(dir, '/') = '\0';
	assert_int_equal(file_make_dirs(dir, NULL), 0);
	f = fopen(tree_path(path), "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(tree_path(path), mode), 0);
}

char *tree_read(const char *path)
{
	char *text = NULL;

	assert_int_equal(file_read(tree_path(path), 1 << 20, &text, NULL, NULL), 0);
	return text;
}
