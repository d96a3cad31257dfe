// SPDX-License-Identifier: Apache-2.0
/* Slow devices (USB) are found some time after their driver; drivers are loaded beside us. */
#include "userworld/stated/wait.h"

#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "log.h"
#include "userworld/stated/screen.h"
#include "userworld/stated/seal.h"
#include "worldctl.h"

#define MEDIUM_QUIET 3000 /* ms until somebody before the screen is told of it */
#define MEDIUM_WAIT 20000 /* ms for the medium to show up, once all drivers are loaded */
#define MEDIUM_MOST 50000 /* ms in all: then the supervisor would lose patience */
#define MEDIUM_STEP 100
#define TPM_WAIT 3000  /* ms for a TPM to show up, once all drivers are loaded */
#define TPM_MOST 20000 /* ms in all: where there is none, the host must not stand still for it */

/* Drivers are loaded beside us: a host without a medium need not wait for them. */
static bool drivers_at_work(void)
{
	_cleanup_free_ struct world_info *list = NULL;
	size_t count;

	if (world_list(NULL, &list, &count, NULL) < 0)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i].name, "drivers"))
			return !strcmp(list[i].state, "waiting") ||
			       !strcmp(list[i].state, "starting") ||
			       !strcmp(list[i].state, "running");
	return false;
}

/* May what is missing, a medium or the TPM for the key on it, come yet? */
static bool may_come(const struct keeper *k, int64_t waited, int64_t all)
{
	if (k->mode == KEEP_GONE)
		return waited < MEDIUM_WAIT && all < MEDIUM_MOST;
	return k->locked && !seal_has_tpm() && waited < TPM_WAIT && all < TPM_MOST;
}

void wait_for_medium(struct keeper *k)
{
	int64_t begin = keeper_now(), from = begin;
	bool said = false;

	keeper_look(k);
	while (may_come(k, keeper_now() - from, keeper_now() - begin)) {
		usleep(MEDIUM_STEP * 1000);
		keeper_look(k);
		if (k->mode == KEEP_GONE && !said && keeper_now() - begin > MEDIUM_QUIET) {
			screen_say("Waiting for the boot medium, which has the state of this host "
				   "...");
			said = true;
		}
		if (drivers_at_work())
			from = keeper_now();
	}
	log_info("waited %d ms for the medium", (int)(keeper_now() - begin));
}
