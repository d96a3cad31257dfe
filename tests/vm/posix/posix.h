/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the topics of posixtool share. A topic runs as root in a process of its
 * own, in a directory that tree.c has filled: every topic finds the same
 * files, be they a ramdisk's, a tardisk's, or a tardisk's that were changed.
 */
#ifndef POSIX_H
#define POSIX_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define USER 1001  /* an unprivileged user and his group */
#define OTHER 1002 /* another one */

#define FILE_SIZE 10000		    /* "file", "owned", "hard1" */
#define BIG_SIZE (300 * 1024 + 100) /* "big" */

struct topic {
	const char *name;
	void (*run)(void);
};
extern const struct topic topics[];

/* The directories come from a tardisk: they do not move (EXDEV). */
extern bool from_tardisk;
/* The file system is visorfs: what only it has is looked at too. */
extern bool on_visorfs;

/* tree.c */
void make_tree(const char *dir);
void change_tree(const char *dir);
unsigned char pattern(size_t at);

/* check.c: each prints a line if the answer is wrong, and counts it */
long check_ok(const char *file, int line, const char *what, long ret);
void check_fails(const char *file, int line, const char *what, long ret, int error);
void check_is(const char *file, int line, const char *what, long long value, long long expected);
void check_times(const char *file, int line, const char *what, int which, int expected);
int finish_topic(const char *name);

#define OK(call) check_ok(__FILE__, __LINE__, #call, (long)(call))
#define FAILS(error, call) check_fails(__FILE__, __LINE__, #call, (long)(call), error)
#define IS(expr, expected) \
	check_is(__FILE__, __LINE__, #expr, (long long)(expr), (long long)(expected))
#define TRUE(expr) check_is(__FILE__, __LINE__, #expr, !!(expr), 1)

/* Which time stamps of a path change when something is done. */
#define A_TIME 1
#define M_TIME 2
#define C_TIME 4
void times_before(int slot, const char *path);
int times_changed(int slot, const char *path);
void tick(void); /* until the clock of file times has moved */

/* The call works, and of path exactly these times change. */
#define TIMES(path, expected, call)                                                        \
	do {                                                                               \
		times_before(0, path);                                                     \
		tick();                                                                    \
		check_ok(__FILE__, __LINE__, #call, (long)(call));                         \
		check_times(__FILE__, __LINE__, #call " on " path, times_changed(0, path), \
			    expected);                                                     \
	} while (0)

/* The same for two paths. */
#define TIMES2(path, expected, path2, expected2, call)                                       \
	do {                                                                                 \
		times_before(1, path2);                                                      \
		TIMES(path, expected, call);                                                 \
		check_times(__FILE__, __LINE__, #call " on " path2, times_changed(1, path2), \
			    expected2);                                                      \
	} while (0)

/* Effective user and group, without other groups; root again. */
void become(uid_t uid, gid_t gid);
void root(void);

/* Answers in one expression; what cannot be told is a failure and 0. */
struct stat st(const char *path);	     /* lstat(2) */
mode_t mode_of(const char *path);	     /* without the type */
int make(const char *path, mode_t mode);     /* an empty file; 0 or -1 */
int put(const char *path, const char *text); /* replaces the contents */
bool holds(const char *path, const char *text);
int open_close(const char *path, int flags); /* open(2) with mode 0644 */
bool exists(const char *path);
const char *long_name(size_t len); /* 'n' so many times; static */

/* One function for each topic. */
void topic_access(void);
void topic_chmod(void);
void topic_data(void);
void topic_directories(void);
void topic_errors(void);
void topic_exec(void);
void topic_handles(void);
void topic_links(void);
void topic_locks(void);
void topic_mapped(void);
void topic_nodes(void);
void topic_notify(void);
void topic_open(void);
void topic_ownership(void);
void topic_readdir(void);
void topic_rename(void);
void topic_space(void);
void topic_stat(void);
void topic_sticky(void);
void topic_times(void);
void topic_tmpfile(void);
void topic_truncate(void);
void topic_xattrs(void);

#endif
