/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the model knows: for each path what every tardisk and the ramdisk say
 * of it, and what follows from that.
 */
#ifndef MODEL_RECORD_H
#define MODEL_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "tree_of.h"

#define TARDISKS 6 /* that may be attached, two of each name; TARDISKS itself stands for none */

struct record {
	enum model_type given[TARDISKS][PATHS]; /* by each tardisk, while it is attached */
	uint64_t attached[TARDISKS];		/* when; 0: it is not */
	enum model_type upper[PATHS];
	uint64_t now;
};

/* The newest tardisk's say, or MODEL_NONE. */
enum model_type record_below(const struct record *r, unsigned int p);

/* What users see at p, which may be -1: the root. */
enum model_type record_seen(const struct record *r, int p);

/* The same of all paths at once. */
void record_seen_all(const struct record *r, enum model_type seen[PATHS]);

/* Whether a tardisk that stays has the name of this one. */
bool record_has_name(const struct record *r, unsigned int t, unsigned int leaving);

/* Whether a tardisk that stays has a file where this one has a directory, or the reverse. */
bool record_conflicts(const struct record *r, const enum model_type *types, unsigned int leaving);

/* Whether a new file would take the place of a directory that users have something in. */
bool record_hides_files(const struct record *r, const enum model_type *types, unsigned int leaving);

void record_attach(struct record *r, unsigned int t, const enum model_type *types);
void record_detach(struct record *r, unsigned int t);

#endif
