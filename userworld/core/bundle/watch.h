/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The trial of a new set: for as long as its bundles' health windows say, their
 * userworlds must stay up and do their work.
 */
#ifndef VISOR_CORE_BUNDLE_WATCH_H
#define VISOR_CORE_BUNDLE_WATCH_H

#include "change.h"
#include "worldctl.h"

/* Seconds: the longest window of what comes. 0: there is no trial. */
uint64_t bundle_window(const struct bundle_change *c);

/* Notes in the change when the trial ends, and how often services were restarted before. */
int bundle_watch_begin(struct bundle_change *c, struct err *e);

/*
 * Watches until c->until. -1 as soon as a userworld fails, and c->culprit is its
 * bundle. One fails if it ends, is restarted by the supervisor, or its probe
 * (userworld.conf(5)) fails as often in a row as that file says; the probes run
 * more often than usual. At the end each must be up and its probe content. One that
 * somebody stops meanwhile did not fail. Those in c->held are not looked at.
 */
int bundle_watch(struct bundle_change *c, struct err *e);

/* Pure: how a service does. restarts: as it was; end: the trial is over. -1 if it failed. */
int bundle_watch_judge(const struct world_info *list, size_t n, const char *service,
		       unsigned int restarts, bool end, struct err *e);

#endif
