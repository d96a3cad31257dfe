/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How often the host is looked at. A console that nobody uses must cost nothing: as long as what
 * it shows stays as it is, it waits longer and longer.
 */
#ifndef DCUI_PACE_H
#define DCUI_PACE_H

#include "dcui/facts.h"

#define PACE_FAST 5  /* seconds between looks while somebody is there, or something changes */
#define PACE_SLOW 60 /* and at most */
#define PACE_ALL 60  /* what hardly changes, while somebody is there */
#define PACE_ALL_SLOW 600

/* The wait after the last one: short after a change, else twice as long. */
unsigned int pace_after(unsigned int last, bool changed);

/* Two of these are the same as long as a console that nobody uses shows the same. */
uint64_t pace_digest(const struct facts *f);

#endif
