/* SPDX-License-Identifier: Apache-2.0 */
/* What can be asked of the alarms in the store, and done with them. */
#ifndef VISOR_CORE_EVENT_ALARM_STORE_H
#define VISOR_CORE_EVENT_ALARM_STORE_H

#include "store.h"

bool alarm_stands(const char *path, const char *name);

/* context: a json_t array, which alarms are added to. */
store_work alarm_store_list;

struct alarm_seen {
	const char *name, *user;
	bool found;
};

/* context: struct alarm_seen. Acknowledges it, or removes one that does not end by itself. */
store_work alarm_store_seen;

#endif
