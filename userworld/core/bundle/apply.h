/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A change of the set of bundles, carried out. At each moment the journal
 * (change.h) and visorfs together say what is to be done if the process
 * dies: see step.h for the moments.
 */
#ifndef VISOR_CORE_BUNDLE_APPLY_H
#define VISOR_CORE_BUNDLE_APPLY_H

#include "change.h"

/*
 * Up to the switch and the records; what fails leaves what was there before.
 * files[i]: open payloads of c->in[i], which bundle_keep_take() has taken; c->local
 * is planned. force: although files are in use, and whatever hooks say.
 */
int change_apply(struct bundle_change *c, const int *const *files, bool force, struct err *e);

/*
 * The rest: services, hooks, trial, from the phase that the journal is in; at the
 * end there is no journal. -1 if the new set failed: then the old one is back, or
 * the message says why it is not. May take as long as the bundles' windows say.
 */
int change_finish(struct bundle_change *c, struct err *e);

/* Back to the set before, because of *why, which becomes what is to be said about it. */
int change_back(struct bundle_change *c, struct err *why);

/*
 * Puts right what a process that died has left: the namespace is switched or not,
 * and so are the records then. Does not wait; what is on trial stays there. The
 * caller holds BUNDLE_LOCK, here and below.
 */
int bundle_reconcile(struct err *e);

/* Takes a change that nobody looks after to its end, which may take its window. */
int bundle_settle(struct err *e);

#endif
