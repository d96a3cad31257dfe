// SPDX-License-Identifier: Apache-2.0
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "userworld/lib/cleanup.h"
#include "userworld/lib/conf.h"
#include "userworld/lib/file.h"
#include "userworld/lib/log.h"

#define HOSTNAME_DEFAULT "visoros"

void set_hostname(const char *file)
{
	char name[HOST_NAME_MAX + 1];

	if (file_read_at(AT_FDCWD, file, name, sizeof(name), NULL) < 0)
		name[0] = '\0';
	name[strcspn(name, " \t\r\n")] = '\0';
	if (!name[0])
		strcpy(name, HOSTNAME_DEFAULT);
	if (sethostname(name, strlen(name)) < 0)
		log_warn("set host name to %s", name);
}

void loopback_up(void)
{
	_cleanup_close_ int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq ifr = { .ifr_name = "lo", .ifr_flags = IFF_UP };

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &ifr) < 0)
		log_warn("bring the loopback interface up");
}

int setting_path(const char *key, char *path, size_t size)
{
	int len;

	if (!*key || *key == '.' || strstr(key, ".."))
		return -1;
	len = snprintf(path, size, "/proc/sys/%s", key);
	if (len >= (int)size)
		return -1;
	for (char *p = path + strlen("/proc/sys/"); *p; p++)
		if (*p == '.')
			*p = '/';
	return 0;
}

void set_kernel_settings(const char *file)
{
	struct err e = ERR_INIT;
	struct conf c;

	if (conf_read(&c, file, &e) < 0) {
		if (e.kind != ERR_NOT_FOUND)
			log_err(&e);
		return;
	}
	for (size_t i = 0; i < c.count; i++) {
		char path[PATH_MAX], value[256];

		/* Some settings insist on the newline. */
		snprintf(value, sizeof(value), "%s\n", c.lines[i].value);
		if (setting_path(c.lines[i].key, path, sizeof(path)) < 0)
			log_warnx("%s:%u: '%s' is not a kernel setting", file, c.lines[i].line,
				  c.lines[i].key);
		else if (file_write_at(AT_FDCWD, path, value, &e) < 0)
			log_warnx("%s:%u: %s", file, c.lines[i].line, e.text);
	}
	conf_free(&c);
}
