// SPDX-License-Identifier: Apache-2.0
#include "route.h"

#include <string.h>
#include <syslog.h>

#include "userworld/lib/cleanup.h"

bool route_is_audit(const struct record *r)
{
	return r->facility == LOG_FAC(LOG_AUTHPRIV) && !strcmp(r->component, "audit");
}

enum log_id route_own(const struct record *r)
{
	static const char *const last_line[] = { "init",      "supervisor", "oomd",
						 "vmklogger", "stage0",	    "drivers" };

	if (r->audit)
		return LOG_ID_AUDIT;
	if (r->facility == 0)
		return LOG_ID_VMKERNEL;
	if (!strcmp(r->component, "hostd"))
		return LOG_ID_HOSTD;
	if (!strcmp(r->component, "shell"))
		return LOG_ID_SHELL;
	for (size_t i = 0; i < ARRAY_SIZE(last_line); i++)
		if (!strcmp(r->component, last_line[i]))
			return LOG_ID_VMKERNEL;
	return LOG_ID_SYSLOG;
}

/* Its slot, or one it may take: a free one, else the one that was not used for longest. */
static struct ration *slot_of(struct rations *all, const char *component)
{
	struct ration *best = NULL;

	for (size_t i = 0; i < RATION_SLOTS; i++) {
		struct ration *r = &all->slots[i];

		if (!strcmp(r->component, component))
			return r;
		if (!best || (best->component[0] && (!r->component[0] || r->filled < best->filled)))
			best = r;
	}
	return best;
}

enum ration_verdict ration_take(struct rations *all, const char *component, int64_t uptime,
				uint64_t *held)
{
	struct ration *r = slot_of(all, component);

	if (strcmp(r->component, component)) {
		*r = (struct ration){ .filled = uptime, .tokens = RATION_BURST };
		strcpy(r->component, component);
	}
	/* The records of the kernel's log come with their own, older times. */
	if (uptime > r->filled) {
		r->tokens += (double)(uptime - r->filled) * RATION_RATE / 1e6;
		r->filled = uptime;
	}
	if (r->tokens > RATION_BURST)
		r->tokens = RATION_BURST;
	/* Who was kept out comes back only with a handful of lines, not one by one. */
	if (r->tokens < (r->held ? RATION_RATE : 1))
		return r->held++ ? RATION_OUT : RATION_FIRST;
	r->tokens--;
	*held = r->held;
	r->held = 0;
	return *held ? RATION_BACK : RATION_IN;
}
