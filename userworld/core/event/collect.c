// SPDX-License-Identifier: Apache-2.0
/* From the logger's spool into the store. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store.h"
#include "userworld/core/internal.h"
#include "userworld/core/utf8.h"
#include "userworld/vmklogger/spool.h"

struct batch {
	struct spool_slot *list;
	size_t count;
	uint64_t missed;
	const char *spool;
};

/* Number of the last one that was taken, 0 before the first; -1 if that cannot be read. */
static json_int_t taken(sqlite3 *db, struct err *e)
{
	_cleanup_stmt_ sqlite3_stmt *st = NULL;
	int rc;

	if (sqlite3_prepare_v2(db, "SELECT max(number) FROM taken", -1, &st, NULL) != SQLITE_OK)
		return store_fail(db, e);
	rc = sqlite3_step(st);
	return rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : store_fail(db, e);
}

static int set_taken(sqlite3 *db, uint64_t number, struct err *e)
{
	_cleanup_stmt_ sqlite3_stmt *st = NULL;

	if (sqlite3_exec(db, "DELETE FROM taken", NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, "INSERT INTO taken VALUES (?1)", -1, &st, NULL) != SQLITE_OK)
		return store_fail(db, e);
	sqlite3_bind_int64(st, 1, (json_int_t)number);
	return sqlite3_step(st) == SQLITE_DONE ? 0 : store_fail(db, e);
}

static int add_slot(sqlite3 *db, struct spool_slot *slot, struct err *e)
{
	struct event_row row = { .uptime = slot->uptime / 1000, .source = slot->component };
	const char *details;
	json_t *parsed;

	/* By the clock as it is now: when it was told the clock may not have been right yet. */
	row.time = event_now() - (event_uptime() - row.uptime);
	utf8_repair(slot->line, strlen(slot->line));
	row.type = event_line_parse(slot->line, &details);
	if (!row.type)
		return 0;
	parsed = json_loads(details, 0, NULL);
	row.details = json_is_object(parsed) ? details : "{}";
	json_decref(parsed);
	row.text = slot->line;
	row.user = "";
	return store_add(db, &row, e);
}

static int add_lost(sqlite3 *db, uint64_t count, struct err *e)
{
	char text[80], details[EVENT_DETAILS_MAX];
	struct event_row row = {
		.type = event_type(EVENT_EVENT_LOST),
		.time = event_now(),
		.uptime = event_uptime(),
		.source = "vmklogger",
		.user = "",
		.text = text,
		.details = details,
	};

	snprintf(text, sizeof(text), "%llu events were not kept", (unsigned long long)count);
	event_details(details, EVENT_WITH(EVENT_NUM("count", count)));
	return store_add(db, &row, e);
}

/* A fault of the spool is none of the store, which would be emptied or made anew for it. */
static int read_spool(struct batch *b, json_int_t had, struct err *e)
{
	struct err fault = ERR_INIT;

	free(b->list);
	b->list = NULL;
	if (spool_read(b->spool, (uint64_t)had, &b->list, &b->count, &b->missed, &fault) == 0)
		return 0;
	return err_set(e, ERR_SYSTEM, "%s", fault.text);
}

/* Where it goes on is read and written in the transaction that adds: nobody takes one twice. */
static int take(sqlite3 *db, void *context, struct err *e)
{
	struct batch *b = context;
	json_int_t had = taken(db, e);

	if (had < 0 || read_spool(b, had, e) < 0)
		return -1;
	if (!b->count)
		return 0;
	if (b->missed && add_lost(db, b->missed, e) < 0)
		return -1;
	for (size_t i = 0; i < b->count; i++)
		if (add_slot(db, &b->list[i], e) < 0)
			return -1;
	return set_taken(db, b->list[b->count - 1].number, e);
}

/* Without writing: a look must not be news for those who wait for changes of the store. */
static int is_new(sqlite3 *db, void *context, struct err *e)
{
	struct batch *b = context;
	json_int_t had = taken(db, e);

	return had < 0 ? -1 : read_spool(b, had, e);
}

int event_collect(struct err *e)
{
	char path[CORE_PATH_MAX], spool[CORE_PATH_MAX];
	struct batch b = { .spool = spool };
	int rc;

	if (core_path(spool, e, CORE_RUN, SPOOL_FILE) < 0 || event_store_path(path, e) < 0)
		return -1;
	rc = store_read(path, is_new, &b, NULL);
	if (rc == 1) /* there is no store yet */
		rc = spool_read(spool, 0, &b.list, &b.count, &b.missed, e);
	/* One that is damaged is made anew by the next that writes. */
	if (rc < 0 || b.count)
		rc = store_run(path, take, &b, e);
	free(b.list);
	return rc;
}
