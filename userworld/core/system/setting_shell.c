// SPDX-License-Identifier: Apache-2.0
/* How long the shells may be used: availability of their services, idle time of a session. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "cleanup.h"
#include "conf.h"
#include "setting.h"
#include "userworld/core/conf_change.h"
#include "userworld/core/internal.h"

#define TSM_CONF "/etc/tsm.conf"
#define AVAILABILITY "availability"
#define IDLE_TIMEOUT "idle-timeout"

/* The doors that a shell can be reached by; an image need not have both. */
static const char *const doors[] = { "/etc/userworld.d/shell.conf", "/etc/userworld.d/ssh.conf" };

static int read_number(const char *file, const char *key, unsigned int *value, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];
	struct conf c;
	int rc;

	if (core_text(path, CORE_ROOT, file, CONF_FILE_MAX, &text, e) < 0 ||
	    conf_parse(&c, path, text, e) < 0)
		return -1;
	rc = conf_get_uint(&c, key, 0, UINT32_MAX, value, e);
	conf_free(&c);
	return rc < 0 ? -1 : 0;
}

/* What else is in it is the business of whoever reads it. */
static int check(const char *path, const char *text, struct err *e)
{
	struct conf c;

	if (conf_parse(&c, path, text, e) < 0)
		return -1;
	conf_free(&c);
	return 0;
}

static int write_number(const char *file, const char *key, uint64_t value, struct err *e)
{
	char number[24];
	struct conf_change change = { key, number };

	snprintf(number, sizeof(number), "%" PRIu64, value);
	return core_conf_change(file, &change, 1, check, e);
}

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
		if (read_number(doors[i], AVAILABILITY, &one, e) < 0)
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
		if (installed(doors[i]) && write_number(doors[i], AVAILABILITY, value, e) < 0)
			return -1;
	return core_reload_worlds(e);
}

int setting_shell_idle_get(uint64_t *value, struct err *e)
{
	unsigned int seconds = 0;

	if (read_number(TSM_CONF, IDLE_TIMEOUT, &seconds, e) < 0)
		return -1;
	*value = seconds;
	return 0;
}

int setting_shell_idle_set(uint64_t value, struct err *e)
{
	return write_number(TSM_CONF, IDLE_TIMEOUT, value, e);
}
