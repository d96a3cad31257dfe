/* SPDX-License-Identifier: Apache-2.0 */
/* The store of events of a test's tree, as an operator sees it. */
#ifndef TESTS_UNIT_EVENTS_H
#define TESTS_UNIT_EVENTS_H

#include <unistd.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/core.h"
#include "userworld/core/event.h"
#include "userworld/vmklogger/spool.h"

static inline const char *field(json_t *rows, size_t i, const char *name)
{
	return json_string_value(json_object_get(json_array_get(rows, i), name));
}

static inline json_int_t number_of(json_t *rows, size_t i)
{
	return json_integer_value(json_object_get(json_array_get(rows, i), "number"));
}

/* Takes params. */
static inline json_t *call(const char *op, json_t *params)
{
	json_t *rows = NULL;
	struct err e = ERR_INIT;

	if (core_call(op, params, &rows, &e) < 0)
		fail_msg("%s", e.text);
	json_decref(params);
	return rows;
}

static inline json_t *list(int limit)
{
	return call("system.event.list", json_pack("{s:i}", "limit", limit));
}

static inline int forget(void **state)
{
	(void)state;
	unlink(tree_path(EVENT_DB));
	unlink(tree_path(SPOOL_FILE));
	return 0;
}

static inline void full(const char *ramdisk)
{
	core_event(EVENT_RAMDISK_FULL, EVENT_WITH(EVENT_STR("ramdisk", ramdisk)), "%s is full",
		   ramdisk);
}

static inline json_t *alarms(void)
{
	return call("system.alarm.list", NULL);
}

#endif
