/* SPDX-License-Identifier: Apache-2.0 */
/* What about the host's state an operator should know without asking. */
#ifndef DCUI_WARNINGS_H
#define DCUI_WARNINGS_H

#include "dcui/facts.h"

#define WARNINGS_MAX 24
#define WARNING_RAMDISK_PERCENT 80

struct warning {
	bool notice; /* worth knowing, nothing is wrong */
	char text[160];
};

/* Gravest first. Returns how many there are, at most WARNINGS_MAX. */
size_t warnings_of(const struct facts *f, struct warning out[static WARNINGS_MAX]);

#endif
