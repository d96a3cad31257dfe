// SPDX-License-Identifier: GPL-2.0-only
#include "record.h"

#include <string.h>

enum model_type record_below(const struct record *r, unsigned int p)
{
	enum model_type type = MODEL_NONE;
	uint64_t newest = 0;

	for (unsigned int t = 0; t < TARDISKS; t++) {
		if (r->attached[t] > newest && r->given[t][p] != MODEL_NONE) {
			newest = r->attached[t];
			type = r->given[t][p];
		}
	}
	return type;
}

/* Of a name in a directory that is seen. */
static enum model_type seen_there(const struct record *r, unsigned int p)
{
	enum model_type type = r->upper[p] == MODEL_NONE ? record_below(r, p) : r->upper[p];

	return type == MODEL_WHITEOUT ? MODEL_NONE : type;
}

enum model_type record_seen(const struct record *r, int p)
{
	if (p < 0)
		return MODEL_DIR;
	if (record_seen(r, path_parent((unsigned int)p)) != MODEL_DIR)
		return MODEL_NONE;
	return seen_there(r, (unsigned int)p);
}

void record_seen_all(const struct record *r, enum model_type seen[PATHS])
{
	for (unsigned int p = 0; p < PATHS; p++) {
		int parent = path_parent(p);

		seen[p] = parent < 0 || seen[parent] == MODEL_DIR ? seen_there(r, p) : MODEL_NONE;
	}
}

bool record_has_name(const struct record *r, unsigned int t, unsigned int leaving)
{
	unsigned int other = t ^ 1;

	return r->attached[other] && other != leaving;
}

bool record_conflicts(const struct record *r, const enum model_type *types, unsigned int leaving)
{
	for (unsigned int p = 0; p < PATHS; p++)
		for (unsigned int t = 0; t < TARDISKS; t++)
			if (t != leaving && r->attached[t] && types[p] && r->given[t][p] &&
			    r->given[t][p] != types[p])
				return true;
	return false;
}

/* Whether a directory's names are all gone once this tardisk is. */
static bool empties(const struct record *r, unsigned int p, unsigned int leaving)
{
	unsigned int kid = (p + 1) * WIDTH;

	for (unsigned int k = kid; k < kid + WIDTH && k < PATHS; k++) {
		if (r->upper[k] == MODEL_FILE || r->upper[k] == MODEL_DIR)
			return false;
		if (r->upper[k] == MODEL_NONE && r->given[leaving][k] == MODEL_DIR &&
		    !empties(r, k, leaving))
			return false;
	}
	for (unsigned int t = 0; t < TARDISKS; t++)
		if (t != leaving && r->attached[t] && r->given[t][p] == MODEL_DIR)
			return false;
	return true;
}

bool record_hides_files(const struct record *r, const enum model_type *types, unsigned int leaving)
{
	for (unsigned int p = 0; p < PATHS; p++)
		if (types[p] == MODEL_FILE && r->given[leaving][p] == MODEL_DIR &&
		    r->upper[p] == MODEL_NONE && !empties(r, p, leaving))
			return true;
	return false;
}

void record_attach(struct record *r, unsigned int t, const enum model_type *types)
{
	memcpy(r->given[t], types, sizeof(r->given[t]));
	r->attached[t] = ++r->now;
}

/* What becomes of the names that only this tardisk gave, the deepest first. */
void record_detach(struct record *r, unsigned int t)
{
	r->attached[t] = 0;
	for (unsigned int p = PATHS; p-- > 0;) {
		unsigned int kid = (p + 1) * WIDTH;
		bool used = false;

		if (r->given[t][p] == MODEL_NONE)
			continue;
		if (r->upper[p] == MODEL_WHITEOUT && record_below(r, p) == MODEL_NONE)
			r->upper[p] = MODEL_NONE;
		if (r->given[t][p] != MODEL_DIR || kid >= PATHS)
			continue;
		for (unsigned int k = kid; k < kid + WIDTH; k++)
			used |= r->upper[k] == MODEL_FILE || r->upper[k] == MODEL_DIR;
		if (used && r->upper[p] == MODEL_NONE && record_below(r, p) == MODEL_NONE)
			r->upper[p] = MODEL_DIR;
	}
}
