// SPDX-License-Identifier: Apache-2.0
/* File handles: a name for a file that its path need not know. */
#include <sys/statfs.h>

#include "posix.h"

struct handle {
	struct file_handle h;
	unsigned char bytes[MAX_HANDLE_SZ];
};

static int handle_of(const char *path, struct handle *h, int flags)
{
	int mount;

	h->h.handle_bytes = MAX_HANDLE_SZ;
	return name_to_handle_at(AT_FDCWD, path, &h->h, &mount, flags);
}

static int open_handle(struct handle *h, int flags)
{
	int top = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = open_by_handle_at(top, &h->h, flags | O_CLOEXEC), error = errno;

	close(top);
	errno = error;
	return fd;
}

static bool opens(const char *path, int flags)
{
	struct stat a = st(path), b;
	struct handle h;
	int fd;

	if (handle_of(path, &h, 0) < 0)
		return false;
	fd = open_handle(&h, flags);
	if (fd < 0 || fstat(fd, &b))
		return false;
	close(fd);
	return a.st_ino == b.st_ino && a.st_mode == b.st_mode;
}

static void drop_caches(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);

	if (fd >= 0) {
		OK(write(fd, "2", 1));
		close(fd);
	}
}

void topic_handles(void)
{
	struct handle file, dir, gone, h = { .h.handle_bytes = 0 };
	int mount, fd;
	char text[5];

	FAILS(EOVERFLOW, name_to_handle_at(AT_FDCWD, "file", &h.h, &mount, 0));
	TRUE(h.h.handle_bytes > 0);
	TRUE(opens("file", O_RDONLY));
	TRUE(opens("file", O_RDWR));
	TRUE(opens("dir", O_RDONLY));
	TRUE(opens("hard2", O_RDONLY));
	TRUE(opens("sym", O_PATH));
	TRUE(opens("fifo", O_RDONLY | O_NONBLOCK));
	TRUE(opens(".", O_RDONLY));
	OK(handle_of("file", &file, 0));
	OK(handle_of("dir/sub", &dir, 0));
	drop_caches();
	fd = (int)OK(open_handle(&file, O_RDONLY));
	close(fd);
	fd = (int)OK(open_handle(&dir, O_RDONLY));
	close(fd);
	/* It is the file's, not the name's. */
	OK(rename("file", "dir/moved"));
	fd = (int)OK(open_handle(&file, O_RDONLY));
	close(fd);
	OK(put("mortal", "soon"));
	OK(handle_of("mortal", &gone, 0));
	fd = (int)OK(open("mortal", O_RDONLY | O_CLOEXEC));
	OK(unlink("mortal"));
	IS(read(fd, text, 4), 4);
	close(fd);
	FAILS(ESTALE, open_handle(&gone, O_RDONLY));
	FAILS(ENOENT, handle_of("none", &gone, 0));
	OK(rmdir("dir/sub"));
	FAILS(ESTALE, open_handle(&dir, O_RDONLY));
	become(USER, USER);
	FAILS(EPERM, open_handle(&file, O_RDONLY));
	root();
}
