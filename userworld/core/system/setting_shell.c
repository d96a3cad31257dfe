// SPDX-License-Identifier: Apache-2.0
/* How long the shells may be used: availability of their services, idle time of a session. */
#include <stdbool.h>
#include <unistd.h>

#include "setting.h"
#include "setting_number.h"
#include "userworld/core/internal.h"

#define TSM_CONF "/etc/tsm.conf"
#define AVAILABILITY "availability"
#define IDLE_TIMEOUT "idle-timeout"

/* The doors that a shell can be reached by; an image need not have both. */
static const char *const doors[] = { "/etc/userworld.d/shell.conf", "/etc/userworld.d/ssh.conf" };

static bool installed(const char *file)
{
	char path[CORE_PATH_MAX];

	return core_path(path, NULL, CORE_ROOT, "%s", file) == 0 && access(path, F_OK) == 0;
}

/* If somebody gave them different ones by hand: the longest time that one of them is open. */
int setting_shell_timeout_get(uint64_t *value, struct err *e)
{
	bool ever = false;

	*value = 0;
	for (size_t i = 0; i < sizeof(doors) / sizeof(doors[0]); i++) {
		unsigned int one = 0;

		if (!installed(doors[i]))
			continue;
		if (setting_number_get(doors[i], AVAILABILITY, 0, UINT32_MAX, &one, e) < 0)
			return -1;
		ever |= !one;
		*value = one > *value ? one : *value;
	}
	if (ever)
		*value = 0;
	return 0;
}

int setting_shell_timeout_set(uint64_t value, struct err *e)
{
	for (size_t i = 0; i < sizeof(doors) / sizeof(doors[0]); i++)
		if (installed(doors[i]) && setting_number_set(doors[i], AVAILABILITY, value, e) < 0)
			return -1;
	return core_reload_worlds(e);
}

int setting_shell_idle_get(uint64_t *value, struct err *e)
{
	unsigned int seconds = 0;

	if (setting_number_get(TSM_CONF, IDLE_TIMEOUT, 0, UINT32_MAX, &seconds, e) < 0)
		return -1;
	*value = seconds;
	return 0;
}

int setting_shell_idle_set(uint64_t value, struct err *e)
{
	return setting_number_set(TSM_CONF, IDLE_TIMEOUT, value, e);
}
