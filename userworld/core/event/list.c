// SPDX-License-Identifier: Apache-2.0
/* Events as they are asked for. */
#include <fcntl.h>

#include "alarm_store.h"
#include "file.h"
#include "store.h"
#include "userworld/core/internal.h"

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

struct listing {
	const struct event_filter *filter;
	char boot[64];
	json_t *rows;
};

static json_t *pack(sqlite3_stmt *st, const char *boot)
{
	const char *details = (const char *)sqlite3_column_text(st, 8);
	char time[EVENT_TIME_MAX];

	return json_pack("{s:I, s:s, s:s, s:I, s:s, s:s, s:s, s:s, s:s, s:o}", "number",
			 (json_int_t)sqlite3_column_int64(st, 0), "boot", boot, "time",
			 event_time_text(sqlite3_column_int64(st, 1), time), "uptime",
			 (json_int_t)sqlite3_column_int64(st, 2) / 1000, "id",
			 (const char *)sqlite3_column_text(st, 3), "severity",
			 event_severity_name(sqlite3_column_int(st, 4)), "source",
			 (const char *)sqlite3_column_text(st, 5), "user",
			 (const char *)sqlite3_column_text(st, 6), "text",
			 (const char *)sqlite3_column_text(st, 7), "details",
			 json_loads(details ? details : "{}", 0, NULL));
}

static void bind_wanted(sqlite3_stmt *st, int place, json_int_t value)
{
	if (value)
		sqlite3_bind_int64(st, place, value);
}

/* What is not bound is NULL, and wants nothing. */
static int select_rows(sqlite3 *db, void *context, struct err *e)
{
	static const char sql[] =
		"SELECT number, time, uptime, id, severity, source, user, text, details FROM event"
		" WHERE (?1 IS NULL OR number > ?1) AND (?2 IS NULL OR number < ?2)"
		" AND (?3 IS NULL OR time >= ?3) AND (?4 IS NULL OR time < ?4)"
		" AND (?5 IS NULL OR severity <= ?5)"
		" AND (?6 IS NULL OR id = ?6 OR substr(id, 1, length(?6) + 1) = ?6 || '.')"
		" ORDER BY CASE WHEN ?7 THEN number ELSE -number END LIMIT ?8";
	struct listing *l = context;
	const struct event_filter *f = l->filter;
	_cleanup_stmt_ sqlite3_stmt *st = NULL;
	int rc;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		return store_fail(db, e);
	if (f->follow)
		sqlite3_bind_int64(st, 1, f->since);
	bind_wanted(st, 2, f->before);
	bind_wanted(st, 3, f->from);
	bind_wanted(st, 4, f->to);
	bind_wanted(st, 5, f->severity);
	if (f->id)
		sqlite3_bind_text(st, 6, f->id, -1, SQLITE_STATIC);
	sqlite3_bind_int(st, 7, f->follow);
	sqlite3_bind_int(st, 8, f->limit);
	while ((rc = sqlite3_step(st)) == SQLITE_ROW)
		if (json_array_append_new(l->rows, pack(st, l->boot)) < 0)
			return core_nomem(e);
	return rc == SQLITE_DONE ? 0 : store_fail(db, e);
}

static int list(store_work *work, void *context, json_t *rows, json_t **result, struct err *e)
{
	char path[CORE_PATH_MAX];
	struct err late = ERR_INIT;

	if (!rows)
		return core_nomem(e);
	/* The store may be full, or another process at it; what is there can be told nevertheless.
	 */
	event_collect(&late);
	if (event_store_path(path, e) < 0 || store_read(path, work, context, e) < 0) {
		json_decref(rows);
		return -1;
	}
	*result = rows;
	return 0;
}

int event_list(const struct event_filter *filter, json_t **rows, struct err *e)
{
	struct listing l = { .filter = filter, .rows = json_array() };
	char path[CORE_PATH_MAX];

	if (core_path(path, NULL, CORE_PROC, BOOT_ID) == 0)
		file_read_at(AT_FDCWD, path, l.boot, sizeof(l.boot), NULL);
	return list(select_rows, &l, l.rows, rows, e);
}

int alarm_list(json_t **rows, struct err *e)
{
	json_t *all = json_array();

	return list(alarm_store_list, all, all, rows, e);
}
