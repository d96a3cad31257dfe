// SPDX-License-Identifier: Apache-2.0
/*
 * The file behind the events. It is opened for each call: events are rare, and
 * a connection must not travel into the worker processes hostd forks.
 */
#include <errno.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "event.h"
#include "file.h"
#include "log.h"

#define BUSY_MS 500
#define STRINGIFY_(x) #x
#define STRINGIFY(x) STRINGIFY_(x)

/* Synchronous off: the file is in memory, only the death of a process matters here. */
static const char schema[] = "PRAGMA synchronous=OFF;"
			     "PRAGMA cache_size=-256;"
			     "PRAGMA mmap_size=0;"
			     "CREATE TABLE IF NOT EXISTS event ("
			     " id INTEGER PRIMARY KEY AUTOINCREMENT,"
			     " time TEXT NOT NULL, kind TEXT NOT NULL,"
			     " level TEXT NOT NULL, text TEXT NOT NULL);";

static const char insert[] = "INSERT INTO event (time, kind, level, text)"
			     " VALUES (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?1, ?2, ?3)";

static const char trim[] = "DELETE FROM event WHERE id <="
			   " (SELECT max(id) FROM event) - " STRINGIFY(EVENT_ROWS);

static const char select_rows[] =
	"SELECT id, time, kind, level, text FROM event ORDER BY id DESC LIMIT ?1";

static void close_db(sqlite3 **db)
{
	sqlite3_close(*db);
}

static void end_statement(sqlite3_stmt **st)
{
	sqlite3_finalize(*st);
}

#define _cleanup_db_ _cleanup_(close_db)
#define _cleanup_stmt_ _cleanup_(end_statement)

static int db_fail(struct err *e, const char *path, sqlite3 *db)
{
	int code = sqlite3_errcode(db);
	enum err_kind kind = code == SQLITE_FULL ? ERR_NO_SPACE : ERR_SYSTEM;

	if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
		kind = ERR_INVALID;
	return err_set(e, kind, "%s: %s", path, sqlite3_errmsg(db));
}

static int open_db(const char *path, int flags, sqlite3 **db, struct err *e)
{
	if (sqlite3_open_v2(path, db, flags | SQLITE_OPEN_NOFOLLOW, NULL) != SQLITE_OK)
		return *db ? db_fail(e, path, *db) : err_set(e, ERR_NO_SPACE, "out of memory");
	sqlite3_busy_timeout(*db, BUSY_MS);
	return 0;
}

static int add_row(sqlite3 *db, const char *kind, const char *level, const char *text)
{
	_cleanup_stmt_ sqlite3_stmt *st = NULL;

	if (sqlite3_exec(db, schema, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, insert, -1, &st, NULL) != SQLITE_OK)
		return -1;
	sqlite3_bind_text(st, 1, kind, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, level, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 3, text, -1, SQLITE_STATIC);
	if (sqlite3_step(st) != SQLITE_DONE)
		return -1;
	return sqlite3_exec(db, trim, NULL, NULL, NULL) == SQLITE_OK ? 0 : -1;
}

static int try_add(const char *path, const char *kind, const char *level, const char *text,
		   struct err *e)
{
	_cleanup_db_ sqlite3 *db = NULL;

	if (open_db(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &db, e) < 0)
		return -1;
	return add_row(db, kind, level, text) < 0 ? db_fail(e, path, db) : 0;
}

int event_store_add(const char *path, const char *kind, const char *level, const char *text,
		    struct err *e)
{
	struct err first = ERR_INIT;

	if (try_add(path, kind, level, text, &first) == 0)
		return 0;
	if (first.kind != ERR_INVALID) {
		if (e)
			*e = first;
		return -1;
	}
	/* Damaged: what it held is lost, what happens now need not be. */
	log_warnx("%s; made anew", first.text);
	if (unlink(path) < 0)
		return err_sys(e, errno, "%s: unlink", path);
	return try_add(path, kind, level, text, e);
}

static json_t *pack_row(sqlite3_stmt *st)
{
	return json_pack("{s:I, s:s, s:s, s:s, s:s}", "id", (json_int_t)sqlite3_column_int64(st, 0),
			 "time", (const char *)sqlite3_column_text(st, 1), "kind",
			 (const char *)sqlite3_column_text(st, 2), "level",
			 (const char *)sqlite3_column_text(st, 3), "text",
			 (const char *)sqlite3_column_text(st, 4));
}

static int read_rows(sqlite3 *db, int limit, json_t *rows)
{
	_cleanup_stmt_ sqlite3_stmt *st = NULL;
	int rc;

	if (sqlite3_prepare_v2(db, select_rows, -1, &st, NULL) != SQLITE_OK)
		return -1;
	sqlite3_bind_int(st, 1, limit);
	while ((rc = sqlite3_step(st)) == SQLITE_ROW)
		if (json_array_append_new(rows, pack_row(st)) < 0)
			return -1;
	return rc == SQLITE_DONE ? 0 : -1;
}

int event_store_list(const char *path, int limit, json_t **rows, struct err *e)
{
	_cleanup_db_ sqlite3 *db = NULL;

	*rows = json_array();
	if (!*rows)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (access(path, F_OK) < 0)
		return 0;
	if (open_db(path, SQLITE_OPEN_READWRITE, &db, e) == 0) {
		if (read_rows(db, limit, *rows) == 0)
			return 0;
		db_fail(e, path, db);
	}
	json_decref(*rows);
	*rows = NULL;
	return -1;
}
