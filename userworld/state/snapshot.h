/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A snapshot: all changed state files of one moment, in memory. What is saved, compared and
 * brought back is always a snapshot.
 */
#ifndef VISOR_STATE_SNAPSHOT_H
#define VISOR_STATE_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "err.h"

#define STATE_FILE_MAX (16u << 20)  /* bytes of one state file */
#define STATE_TOTAL_MAX (48u << 20) /* of all of them */
#define STATE_FILES_MAX 4096
#define STATE_PATH_MAX 4096 /* bytes of a path, NUL included */

struct state_file {
	char *path;   /* absolute */
	bool deleted; /* a shipped file that was removed; the rest is empty then */
	mode_t mode;  /* permissions, with the sticky bit */
	uid_t uid;
	gid_t gid;
	int64_t mtime; /* seconds since 1970; no part of what is compared */
	char *data;    /* NUL behind the last byte */
	size_t size;
};

struct state_snapshot {
	struct state_file *list; /* by path */
	size_t count, room;
	size_t bytes; /* of all data */
};

void state_snapshot_free(struct state_snapshot *s);

/*
 * Takes over f->path and f->data, also when it fails: ERR_INVALID for a path that is there, is not
 * absolute or has "." or ".." in it, and for what passes one of the limits.
 */
int state_snapshot_add(struct state_snapshot *s, struct state_file *f, struct err *e);

/* NULL if it is not in it. */
const struct state_file *state_snapshot_find(const struct state_snapshot *s, const char *path);

/* A copy of all files; of *to, which was empty. */
int state_snapshot_copy(struct state_snapshot *to, const struct state_snapshot *from,
			struct err *e);

/*
 * The changed state files of the visorfs at root ("" for the running system). Files may change
 * while it is made: *generation is visorfs' counter from before, so that the caller sees it.
 */
int state_snapshot_take(struct state_snapshot *s, const char *root, uint64_t *generation,
			struct err *e);

enum state_packing { STATE_ZSTD, STATE_GZIP };

/* A tar archive. *out belongs to the caller. */
int state_snapshot_pack(const struct state_snapshot *s, enum state_packing packing, uint8_t **out,
			size_t *len, struct err *e);

/*
 * The reverse, from anywhere: every member must be a sticky regular file (ERR_INVALID). name is
 * what errors call it.
 */
int state_snapshot_unpack(struct state_snapshot *s, const char *name, const void *data, size_t len,
			  struct err *e);

enum state_change_kind {
	STATE_ADDED,
	STATE_CHANGED,	  /* its content, and maybe mode and owner */
	STATE_ATTRIBUTES, /* only mode or owner */
	STATE_DELETED,	  /* a shipped file that is removed */
	STATE_REVERTED,	  /* no state any more: as shipped, or gone */
};

/* For people: "added" ... */
const char *state_change_word(enum state_change_kind kind);

/* from or to is NULL if that side does not have it. */
typedef int state_change_fn(void *context, enum state_change_kind kind,
			    const struct state_file *from, const struct state_file *to,
			    struct err *e);

/* Calls fn for every file in which they differ, by path, until it fails. */
int state_snapshot_diff(const struct state_snapshot *from, const struct state_snapshot *to,
			state_change_fn *fn, void *context, struct err *e);

bool state_snapshot_same(const struct state_snapshot *a, const struct state_snapshot *b);

/* Whether two of one path are the same, the time apart. */
bool state_file_same(const struct state_file *a, const struct state_file *b);

/*
 * Writes a file, or removes it, below root; folders that are missing are made. Whoever reads it
 * meanwhile has the old or the new one.
 */
int state_file_apply(const struct state_file *f, const char *root, struct err *e);

/*
 * The file as a tardisk has it, the newest: 1 with *f, whose parts are the caller's
 * (state_file_clear()); 0: no tardisk has it.
 */
int state_file_shipped(const char *root, const char *path, struct state_file *f, struct err *e);

void state_file_clear(struct state_file *f);

#endif
