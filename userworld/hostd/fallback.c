// SPDX-License-Identifier: Apache-2.0
/* An image that did not stay is told after the start of the other one. */
#include "fallback.h"

#include <jansson.h>

#include "log.h"
#include "userworld/core/core.h"
#include "userworld/core/event.h"
#include "worker.h"

static void told(void *context, json_t *result, const struct err *e)
{
	const char *build = json_string_value(json_object_get(result, "build"));
	const char *reason = json_string_value(json_object_get(result, "reason"));

	(void)context;
	if (e)
		log_warnx("boot medium: %s", e->text);
	/* A hostd before this one may have told it. */
	else if (build && reason && !core_alarm_stands("bank"))
		core_event(EVENT_BANK_FALLBACK,
			   EVENT_WITH(EVENT_STR("build", build), EVENT_STR("reason", reason)),
			   "Image %s did not stay, another one runs: %s", build, reason);
}

void fallback_tell(void)
{
	struct err e = ERR_INIT;

	if (worker_start(core_call, "system.boot.failure.note", NULL, -1, told, NULL, &e) < 0)
		log_err(&e);
}
