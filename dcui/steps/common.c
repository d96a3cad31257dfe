// SPDX-License-Identifier: Apache-2.0
/* What steps share. */
#include "dcui/steps/steps.h"

#include "log.h"

#include <stdarg.h>
#include <stdio.h>

json_t *step_named(const char *key, const char *value)
{
	return json_pack("{s:s}", key, value);
}

json_t *step_credentials(const char *user, const struct field *password)
{
	return json_pack("{s:s, s:s}", "user", user, "password", password->value);
}

void step_note(const struct model *m, const struct err *e, const char *fmt, ...)
{
	char what[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (e)
		log_warnx("user %s: %s: %s", m->user, what, e->text);
	else
		log_info("user %s: %s: ok", m->user, what);
}
