// SPDX-License-Identifier: Apache-2.0
/* Who may do what: modes, owners, sticky directories, set-ID bits. */
#include "posix.h"

void topic_access(void)
{
	become(USER, USER);
	OK(access("file", R_OK));
	FAILS(EACCES, open_close("file", O_WRONLY));
	FAILS(EACCES, open_close("file", O_RDONLY | O_TRUNC));
	OK(open_close("owned", O_RDWR));
	FAILS(EACCES, open_close("dir/b", O_RDONLY));
	FAILS(EACCES, make("dir/x", 0644));
	FAILS(EACCES, mkdir("dir/x", 0755));
	FAILS(EACCES, unlink("dir/a"));
	FAILS(EACCES, rmdir("dir/sub"));
	FAILS(EACCES, rename("dir/a", "udir/a"));
	FAILS(EACCES, rename("owned", "udir/a"));
	FAILS(EACCES, link("owned", "dir/l"));
	FAILS(EACCES, symlink("x", "dir/l"));
	FAILS(EACCES, truncate("file", 0));
	FAILS(EACCES, open_close("private", O_RDONLY));
	FAILS(EACCES, chdir("private"));
	OK(make("udir/mine", 0640));
	IS(st("udir/mine").st_uid, USER);
	IS(st("udir/mine").st_gid, USER);
	OK(make("udir/none", 0));
	FAILS(EACCES, open_close("udir/none", O_RDONLY));
	OK(unlink("udir/none"));
	/* The rights of a new file do not hold for the descriptor that made it. */
	int fd = (int)OK(open("udir/ro", O_CREAT | O_RDWR | O_CLOEXEC, 0400));

	IS(write(fd, "x", 1), 1);
	close(fd);
	FAILS(EACCES, open_close("udir/ro", O_RDWR));
	OK(chmod("udir", 0500));
	FAILS(EACCES, unlink("udir/mine"));
	OK(chmod("udir", 0300));
	FAILS(EACCES, open_close("udir", O_RDONLY));
	OK(unlink("udir/mine"));
	become(OTHER, OTHER);
	FAILS(EACCES, unlink("udir/ro"));
	root();
	OK(open_close("udir/ro", O_RDWR));
	OK(open_close("private/x", O_RDWR));
}

void topic_chmod(void)
{
	static const mode_t modes[] = { 0, 0777, 0644, 01644, 02755, 04755, 07777, 0600 };

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		OK(chmod("file", modes[i]));
		IS(mode_of("file"), modes[i]);
		OK(chmod("dir", modes[i]));
		IS(mode_of("dir"), modes[i]);
		OK(chmod("fifo", modes[i]));
		IS(mode_of("fifo"), modes[i]);
	}
	OK(chmod("dir", 0755));
	OK(chmod("sym", 0640)); /* follows */
	IS(mode_of("file"), 0640);
	IS(mode_of("sym"), 0777);
	FAILS(EOPNOTSUPP, fchmodat(AT_FDCWD, "sym", 0600, AT_SYMLINK_NOFOLLOW));
	become(USER, USER);
	FAILS(EPERM, chmod("file", 0777));
	FAILS(EPERM, chmod("dir", 0777));
	OK(chmod("owned", 0600));
	OK(chmod("udir", 0700));
	IS(mode_of("udir"), 0700);
	/* A user may not give a group that he is not in its rights. */
	root();
	OK(chown("owned", USER, OTHER));
	become(USER, USER);
	OK(chmod("owned", 02755));
	IS(mode_of("owned"), 0755);
	root();
	OK(chmod("owned", 02755));
	IS(mode_of("owned"), 02755);
}

/* chown(2), and what it and a write do to set-ID bits. */
static void set_id(void)
{
	int fd;

	OK(chown("setid", USER, OTHER));
	IS(mode_of("setid"), 0755);
	OK(chmod("setid", 06755));
	OK(chown("setid", (uid_t)-1, (gid_t)-1));
	IS(mode_of("setid"), 0755);
	OK(chmod("setid", 06745)); /* without group execute: set-group-ID is a lock mark */
	OK(chown("setid", USER, USER));
	IS(mode_of("setid"), 02745);
	OK(chmod("setid", 06777));
	become(OTHER, OTHER);
	fd = (int)OK(open("setid", O_WRONLY | O_CLOEXEC));
	IS(mode_of("setid"), 06777);
	IS(write(fd, "x", 1), 1);
	IS(mode_of("setid"), 0777);
	root();
	OK(chmod("setid", 06777));
	become(OTHER, OTHER);
	OK(ftruncate(fd, 5));
	IS(mode_of("setid"), 0777);
	root();
	OK(chmod("setid", 06777));
	become(OTHER, OTHER);
	OK(fallocate(fd, 0, 0, 10));
	IS(mode_of("setid"), 0777);
	root();
	OK(chmod("setid", 06777));
	become(OTHER, OTHER);
	OK(truncate("setid", 3));
	IS(mode_of("setid"), 0777);
	root();
	/* Root's writes keep them. */
	OK(chmod("setid", 06777));
	IS(write(fd, "x", 1), 1);
	IS(mode_of("setid"), 06777);
	close(fd);
	/* Directories keep theirs. */
	OK(chmod("dir", 06755));
	OK(chown("dir", USER, USER));
	IS(mode_of("dir"), 06755);
}

void topic_ownership(void)
{
	OK(chown("file", USER, OTHER));
	IS(st("file").st_uid, USER);
	IS(st("file").st_gid, OTHER);
	OK(chown("file", (uid_t)-1, USER));
	IS(st("file").st_uid, USER);
	IS(st("file").st_gid, USER);
	OK(chown("dir", USER, OTHER));
	IS(st("dir").st_uid, USER);
	OK(lchown("sym", USER, USER));
	IS(st("sym").st_uid, USER);
	OK(lchown("dangling", USER, USER));
	FAILS(ENOENT, chown("dangling", USER, USER));
	OK(chown("fifo", USER, USER));
	OK(chown("empty", 4294967294u, 4294967294u));
	IS(st("empty").st_uid, 4294967294u);
	become(USER, USER);
	FAILS(EPERM, chown("owned", OTHER, (gid_t)-1));
	FAILS(EPERM, chown("owned", (uid_t)-1, OTHER));
	OK(chown("owned", USER, USER));
	OK(chown("owned", (uid_t)-1, USER));
	FAILS(EPERM, chown("dir/a", USER, USER));
	root();
	set_id();
}

void topic_sticky(void)
{
	IS(mode_of("sticky"), 01777);
	become(USER, USER);
	FAILS(EPERM, unlink("sticky/o"));
	FAILS(EPERM, unlink("sticky/r"));
	FAILS(EPERM, rename("sticky/o", "sticky/x"));
	FAILS(EPERM, rename("sticky/o", "open/x"));
	OK(make("open/mine", 0644));
	FAILS(EPERM, rename("open/mine", "sticky/o"));
	FAILS(EPERM, rename("sticky/u", "sticky/r"));
	FAILS(EPERM, rmdir("sticky/od"));
	FAILS(EPERM, renameat2(AT_FDCWD, "sticky/u", AT_FDCWD, "sticky/o", RENAME_EXCHANGE));
	OK(rename("sticky/u", "sticky/u2"));
	OK(rename("open/mine", "sticky/u2"));
	OK(put("sticky/o", "written")); /* 0666: that one is allowed */
	OK(unlink("sticky/u2"));
	OK(make("sticky/new", 0644));
	become(OTHER, OTHER);
	FAILS(EPERM, unlink("sticky/new"));
	OK(unlink("sticky/o"));
	OK(rmdir("sticky/od"));
	root();
	OK(chown("sticky", USER, USER));
	become(USER, USER);
	OK(unlink("sticky/r")); /* the directory's owner may */
	root();
	OK(unlink("sticky/new"));
}
