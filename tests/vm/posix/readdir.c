// SPDX-License-Identifier: Apache-2.0
/* Listing a directory while it changes: no name missed, none twice. */
#include <dirent.h>
#include <sys/syscall.h>

#include "posix.h"

#define NAMES 400

static unsigned char seen[NAMES];

static void name_of(char *buf, size_t size, int i)
{
	snprintf(buf, size, "open/n%04d-%.*s", i, i % 60, long_name(60));
}

static void make_names(void)
{
	char path[128];

	for (int i = 0; i < NAMES; i++) {
		name_of(path, sizeof(path), i);
		OK(make(path, 0644));
	}
}

static int number_of(const struct dirent *e)
{
	return e->d_name[0] == 'n' ? atoi(e->d_name + 1) : -1;
}

/* Every third name goes, others come, some are renamed: the rest is seen once. */
static void under_change(void)
{
	DIR *d = opendir("open");
	char path[128], other[128];
	struct dirent *e;
	int read = 0, wrong = 0;

	memset(seen, 0, sizeof(seen));
	while ((e = readdir(d))) {
		int n = number_of(e);

		if (n >= 0 && n < NAMES)
			seen[n]++;
		if (++read % 7)
			continue;
		name_of(path, sizeof(path), read / 7 * 3);
		unlink(path);
		snprintf(other, sizeof(other), "open/x%d", read);
		OK(make(other, 0644));
		name_of(path, sizeof(path), read / 7 * 3 + 1);
		snprintf(other, sizeof(other), "open/y%d", read);
		rename(path, other);
	}
	for (int i = 2; i < NAMES; i += 3)
		wrong += seen[i] != 1;
	for (int i = 0; i < NAMES; i++)
		wrong += seen[i] > 1;
	IS(wrong, 0);
	closedir(d);
}

static void positions(void)
{
	DIR *d = opendir("open");
	long at[10] = { 0 };
	char names[10][256];
	struct dirent *e;
	int n = 0, i;

	while ((e = readdir(d)) && n < 200) {
		if (n % 20 == 0) {
			at[n / 20] = telldir(d);
			e = readdir(d);
			if (!e)
				break;
			snprintf(names[n / 20], 256, "%s", e->d_name);
		}
		n++;
	}
	IS(n, 200);
	for (i = 9; i >= 0; i--) {
		seekdir(d, at[i]);
		e = readdir(d);
		TRUE(e && !strcmp(e->d_name, names[i]));
	}
	rewinddir(d);
	for (n = 0; readdir(d);)
		n++;
	OK(make("open/later", 0644));
	rewinddir(d);
	for (i = 0; readdir(d);)
		i++;
	IS(i, n + 1);
	closedir(d);
}

static void whole(void)
{
	DIR *d = opendir("dir");
	struct dirent *e;
	int names = 0;

	while ((e = readdir(d))) {
		char path[300];
		struct stat s;

		snprintf(path, sizeof(path), "dir/%s", e->d_name);
		OK(lstat(path, &s));
		IS(e->d_ino, s.st_ino);
		IS(DTTOIF(e->d_type), s.st_mode & S_IFMT);
		names++;
	}
	IS(names, 5); /* ".", "..", a, b, sub */
	closedir(d);
	TRUE(st("dir/.").st_ino == st("dir").st_ino);
	TRUE(st("dir/..").st_ino == st(".").st_ino);
}

/* Removing everything while reading it, as rm -r does, leaves nothing. */
static void removing(void)
{
	DIR *d = opendir("open");
	struct dirent *e;

	while ((e = readdir(d)))
		if (e->d_name[0] != '.')
			OK(unlinkat(dirfd(d), e->d_name, 0));
	closedir(d);
	OK(rmdir("open"));
}

void topic_readdir(void)
{
	char small[10];
	int fd;

	whole();
	make_names();
	under_change();
	positions();
	fd = (int)OK(open("dir", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	FAILS(EINVAL, syscall(SYS_getdents64, fd, small, sizeof(small)));
	FAILS(EFAULT, syscall(SYS_getdents64, fd, (void *)1, 4096));
	OK(lseek(fd, 0, SEEK_SET));
	FAILS(EINVAL, lseek(fd, -1, SEEK_SET));
	close(fd);
	fd = (int)OK(open("file", O_RDONLY | O_CLOEXEC));
	FAILS(ENOTDIR, syscall(SYS_getdents64, fd, small, sizeof(small)));
	close(fd);
	removing();
}
