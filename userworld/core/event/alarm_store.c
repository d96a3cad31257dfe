// SPDX-License-Identifier: Apache-2.0
/* The alarms that stand, beside the events that raised them: those may be gone by then. */
#include <errno.h>
#include <string.h>

#include "alarm.h"
#include "alarm_store.h"
#include "userworld/core/internal.h"

/* Severity of an alarm that stands, -1 if it does not; -2 if that cannot be read. */
static int standing(sqlite3 *db, const char *name, struct err *e)
{
	_cleanup_stmt_ sqlite3_stmt *st = NULL;
	int rc;

	if (sqlite3_prepare_v2(db, "SELECT severity FROM alarm WHERE alarm = ?1", -1, &st, NULL) !=
	    SQLITE_OK)
		return store_fail(db, e) - 1;
	sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW)
		return sqlite3_column_int(st, 0);
	return rc == SQLITE_DONE ? -1 : store_fail(db, e) - 1;
}

static int put(sqlite3 *db, const char *sql, const char *name, json_int_t number,
	       const struct event_row *row, struct err *e)
{
	_cleanup_stmt_ sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		return store_fail(db, e);
	sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 2, number);
	sqlite3_bind_int64(st, 3, row->time);
	sqlite3_bind_text(st, 4, row->type->id, -1, SQLITE_STATIC);
	sqlite3_bind_int(st, 5, row->type->severity);
	sqlite3_bind_text(st, 6, row->text, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 7, row->details, -1, SQLITE_STATIC);
	return sqlite3_step(st) == SQLITE_DONE ? 0 : store_fail(db, e);
}

static int change(sqlite3 *db, enum alarm_change what, const char *name, json_int_t number,
		  const struct event_row *row, struct err *e)
{
	static const char *const sql[] = {
		[ALARM_RAISE] =
			"INSERT INTO alarm"
			" (alarm, number, raised, changed, times, id, severity, text, details)"
			" VALUES (?1, ?2, ?3, ?3, 1, ?4, ?5, ?6, ?7)",
		[ALARM_UPDATE] =
			"UPDATE alarm SET number = ?2, changed = ?3, times = times + 1,"
			" id = ?4, severity = ?5, text = ?6, details = ?7 WHERE alarm = ?1",
		[ALARM_WORSEN] = "UPDATE alarm SET number = ?2, changed = ?3, times = times + 1,"
				 " id = ?4, severity = ?5, text = ?6, details = ?7, seen_by = '',"
				 " seen = NULL WHERE alarm = ?1",
		[ALARM_CLEAR] = "DELETE FROM alarm WHERE alarm = ?1",
	};

	return put(db, sql[what], name, number, row, e);
}

int alarm_store_find(sqlite3 *db, const struct event_row *row, struct alarm_of *alarm,
		     struct err *e)
{
	json_t *details;
	bool about;

	alarm->severity = -1;
	if (row->type->effect == EVENT_NONE)
		return 0;
	details = json_loads(row->details, 0, NULL);
	about = alarm_name(alarm->name, row->type, details);
	json_decref(details);
	if (!about)
		return 0;
	alarm->severity = standing(db, alarm->name, e);
	return alarm->severity == -2 ? -1 : 1;
}

int alarm_store_note(sqlite3 *db, json_int_t number, const struct event_row *row,
		     const struct alarm_of *alarm, struct err *e)
{
	enum alarm_change what = alarm_change(row->type, alarm->severity);

	return what == ALARM_SAME ? 0 : change(db, what, alarm->name, number, row, e);
}

struct question {
	const char *name;
	bool stands;
};

static int ask(sqlite3 *db, void *context, struct err *e)
{
	struct question *q = context;
	int severity = standing(db, q->name, e);

	q->stands = severity >= 0;
	return severity == -2 ? -1 : 0;
}

bool alarm_stands(const char *path, const char *name)
{
	struct question q = { .name = name };

	return store_read(path, ask, &q, NULL) == 0 && q.stands;
}

static int remove_it(sqlite3 *db, const char *name, struct err *e)
{
	_cleanup_stmt_ sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v2(db, "DELETE FROM alarm WHERE alarm = ?1", -1, &st, NULL) !=
	    SQLITE_OK)
		return store_fail(db, e);
	sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
	return sqlite3_step(st) == SQLITE_DONE ? 0 : store_fail(db, e);
}

static int mark(sqlite3 *db, const struct alarm_seen *seen, struct err *e)
{
	_cleanup_stmt_ sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v2(db, "UPDATE alarm SET seen_by = ?2, seen = ?3 WHERE alarm = ?1", -1,
			       &st, NULL) != SQLITE_OK)
		return store_fail(db, e);
	sqlite3_bind_text(st, 1, seen->name, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, seen->user, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 3, event_now());
	return sqlite3_step(st) == SQLITE_DONE ? 0 : store_fail(db, e);
}

int alarm_store_seen(sqlite3 *db, void *context, struct err *e)
{
	struct alarm_seen *seen = context;
	int severity = standing(db, seen->name, e);

	if (severity == -2)
		return -1;
	seen->found = severity >= 0;
	if (!seen->found)
		return 0;
	return alarm_ends_by_itself(seen->name) ? mark(db, seen, e) : remove_it(db, seen->name, e);
}

static json_t *pack(sqlite3_stmt *st)
{
	char raised[EVENT_TIME_MAX], changed[EVENT_TIME_MAX], seen[EVENT_TIME_MAX] = "";
	const char *details = (const char *)sqlite3_column_text(st, 8);

	if (sqlite3_column_type(st, 10) != SQLITE_NULL)
		event_time_text(sqlite3_column_int64(st, 10), seen);
	return json_pack("{s:s, s:I, s:s, s:s, s:I, s:s, s:s, s:s, s:o, s:s, s:s}", "alarm",
			 (const char *)sqlite3_column_text(st, 0), "number",
			 (json_int_t)sqlite3_column_int64(st, 1), "raised",
			 event_time_text(sqlite3_column_int64(st, 2), raised), "changed",
			 event_time_text(sqlite3_column_int64(st, 3), changed), "times",
			 (json_int_t)sqlite3_column_int64(st, 4), "id",
			 (const char *)sqlite3_column_text(st, 5), "severity",
			 event_severity_name(sqlite3_column_int(st, 6)), "text",
			 (const char *)sqlite3_column_text(st, 7), "details",
			 json_loads(details ? details : "{}", 0, NULL), "acknowledged_by",
			 (const char *)sqlite3_column_text(st, 9), "acknowledged", seen);
}

int alarm_store_list(sqlite3 *db, void *context, struct err *e)
{
	static const char sql[] =
		"SELECT alarm, number, raised, changed, times, id, severity, text,"
		" details, seen_by, seen FROM alarm"
		" ORDER BY severity, changed DESC, alarm";
	_cleanup_stmt_ sqlite3_stmt *st = NULL;
	json_t *rows = context;
	int rc;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		return store_fail(db, e);
	while ((rc = sqlite3_step(st)) == SQLITE_ROW)
		if (json_array_append_new(rows, pack(st)) < 0)
			return core_nomem(e);
	return rc == SQLITE_DONE ? 0 : store_fail(db, e);
}
