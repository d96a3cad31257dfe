/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the counters from /proc and the cgroup hierarchy. */
#ifndef VISORTOP_SAMPLE_H
#define VISORTOP_SAMPLE_H

#include "model.h"
#include "userworld/lib/err.h"

int top_sample(struct top_sample *s, struct err *e);

#endif
