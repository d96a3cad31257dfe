// SPDX-License-Identifier: Apache-2.0
#include "store.h"

#include <errno.h>
#include <stdio.h>
#include <syslog.h>
#include <unistd.h>

#include "log.h"

#define BUSY_MS 500
#define STRINGIFY_(x) #x
#define STRINGIFY(x) STRINGIFY_(x)
#define PAGES 256 /* of 4 KiB: most the file may grow to */

/*
 * Synchronous off: the file is in memory, only the death of a process matters here. The journal
 * stays where it is, so that a full ramdisk, whose room both have already, does not stop us.
 */
static const char schema[] =
	"PRAGMA synchronous=OFF;"
	"PRAGMA journal_mode=PERSIST;"
	"PRAGMA cache_size=-256;"
	"PRAGMA mmap_size=0;"
	"PRAGMA max_page_count=" STRINGIFY(
		PAGES) ";"
		       "CREATE TABLE IF NOT EXISTS event (number INTEGER PRIMARY KEY AUTOINCREMENT,"
		       " time INTEGER NOT NULL, uptime INTEGER NOT NULL, id TEXT NOT NULL,"
		       " severity INTEGER NOT NULL, source TEXT NOT NULL, user TEXT NOT NULL,"
		       " text TEXT NOT NULL, details TEXT NOT NULL);"
		       "CREATE INDEX IF NOT EXISTS event_room ON event (severity, number);"
		       "CREATE TABLE IF NOT EXISTS alarm (alarm TEXT PRIMARY KEY, number INTEGER "
		       "NOT NULL,"
		       " raised INTEGER NOT NULL, changed INTEGER NOT NULL, times INTEGER NOT NULL,"
		       " id TEXT NOT NULL, severity INTEGER NOT NULL, text TEXT NOT NULL,"
		       " details TEXT NOT NULL, seen_by TEXT NOT NULL DEFAULT '', seen INTEGER);"
		       "CREATE TABLE IF NOT EXISTS taken (number INTEGER NOT NULL);";

/* A store that was made anew goes on above all numbers of the one before. */
static const char higher[] = "DELETE FROM sqlite_sequence WHERE name = 'event';"
			     "INSERT INTO sqlite_sequence (name, seq) VALUES ('event', %lld);";

static const char oldest[] = "DELETE FROM event WHERE number IN"
			     " (SELECT number FROM event ORDER BY number LIMIT"
			     "  (SELECT count(*) / 4 FROM event));";

static void close_db(sqlite3 **db)
{
	sqlite3_close(*db);
}

#define _cleanup_db_ _cleanup_(close_db)

void store_end_statement(sqlite3_stmt **st)
{
	sqlite3_finalize(*st);
}

int store_fail(sqlite3 *db, struct err *e)
{
	int code = sqlite3_errcode(db);
	enum err_kind kind = code == SQLITE_FULL ? ERR_NO_SPACE : ERR_SYSTEM;

	if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
		kind = ERR_INVALID;
	return err_set(e, kind, "%s: %s", sqlite3_db_filename(db, "main"), sqlite3_errmsg(db));
}

/* SQLite may not know the file's name then. */
static int open_fail(const char *path, sqlite3 *db, struct err *e)
{
	return err_set(e, ERR_SYSTEM, "%s: %s", path, sqlite3_errmsg(db));
}

static int open_db(const char *path, int flags, sqlite3 **db, struct err *e)
{
	if (sqlite3_open_v2(path, db, flags | SQLITE_OPEN_NOFOLLOW, NULL) != SQLITE_OK)
		return *db ? open_fail(path, *db, e) : err_set(e, ERR_NO_SPACE, "out of memory");
	sqlite3_busy_timeout(*db, BUSY_MS);
	return 0;
}

static int execute(sqlite3 *db, const char *sql, struct err *e)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : store_fail(db, e);
}

static int in_transaction(sqlite3 *db, store_work *work, void *context, struct err *e)
{
	if (execute(db, "BEGIN IMMEDIATE", e) < 0)
		return -1;
	if (work(db, context, e) == 0 && execute(db, "COMMIT", e) == 0)
		return 0;
	execute(db, "ROLLBACK", NULL);
	return -1;
}

static int begin_above(sqlite3 *db, void *context, struct err *e)
{
	char sql[256];

	(void)context;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* it is above */
	snprintf(sql, sizeof(sql), higher, (long long)event_uptime());
#pragma GCC diagnostic pop
	return execute(db, sql, e);
}

static int make_room(sqlite3 *db, void *context, struct err *e)
{
	(void)context;
	return execute(db, oldest, e);
}

/* Something is done before the work: after damage, or for lack of room. */
static int attempt(const char *path, store_work *before, store_work *work, void *context,
		   struct err *e)
{
	_cleanup_db_ sqlite3 *db = NULL;

	if (open_db(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &db, e) < 0)
		return -1;
	if (execute(db, schema, e) < 0 || (before && in_transaction(db, before, NULL, e) < 0))
		return -1;
	return in_transaction(db, work, context, e);
}

int store_run(const char *path, store_work *work, void *context, struct err *e)
{
	struct err first = ERR_INIT;
	char journal[4096];

	if (attempt(path, NULL, work, context, &first) == 0)
		return 0;
	if (first.kind == ERR_NO_SPACE)
		return attempt(path, make_room, work, context, e);
	if (first.kind != ERR_INVALID) {
		if (e)
			*e = first;
		return -1;
	}
	/* Damaged: what it held is lost, what happens now need not be. */
	log_warnx("%s; made anew", first.text);
	snprintf(journal, sizeof(journal), "%s-journal", path);
	if (unlink(path) < 0)
		return err_sys(e, errno, "%s: unlink", path);
	unlink(journal);
	return attempt(path, begin_above, work, context, e);
}

int store_read(const char *path, store_work *work, void *context, struct err *e)
{
	_cleanup_db_ sqlite3 *db = NULL;

	if (access(path, F_OK) < 0)
		return 1;
	if (open_db(path, SQLITE_OPEN_READWRITE, &db, e) < 0)
		return -1;
	return work(db, context, e);
}

/* How many of a severity are kept. A flood of one kind leaves the others alone. */
static int room_of(int severity)
{
	if (severity <= LOG_ERR)
		return EVENT_ROWS / 5;
	return severity == LOG_WARNING ? EVENT_ROWS * 3 / 10 : EVENT_ROWS / 2;
}

static int trim(sqlite3 *db, int severity, struct err *e)
{
	static const char sql[] =
		"DELETE FROM event WHERE severity = ?1 AND number <="
		" (SELECT number FROM event WHERE severity = ?1 ORDER BY number DESC"
		"  LIMIT 1 OFFSET ?2)";
	_cleanup_stmt_ sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		return store_fail(db, e);
	sqlite3_bind_int(st, 1, severity);
	sqlite3_bind_int(st, 2, room_of(severity));
	return sqlite3_step(st) == SQLITE_DONE ? 0 : store_fail(db, e);
}

static int insert(sqlite3 *db, const struct event_row *row, struct err *e)
{
	static const char sql[] = "INSERT INTO event"
				  " (time, uptime, id, severity, source, user, text, details)"
				  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
	_cleanup_stmt_ sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		return store_fail(db, e);
	sqlite3_bind_int64(st, 1, row->time);
	sqlite3_bind_int64(st, 2, row->uptime);
	sqlite3_bind_text(st, 3, row->type->id, -1, SQLITE_STATIC);
	sqlite3_bind_int(st, 4, row->type->severity);
	sqlite3_bind_text(st, 5, row->source, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 6, row->user, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 7, row->text, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 8, row->details, -1, SQLITE_STATIC);
	return sqlite3_step(st) == SQLITE_DONE ? 0 : store_fail(db, e);
}

int store_add(sqlite3 *db, struct event_row *row, struct err *e)
{
	struct alarm_of alarm;
	json_int_t number;
	int about = alarm_store_find(db, row, &alarm, e);

	if (about < 0)
		return -1;
	row->kept = alarm_is_news(row->type, alarm.severity);
	if (!row->kept)
		return 0;
	if (insert(db, row, e) < 0)
		return -1;
	number = sqlite3_last_insert_rowid(db);
	if (trim(db, row->type->severity, e) < 0)
		return -1;
	return about ? alarm_store_note(db, number, row, &alarm, e) : 0;
}
