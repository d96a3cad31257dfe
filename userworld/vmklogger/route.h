/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which log a record belongs to. Pure.
 *
 * vmkernel.log is where trouble is read: the kernel and everybody else, in one
 * order. So that no userworld can flush the kernel's words out of it, each has
 * a ration there; all it says is in the log of its own kind.
 */
#ifndef VMKLOGGER_ROUTE_H
#define VMKLOGGER_ROUTE_H

#include "record.h"
#include "settings.h"

/* Does it say that it is of the audit log? Only root is believed (record.audit). */
bool route_is_audit(const struct record *r);

/* audit.log, which no other log has a part of; hostd.log, shell.log or syslog.log; LOG_ID_VMKERNEL
 * for the kernel and the last line. */
enum log_id route_own(const struct record *r);

#define RATION_BURST 2000 /* lines of one component at once */
#define RATION_RATE 50	  /* lines a second after that */
#define RATION_SLOTS 64	  /* components looked after at a time */

struct ration {
	char component[COMPONENT_MAX + 1]; /* "" if the slot is free */
	int64_t filled;			   /* uptime of the last look, microseconds */
	double tokens;
	uint64_t held; /* lines kept out since the last that went in */
};

struct rations {
	struct ration slots[RATION_SLOTS];
};

enum ration_verdict {
	RATION_IN,    /* write it */
	RATION_BACK,  /* write it; *held lines before it were kept out */
	RATION_FIRST, /* keep it out, the first one: say so */
	RATION_OUT,   /* keep it out */
};
enum ration_verdict ration_take(struct rations *all, const char *component, int64_t uptime,
				uint64_t *held);

#endif
