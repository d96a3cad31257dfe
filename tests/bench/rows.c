// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/bench/rows.h"

#define PAGE 4096
#define MEGABYTE (1024 * 1024)
#define NEW_FILES 2000
#define NEW_MEGABYTES 24

static char buffer[MEGABYTE];

void rows_prepare(void)
{
	memset(buffer, 'x', sizeof(buffer));
}

/* How many of count things are this worker's. */
static size_t share(const struct files *files, size_t count)
{
	return (count + files->workers - 1 - files->worker) / files->workers;
}

static int open_or_fail(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0644);

	if (fd < 0)
		fail(path);
	return fd;
}

static uint64_t walk_folder(int fd)
{
	DIR *dir = fdopendir(fd);
	uint64_t items = 0;
	struct dirent *d;
	struct stat st;

	if (!dir)
		fail("fdopendir");
	while ((d = readdir(dir))) {
		if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, ".."))
			continue;
		if (fstatat(fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW))
			fail(d->d_name);
		items++;
		if (S_ISDIR(st.st_mode)) {
			int below = openat(fd, d->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

			if (below < 0)
				fail(d->d_name);
			items += walk_folder(below);
		}
	}
	closedir(dir);
	return items;
}

static uint64_t walk(const struct files *files)
{
	(void)files;
	return walk_folder(open_or_fail(".", O_RDONLY | O_DIRECTORY));
}

static uint64_t stat_all(const struct files *files)
{
	struct stat st;

	for (size_t i = files->worker; i < files->count; i += files->workers)
		if (stat(files->names[i], &st))
			fail(files->names[i]);
	return share(files, files->count);
}

static uint64_t miss_all(const struct files *files)
{
	struct stat st;

	for (size_t i = files->worker; i < files->count; i += files->workers)
		if (!stat(files->misses[i], &st))
			fail(files->misses[i]);
	return share(files, files->count);
}

static uint64_t open_all(const struct files *files)
{
	for (size_t i = files->worker; i < files->count; i += files->workers)
		close(open_or_fail(files->names[i], O_RDONLY));
	return share(files, files->count);
}

/* Items are pages, the last one of a file counted whole. */
static uint64_t read_all(const struct files *files)
{
	uint64_t pages = 0;

	for (size_t i = files->worker; i < files->count; i += files->workers) {
		int fd = open_or_fail(files->names[i], O_RDONLY);
		uint64_t size = 0;
		ssize_t n;

		while ((n = read(fd, buffer, 128 * 1024)) > 0)
			size += (uint64_t)n;
		if (n < 0)
			fail(files->names[i]);
		close(fd);
		pages += (size + PAGE - 1) / PAGE;
	}
	return pages;
}

static uint64_t pread_big(const struct files *files, size_t step)
{
	int fd = open_or_fail(files->big, O_RDONLY);
	uint64_t size = 0;
	ssize_t n;

	while ((n = pread(fd, buffer, step, (off_t)size)) > 0)
		size += (uint64_t)n;
	if (n < 0)
		fail(files->big);
	close(fd);
	return size / PAGE;
}

static uint64_t pread_4k(const struct files *files)
{
	return pread_big(files, PAGE);
}

static uint64_t pread_1m(const struct files *files)
{
	return pread_big(files, MEGABYTE);
}

static uint64_t touch_mapped(const struct files *files)
{
	int fd = open_or_fail(files->big, O_RDONLY);
	volatile const char *map;
	struct stat st;
	char sum = 0;

	if (fstat(fd, &st))
		fail(files->big);
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		fail(files->big);
	for (off_t at = 0; at < st.st_size; at += PAGE)
		sum += map[at];
	buffer[0] = sum;
	return (uint64_t)(st.st_size + PAGE - 1) / PAGE;
}

static char *new_name(char name[32], const char *prefix, size_t i)
{
	snprintf(name, 32, "new/%s%zu", prefix, i);
	return name;
}

static uint64_t create_in(const struct files *files, const char *prefix)
{
	char name[32];

	for (size_t i = files->worker; i < NEW_FILES; i += files->workers) {
		int fd = open_or_fail(new_name(name, prefix, i), O_WRONLY | O_CREAT | O_EXCL);

		if (write(fd, buffer, PAGE) != PAGE)
			fail(name);
		close(fd);
	}
	return share(files, NEW_FILES);
}

static uint64_t unlink_in(const struct files *files, const char *prefix)
{
	char name[32];

	for (size_t i = files->worker; i < NEW_FILES; i += files->workers)
		if (unlink(new_name(name, prefix, i)))
			fail(name);
	return share(files, NEW_FILES);
}

static uint64_t create(const struct files *files)
{
	return create_in(files, "made");
}

static uint64_t rename_new(const struct files *files)
{
	char from[32], to[32];

	for (size_t i = files->worker; i < NEW_FILES; i += files->workers)
		if (rename(new_name(from, "made", i), new_name(to, "moved", i)))
			fail(from);
	return share(files, NEW_FILES);
}

static uint64_t unlink_new(const struct files *files)
{
	return unlink_in(files, "moved");
}

/* Undoes create, where nothing is renamed. */
static uint64_t remove_new(const struct files *files)
{
	return unlink_in(files, "made");
}

/* Each worker in a folder of its own. */
static uint64_t create_apart(const struct files *files)
{
	char folder[32];

	if (mkdir(new_name(folder, "", files->worker), 0755) && errno != EEXIST)
		fail(folder);
	return create_in(files, strcat(folder, "/") + strlen("new/"));
}

static uint64_t remove_apart(const struct files *files)
{
	char folder[32];

	new_name(folder, "", files->worker);
	return unlink_in(files, strcat(folder, "/") + strlen("new/"));
}

/* Not measured for itself: what follows finds the caches empty. */
static uint64_t drop_caches(const struct files *files)
{
	int fd = open_or_fail("/proc/sys/vm/drop_caches", O_WRONLY);

	(void)files;
	sync();
	if (write(fd, "3", 1) != 1)
		fail("drop_caches");
	close(fd);
	return 1;
}

static uint64_t write_1m(const struct files *files)
{
	int fd = open_or_fail("new/big", O_WRONLY | O_CREAT | O_TRUNC);

	(void)files;
	for (int i = 0; i < NEW_MEGABYTES; i++)
		if (write(fd, buffer, MEGABYTE) != MEGABYTE)
			fail("new/big");
	close(fd);
	return NEW_MEGABYTES * (uint64_t)(MEGABYTE / PAGE);
}

static const struct row rows[] = {
	{ "walk", walk },
	{ "stat", stat_all },
	{ "miss", miss_all },
	{ "open", open_all },
	{ "read", read_all },
	{ "pread4k", pread_4k },
	{ "pread1m", pread_1m },
	{ "touch", touch_mapped },
	{ "create", create },
	{ "rename", rename_new },
	{ "unlink", unlink_new },
	{ "remove", remove_new },
	{ "create-apart", create_apart },
	{ "remove-apart", remove_apart },
	{ "write1m", write_1m },
	{ "drop", drop_caches },
};

const struct row *row_find(const char *name)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcmp(rows[i].name, name))
			return &rows[i];
	errno = EINVAL;
	fail(name);
}
