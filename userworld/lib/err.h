/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one error convention of VisorOS userland (docs/errors.md).
 *
 * A function that can fail takes a struct err as its last parameter, returns
 * 0 (or a useful non-negative number) on success and -1 on failure, and makes
 * the message at the place of the failure, naming the path and what the
 * operator can do. Callers on the way up add context or pass the error on;
 * only the edge (main(), the HTTP handler) maps it to an exit code or status.
 */
#ifndef VISOR_ERR_H
#define VISOR_ERR_H

#include <stddef.h>

enum err_kind {
	ERR_NONE = 0,
	ERR_USAGE,	 /* the command line or request is malformed: exit 2, HTTP 400 */
	ERR_INVALID,	 /* well-formed, but the content is refused: exit 3, HTTP 422 */
	ERR_NOT_FOUND,	 /* what it names does not exist: exit 4, HTTP 404 */
	ERR_CONFLICT,	 /* exists already, busy, wrong state: exit 5, HTTP 409 */
	ERR_DENIED,	 /* not allowed for this caller: exit 6, HTTP 403 */
	ERR_AUTH,	 /* who the caller is could not be proved: exit 7, HTTP 401 */
	ERR_NO_SPACE,	 /* ramdisk or memory does not suffice: exit 8, HTTP 507 */
	ERR_UNAVAILABLE, /* a service or device is not there now: exit 9, HTTP 503 */
	ERR_SYSTEM,	 /* a system call failed unexpectedly: exit 1, HTTP 500 */
};

struct err {
	enum err_kind kind;
	int num;	/* errno at the failure, 0 if none */
	char text[512]; /* one line of valid UTF-8, no final newline or full stop */
};

/* clang-format off */
#define ERR_INIT { ERR_NONE, 0, "" }
/* clang-format on */

/*
 * Sets *e (e may be NULL) and returns -1, so that a failing function can end
 * in "return err_set(e, ...)". err_sys() appends ": strerror(num)" and picks
 * the kind from num: ENOENT, EEXIST, EBUSY, EACCES, EPERM, ENOSPC and ENOMEM
 * have kinds of their own, the rest is ERR_SYSTEM.
 */
int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int err_sys(struct err *e, int num, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Puts "CONTEXT: " before the message and returns -1. */
int err_wrap(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The edge: exit code (0 for ERR_NONE), HTTP status and short machine name of a kind. */
int err_exit_code(enum err_kind kind);
int err_http_status(enum err_kind kind);
const char *err_name(enum err_kind kind);
enum err_kind err_kind_from_name(const char *name);

#endif
