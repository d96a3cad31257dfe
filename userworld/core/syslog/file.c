// SPDX-License-Identifier: Apache-2.0
#include "syslog.h"

#include <signal.h>
#include <string.h>

#include "cleanup.h"
#include "human.h"
#include "userworld/core/internal.h"
#include "userworld/syslogfwd/address.h"
#include "vfsctl.h"
#include "worldctl.h"

int syslog_settings(struct settings *s, struct err *e)
{
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_ROOT, SETTINGS_FILE) < 0)
		return -1;
	return settings_read(path, s, e);
}

/* Room of the ramdisk that a folder is in: the one with the longest path above it. */
static uint64_t room_of(const char *directory)
{
	_cleanup_free_ struct vfs_ramdisk *list = NULL;
	uint64_t room = UINT64_MAX;
	size_t count, best = 0;

	if (vfs_ramdisk_list(core_prefix(CORE_SYSFS), &list, &count, NULL) < 0)
		return room;
	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(list[i].path);

		if (len < best || strncmp(directory, list[i].path, len) ||
		    (len > 1 && directory[len] && directory[len] != '/'))
			continue;
		best = len;
		room = list[i].max_bytes;
	}
	return room;
}

static int check(const char *path, const char *text, struct err *e)
{
	struct address hosts[TARGETS_MAX];
	char want[HUMAN_MAX], have[HUMAN_MAX];
	struct settings s;
	uint64_t room;

	if (settings_parse(path, text, &s, e) < 0 || addresses_parse(s.remote.hosts, hosts, e) < 0)
		return -1;
	room = room_of(s.directory);
	if (settings_total(&s) > room)
		return err_set(e, ERR_NO_SPACE,
			       "all logs together could take %s, but the ramdisk of %s has %s: "
			       "keep fewer or smaller files, or resize the ramdisk",
			       human_size(settings_total(&s), want), s.directory,
			       human_size(room, have));
	return 0;
}

int syslog_change(const struct conf_change *changes, size_t count, struct err *e)
{
	return core_conf_change(SETTINGS_FILE, changes, count, check, e);
}

static int kick_logger(const char *socket, struct err *e)
{
	_cleanup_free_ struct world_info *list = NULL;
	size_t count;

	if (world_list(socket, &list, &count, e) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i].name, "vmklogger") && list[i].pid > 0)
			return kill(list[i].pid, SIGHUP) < 0
				       ? err_sys(e, errno, "vmklogger: reload")
				       : 0;
	return err_set(e, ERR_UNAVAILABLE,
		       "vmklogger does not run; it reads its settings when "
		       "it is started");
}

int syslog_reload(struct err *e)
{
	char socket[CORE_PATH_MAX];

	if (core_path(socket, e, CORE_RUN, WORLDCTL_SOCKET) < 0 || kick_logger(socket, e) < 0)
		return -1;
	return world_restart(socket, "syslogfwd", e);
}
