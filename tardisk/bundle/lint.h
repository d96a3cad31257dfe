/* SPDX-License-Identifier: Apache-2.0 */
/* What is allowed in a bundle, but seldom meant. */
#ifndef TARDISK_BUNDLE_LINT_H
#define TARDISK_BUNDLE_LINT_H

#include "tardisk/descriptor.h"
#include "tardisk/index.h"

/* Where the warnings go. */
struct lint {
	const char *name; /* of the bundle or descriptor */
	unsigned int warnings;
};

/* Prints "NAME: warning: text" to standard output. */
void lint_warn(struct lint *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* By what the descriptor says alone. */
void lint_descriptor(struct lint *l, const struct bundle_descriptor *d);

/* One file, link or directory of a payload. */
void lint_entry(struct lint *l, const struct bundle_descriptor *d,
		const struct tardisk_entry *entry);

#endif
