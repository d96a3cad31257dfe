/* SPDX-License-Identifier: Apache-2.0 */
/* A second opinion on what may come and go, for one bundle at a time. */
#ifndef TESTS_UNIT_SOLVE_MODEL_H
#define TESTS_UNIT_SOLVE_MODEL_H

#include "tardisk/descriptor.h"

/* May d come? gone[i] is set for each of the n installed ones that it updates or replaces. */
int model_install(const struct bundle_descriptor *d,
		  const struct bundle_descriptor *const *installed, size_t n, bool *gone,
		  struct err *e);

/* May installed[which] go? */
int model_remove(const struct bundle_descriptor *const *installed, size_t n, size_t which,
		 struct err *e);

#endif
