// SPDX-License-Identifier: Apache-2.0
/* How long a session at the host's console lasts without a key. */
#include "setting.h"
#include "setting_number.h"

#define CONSOLE_CONF "/etc/console.conf"
#define KEY "idle-timeout"

int setting_console_idle_get(uint64_t *value, struct err *e)
{
	unsigned int number = SETTING_CONSOLE_IDLE;
	int rc = setting_number_get(CONSOLE_CONF, KEY, 0, SETTING_MAX, &number, e);

	*value = number;
	return rc;
}

int setting_console_idle_set(uint64_t value, struct err *e)
{
	return setting_number_set(CONSOLE_CONF, KEY, value, e);
}
