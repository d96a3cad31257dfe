/* SPDX-License-Identifier: Apache-2.0 */
/* Why libsolv found no solution, for people. */
#ifndef VISOR_CORE_BUNDLE_SOLVE_WORDS_H
#define VISOR_CORE_BUNDLE_SOLVE_WORDS_H

#include <solv/solver.h>

#include "err.h"

/* After solver_solve() has found problems: ERR_CONFLICT with the reasons of the first; -1. */
int solve_words(Solver *solver, struct err *e);

#endif
