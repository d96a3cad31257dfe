// SPDX-License-Identifier: Apache-2.0
/* stat(2), statx(2), statfs(2), inode flags. */
#include <linux/fs.h>
#include <linux/stat.h>
#include <sys/ioctl.h>
#include <sys/statfs.h>
#include <time.h>

#include "posix.h"

static void basic(void)
{
	struct stat s = st("file");

	IS(s.st_mode, S_IFREG | 0644);
	IS(s.st_nlink, 1);
	IS(s.st_size, FILE_SIZE);
	IS(s.st_blocks, 24);
	IS(s.st_blksize, 4096);
	IS(st("owned").st_uid, USER);
	IS(st("owned").st_gid, USER);
	IS(st("hard1").st_nlink, 2);
	IS(st("empty").st_size, 0);
	IS(st("empty").st_blocks, 0);
	IS(st("setid").st_mode, S_IFREG | 06755);
	IS(st("sticky").st_mode, S_IFDIR | 01777);
	IS(st("sym").st_mode, S_IFLNK | 0777);
	IS(st("fifo").st_mode, S_IFIFO | 0644);
	IS(st("null").st_rdev, 0x103);
	TRUE(st("file").st_dev == st("dir").st_dev);
	TRUE(st("file").st_ino != st("owned").st_ino);
}

static void extended(void)
{
	struct statx x;

	OK(statx(AT_FDCWD, "file", 0, STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID, &x));
	IS(x.stx_mask & STATX_BASIC_STATS, STATX_BASIC_STATS);
	IS(x.stx_size, FILE_SIZE);
	OK(make("open/born", 0644));
	tick();
	OK(chmod("open/born", 0600));
	OK(put("open/born", "x"));
	OK(statx(AT_FDCWD, "open/born", 0, STATX_ALL, &x));
	TRUE(x.stx_mask & STATX_BTIME);
	TRUE(x.stx_btime.tv_sec > time(NULL) - 100);
	TRUE(x.stx_btime.tv_sec < x.stx_ctime.tv_sec ||
	     (x.stx_btime.tv_sec == x.stx_ctime.tv_sec &&
	      x.stx_btime.tv_nsec < x.stx_ctime.tv_nsec));
	FAILS(EINVAL, statx(AT_FDCWD, "file", 0, 1u << 31, &x));
	FAILS(EINVAL, statx(AT_FDCWD, "file", 0x40000000, STATX_ALL, &x));
}

static int set_flags(const char *path, unsigned int flags)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int ret = fd < 0 ? -1 : ioctl(fd, FS_IOC_SETFLAGS, &flags), error = errno;

	close(fd);
	errno = error;
	return ret;
}

static unsigned int flags_of(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	unsigned int flags = 0;

	OK(ioctl(fd, FS_IOC_GETFLAGS, &flags));
	close(fd);
	return flags;
}

static void flags(void)
{
	struct statx x;

	OK(set_flags("file", FS_IMMUTABLE_FL));
	IS(flags_of("file") & FS_IMMUTABLE_FL, FS_IMMUTABLE_FL);
	OK(statx(AT_FDCWD, "file", 0, STATX_ALL, &x));
	TRUE(x.stx_attributes_mask & STATX_ATTR_IMMUTABLE);
	TRUE(x.stx_attributes & STATX_ATTR_IMMUTABLE);
	FAILS(EPERM, open_close("file", O_WRONLY));
	FAILS(EPERM, unlink("file"));
	FAILS(EPERM, rename("file", "file2"));
	FAILS(EPERM, link("file", "file2"));
	FAILS(EPERM, chmod("file", 0600));
	FAILS(EPERM, truncate("file", 0));
	OK(set_flags("file", FS_APPEND_FL));
	FAILS(EPERM, open_close("file", O_WRONLY));
	OK(open_close("file", O_WRONLY | O_APPEND));
	FAILS(EPERM, open_close("file", O_WRONLY | O_APPEND | O_TRUNC));
	FAILS(EPERM, unlink("file"));
	OK(set_flags("file", 0));
	IS(flags_of("file"), 0);
	OK(chmod("file", 0600));
	OK(set_flags("dir", FS_IMMUTABLE_FL));
	FAILS(EPERM, make("dir/x", 0644));
	FAILS(EPERM, unlink("dir/a"));
	OK(set_flags("dir", FS_APPEND_FL));
	OK(make("dir/x", 0644));
	FAILS(EPERM, unlink("dir/x"));
	OK(set_flags("dir", 0));
	OK(unlink("dir/x"));
	FAILS(EOPNOTSUPP, set_flags("file", FS_COMPR_FL));
	become(USER, USER);
	FAILS(EPERM, set_flags("owned", FS_IMMUTABLE_FL));
	OK(set_flags("owned", FS_NODUMP_FL));
	root();
	IS(flags_of("owned"), FS_NODUMP_FL);
}

void topic_stat(void)
{
	struct statfs f;

	basic();
	extended();
	flags();
	OK(statfs("file", &f));
	IS(f.f_bsize, 4096);
	IS(f.f_namelen, 255);
	TRUE(f.f_fsid.__val[0] || f.f_fsid.__val[1]);
	OK(statfs("dir", &f));
	OK(statfs(".", &f));
}
