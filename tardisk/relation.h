/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Relations between bundles: "NAME" or "NAME OP VERSION" with OP one of
 * << <= = >= >>, and versions in the order that dpkg gives them.
 */
#ifndef TARDISK_RELATION_H
#define TARDISK_RELATION_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

enum bundle_op {
	BUNDLE_ANY, /* no version given */
	BUNDLE_LT,
	BUNDLE_LE,
	BUNDLE_EQ,
	BUNDLE_GE,
	BUNDLE_GT,
};

struct bundle_relation {
	char name[64];
	char version[64]; /* "" for BUNDLE_ANY */
	enum bundle_op op;
};

struct bundle_relations {
	struct bundle_relation *items;
	size_t n;
};

#define BUNDLE_RELATION_TEXT 136 /* bytes that hold any relation as text, NUL included */

/* ERR_INVALID names what is wrong with the text. */
int bundle_relation_parse(const char *text, struct bundle_relation *relation, struct err *e);

/* The text of a relation, into BUNDLE_RELATION_TEXT bytes; returns text. */
char *bundle_relation_format(const struct bundle_relation *relation, char *text);

/* NULL if it is a name (of a bundle, a capability or a userworld), else what is wrong. */
const char *bundle_name_fault(const char *name);
const char *bundle_version_fault(const char *version);

/* Less than, equal to or greater than 0, as a is older than, as old as or newer than b. */
int bundle_version_compare(const char *a, const char *b);

/* True if something of that name and version is what the relation asks for. */
bool bundle_relation_holds(const struct bundle_relation *relation, const char *name,
			   const char *version);

#endif
