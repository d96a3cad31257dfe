/* SPDX-License-Identifier: Apache-2.0 */
/* Whole small files: read with a bound, write so that a reader sees old or new. */
#ifndef VISOR_FILE_H
#define VISOR_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "err.h"

/*
 * Reads a file of at most max bytes (ERR_INVALID if it is longer). *out is
 * allocated, has a NUL after the last byte and belongs to the caller; len may
 * be NULL.
 */
int file_read(const char *path, size_t max, char **out, size_t *len, struct err *e);

/* The same from where an open file stands to its end; path is for messages. */
int file_read_fd(int fd, const char *path, size_t max, char **out, size_t *len, struct err *e);

/*
 * Reads into the caller's buffer, without allocating; for /proc, sysfs and
 * cgroupfs. Cuts at size - 1, adds a NUL and strips one final newline. dirfd
 * as in openat(2). Returns the length.
 */
int file_read_at(int dirfd, const char *path, char *buf, size_t size, struct err *e);

/* A decimal number on the first line; "max" reads as UINT64_MAX. */
int file_read_u64(const char *path, uint64_t *value, struct err *e);

/* One write(2) to an existing file, as the kernel's text files want it. */
int file_write_at(int dirfd, const char *path, const char *text, struct err *e);

/*
 * Replaces a file: writes PATH.XXXXXX beside it, fsync, rename. On failure the
 * old file stands unchanged and nothing is left beside it.
 */
int file_write_atomic(const char *path, const void *data, size_t len, mode_t mode, struct err *e);

/* mkdir -p with mode 0755 for what is missing. */
int file_make_dirs(const char *path, struct err *e);

/* Writes all bytes to a descriptor in spite of short writes and EINTR; 0, or -1 with errno. */
int fd_write_all(int fd, const void *data, size_t len);

#endif
