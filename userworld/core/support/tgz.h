/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A .tgz that is written as it is made. Two ways to put a file into it: with its size said
 * before (tgz_begin), or without (tgz_spool), and then a long one becomes several: NAME,
 * NAME.001 and so on, of TGZ_SPOOL bytes each.
 */
#ifndef VISOR_CORE_SUPPORT_TGZ_H
#define VISOR_CORE_SUPPORT_TGZ_H

#include <stdint.h>
#include <time.h>

#include "err.h"

#define TGZ_SPOOL ((size_t)32 << 10) /* bytes */

struct tgz;

/* top is the folder in it that all names are put below. NULL on failure. fd stays the caller's. */
struct tgz *tgz_open(int fd, const char *top, struct err *e);

/* Exactly size bytes must follow by tgz_data(): more are cut, missing ones become NULs. */
int tgz_begin(struct tgz *t, const char *name, uint64_t size, time_t modified, struct err *e);
int tgz_data(struct tgz *t, const char *data, size_t len, struct err *e);

/* Between the two no other file may be begun. tgz_spool_end() returns how many files it became. */
int tgz_spool(struct tgz *t, const char *name, struct err *e);
int tgz_spool_data(struct tgz *t, const char *data, size_t len, struct err *e);
int tgz_spool_end(struct tgz *t, struct err *e);

/* The end of the archive; then tgz_free(), which may be called at any time. */
int tgz_close(struct tgz *t, struct err *e);
void tgz_free(struct tgz *t);

/* Bytes of files put in, and of the archive that were written. */
uint64_t tgz_content(const struct tgz *t);
uint64_t tgz_written(const struct tgz *t);

#endif
