/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The executor: runs as root, and is all of hostd that has rights. Its loop never waits: whatever
 * may take longer than 50 ms (CORE_SLOW) runs in a worker process.
 */
#ifndef HOSTD_EXECUTOR_H
#define HOSTD_EXECUTOR_H

#include "front.h"
#include "tasks.h"

#define HOSTD_SOCKET "/run/hostd.sock"
#define HOSTD_RELEASE "/etc/visoros-release"

struct executor {
	struct event_base *base;
	struct front local; /* on HOSTD_SOCKET */
	struct sessions sessions;
	struct tasks tasks;
	unsigned char key[32]; /* of this process: turns passwords into tokens */
	bool development;      /* login without a password while none is set */
	bool ending;	       /* no new requests */
	bool settling;	       /* a worker looks after a change of bundles */
	bool cancelled;	       /* a task was, and may have left something to be cleared away */
};

#endif
