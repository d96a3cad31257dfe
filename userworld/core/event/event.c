// SPDX-License-Identifier: Apache-2.0
/* How the operations and daemons leave an event. */
#include "userworld/core/event.h"

#include <errno.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "alarm_store.h"
#include "file.h"
#include "log.h"
#include "userworld/core/internal.h"
#include "userworld/core/utf8.h"

int event_store_path(char path[static CORE_PATH_MAX], struct err *e)
{
	return core_path(path, e, CORE_ROOT, EVENT_DB);
}

static int add(sqlite3 *db, void *context, struct err *e)
{
	return store_add(db, context, e);
}

static int keep(struct event_row *row, struct err *e)
{
	char path[CORE_PATH_MAX], dir[CORE_PATH_MAX];

	if (event_store_path(path, e) < 0)
		return -1;
	memcpy(dir, path, sizeof(dir));
	return file_make_dirs(dirname(dir), e) < 0 ? -1 : store_run(path, add, row, e);
}

/* What cannot be kept goes to the logger's spool, from where it is taken later. */
static void tell(const struct event_type *type, const char *details, char *text)
{
	struct event_row row = {
		.type = type,
		.time = event_now(),
		.uptime = event_uptime(),
		.source = program_invocation_short_name,
		.user = core_actor(),
		.text = text,
		.details = details,
	};
	char line[EVENT_LINE_MAX];
	struct err e = ERR_INIT;
	int rc;

	for (char *c = text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
	utf8_repair(text, strlen(text));
	event_line(line, type->id, text, details);
	/* What the last line has raised is to be known when something ends. */
	if (type->effect == EVENT_ENDS)
		event_collect(NULL);
	rc = keep(&row, &e);
	if (rc == 0 && !row.kept)
		return;
	log_event_line(rc == 0 ? LOG_DAEMON : EVENT_FACILITY, type->severity, line);
	if (rc < 0)
		log_warnx("the event is not in the store yet: %s", e.text);
}

void core_event(enum event_id id, const struct event_detail *details, const char *fmt, ...)
{
	char text[EVENT_TEXT_MAX], packed[EVENT_DETAILS_MAX];
	int saved = errno;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	event_details(packed, details);
	utf8_repair(packed, strlen(packed));
	tell(event_type(id), packed, text);
	errno = saved;
}

bool core_alarm_stands(const char *name)
{
	char path[CORE_PATH_MAX];

	event_collect(NULL);
	return event_store_path(path, NULL) == 0 && alarm_stands(path, name);
}
