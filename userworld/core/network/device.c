// SPDX-License-Identifier: Apache-2.0
#include "device.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"

const char *device_field(const char *device, const char *field, char buf[static 64])
{
	char path[CORE_PATH_MAX];

	if (core_path(path, NULL, CORE_SYSFS, "/sys/class/net/%s/%s", device, field) < 0 ||
	    file_read_at(AT_FDCWD, path, buf, 64, NULL) < 0)
		buf[0] = '\0';
	return buf;
}

const char *device_link(const char *device)
{
	char state[64];

	return strcmp(device_field(device, "operstate", state), "up") ? "down" : "up";
}

const char *device_target(const char *device, const char *link, char buf[static 64])
{
	char path[CORE_PATH_MAX], target[CORE_PATH_MAX];
	const char *last;
	ssize_t len;

	buf[0] = '\0';
	if (core_path(path, NULL, CORE_SYSFS, "/sys/class/net/%s/%s", device, link) < 0)
		return buf;
	len = readlink(path, target, sizeof(target) - 1);
	if (len < 0)
		return buf;
	target[len] = '\0';
	last = strrchr(target, '/');
	snprintf(buf, 64, "%.63s", last ? last + 1 : target);
	return buf;
}

int device_each(int (*fn)(void *context, const char *name), void *context)
{
	char path[CORE_PATH_MAX];
	struct dirent **list;
	int count, rc = 0;

	if (core_path(path, NULL, CORE_SYSFS, "/sys/class/net") < 0)
		return 0;
	count = scandir(path, &list, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		if (rc == 0 && list[i]->d_name[0] != '.' &&
		    core_path(path, NULL, CORE_SYSFS, "/sys/class/net/%s/device",
			      list[i]->d_name) == 0 &&
		    access(path, F_OK) == 0)
			rc = fn(context, list[i]->d_name);
		free(list[i]);
	}
	if (count >= 0)
		free(list);
	return rc;
}

struct search {
	const char *adapter;
	char *out;
};

static int is_it(void *context, const char *name)
{
	const struct search *s = context;
	char mac[64];

	if (strchr(s->adapter, ':') ? strcasecmp(device_field(name, "address", mac), s->adapter)
				    : s->adapter[0] && strcmp(name, s->adapter) != 0)
		return 0;
	snprintf(s->out, IF_NAMESIZE, "%.*s", IF_NAMESIZE - 1, name);
	return 1;
}

int device_adapter(const struct net_interface *i, char out[static IF_NAMESIZE])
{
	struct search s = { i->adapter, out };

	out[0] = '\0';
	return device_each(is_it, &s) ? 0 : -1;
}

int device_of(const struct net_interface *i, char out[static 2 * IF_NAMESIZE])
{
	char adapter[IF_NAMESIZE];

	out[0] = '\0';
	if (device_adapter(i, adapter) < 0)
		return -1;
	if (i->vlan)
		snprintf(out, 2 * IF_NAMESIZE, "%s.%u", adapter, i->vlan);
	else
		snprintf(out, 2 * IF_NAMESIZE, "%s", adapter);
	return 0;
}
