// SPDX-License-Identifier: Apache-2.0
#include "arm.h"

#include <sched.h>
#include <string.h>
#include <sys/mman.h>

#include "userworld/lib/log.h"

#define STACK_BYTES (256 << 10) /* more than any path through this program needs */

/* The stack grows page by page, and each page would be asked for when there are none. */
static void take_stack(void)
{
	volatile char space[STACK_BYTES];

	for (size_t i = 0; i < sizeof(space); i += 1024)
		space[i] = 0;
}

void arm(void)
{
	const struct sched_param lowest = { .sched_priority = 1 };

	if (mlockall(MCL_CURRENT | MCL_FUTURE) < 0)
		log_warn("mlockall");
	take_stack();
	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &lowest) < 0)
		log_warn("no processor before others: it may take longer until somebody is ended");
}
