/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What failnth's loop and its operations share. The file system under test is
 * mounted at MNT, freshly for each operation, and each try begins with nothing
 * but the tardisk ONE: etc/a, etc/b (two names), etc/state (sticky), etc/link,
 * big, dir/x.
 */
#ifndef FAILNTH_H
#define FAILNTH_H

#include <stddef.h>
#include <stdio.h>

#define MNT "/v"
#define ONE "/tardisks/one.v00"
#define TWO "/tardisks/two.v00"
#define PROG "/tardisks/prog.v00" /* has /bin/failnth */
#define BIG_SIZE (80 * 1024 + 100)

/* What a failed operation may leave behind. */
#define GROWS 0x1   /* its file is a branch by now: an inode, and pages put aside */
#define PARTIAL 0x2 /* the first part of its data */
/* How it starts. */
#define UNCACHED 0x4  /* dentries and inodes were dropped */
#define UNMOUNTED 0x8 /* it mounts by itself */
#define ARMS 0x10     /* the failing allocation is a child's: it looks at fail_at */
/* How it ends. */
#define ROOTED 0x20 /* the root has attributes of its own: an inode and a page of records */

struct op {
	const char *name;     /* NULL: the end of a table */
	int (*prepare)(void); /* may be NULL; 0 or -errno */
	int (*run)(void);     /* with one failing allocation; 0 or -errno */
	int (*check)(void);   /* may be NULL; after success: 0 or -errno */
	unsigned int flags;
};

extern const struct op name_ops[], data_ops[], attr_ops[], switch_ops[], exec_ops[];

/* Functions of a table's entries, from an expression. */
#define RUN(NAME, ...)              \
	static int run_##NAME(void) \
	{                           \
		return __VA_ARGS__; \
	}
#define CHECK(NAME, ...)              \
	static int check_##NAME(void) \
	{                             \
		return __VA_ARGS__;   \
	}

/* failnth.c: which allocation an operation with ARMS lets fail, 0: none; whether it did. */
extern unsigned int fail_at;
extern int child_failed;

/* What tries are judged by. */
void problem(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* failpicture.c: everything that can be seen of the tree, as text. */
struct picture {
	char *text; /* the caller's to free */
	size_t len;
	FILE *out;
};

void take_picture(struct picture *p);
void compare_pictures(const struct picture *before, const struct picture *after);

/* failuse.c: charged to both ramdisks together, and to the one on MNT/rd, if there is one. */
struct use {
	long pages;
	long inodes;
	long rd;
};

struct use get_use(void);
/* Learns how many names tardisks have: what is left when all are deleted. */
void count_names(void);
/* The invariants of the file system hold. */
void check_invariants(void);
/* Removes and detaches everything: then nothing may be in use, but for the root's own. */
void check_empty(int rooted);

/* failcalls.c: all of these give 0 or -errno. */

/* The result of a system call. */
int sys(long ret);
/* Mounts MNT with ONE attached. */
int mount_it(void);
/* Attaches one tardisk and detaches another as one switch; either may be NULL. */
int do_switch(const char *attach, const char *detach, unsigned int flags);
/* Attaches one with VISORFS_ATTACH_* and, if it is not NULL, this root hash. */
int attach_with(const char *path, unsigned int flags, const unsigned char *hash);
/* RAMDISK_ADD on dir or RAMDISK_RESIZE of the ramdisk "rd", to max bytes; and its removal. */
int ramdisk(unsigned long cmd, const char *dir, unsigned long long max);
int drop_ramdisk(void);
/* An ioctl on path. */
int do_ioctl(const char *path, unsigned long cmd, void *arg);
/* A file below the instance's folder in sysfs: its path, and writing one line to it. */
int sysfs_path(const char *name, char *path, size_t size);
int sysfs_write(const char *name, const char *text);

/* failfiles.c: files of the tree and what they must have; 0 or -errno. */

#define MIB (1024 * 1024)
#define PLACE 40001 /* inside of a large folio of big, not at the border of a page */
#define TEXT "0123456789"

extern char buffer[MIB];

/* Opens path, and passes the descriptor to use, which may be NULL. */
int with_fd(const char *path, int flags, int (*use)(int fd));
int write_at(int fd, size_t len, off_t at);
int write_text(int fd);	 /* TEXT at 0 */
int write_place(int fd); /* TEXT at PLACE */
int exists(const char *path);
int starts(const char *path, const char *text);
/* MNT/big is what the tardisk says, with TEXT at PLACE, or cut there. */
int big_pristine(void);
int big_written(void);
int big_cut(void);
int big_fd_is_pristine(int fd);
int make_file(void);  /* MNT/file */
int make_two(void);   /* and MNT/other */
int make_dir(void);   /* MNT/made */
int change_big(void); /* TEXT at PLACE */
int make_ramdisk_dir(void);
int add_ramdisk(void);
int make_ramdisk(void); /* on MNT/rd */
int file_in_ramdisk(void);

#endif
