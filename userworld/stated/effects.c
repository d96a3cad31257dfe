// SPDX-License-Identifier: Apache-2.0
#include "userworld/stated/effects.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "log.h"
#include "worldctl.h"

static int set_hostname(struct err *e)
{
	char name[66];
	int len = file_read_at(AT_FDCWD, "/etc/hostname", name, sizeof(name), e);

	if (len < 0)
		return -1;
	name[strcspn(name, " \t\r\n")] = '\0';
	return sethostname(name, strlen(name)) < 0 ? err_sys(e, errno, "hostname %s", name) : 0;
}

/* The logger reads its settings when it is told to. */
static int tell_logger(struct err *e)
{
	_cleanup_free_ struct world_info *list = NULL;
	size_t count;

	if (world_list(NULL, &list, &count, e) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i].name, "vmklogger") && list[i].pid > 0)
			return kill(list[i].pid, SIGHUP) < 0 ? err_sys(e, errno, "vmklogger") : 0;
	return 0;
}

static int tell_supervisor(struct err *e)
{
	return world_reload(NULL, e);
}

static int restart_oomd(struct err *e)
{
	return world_restart(NULL, "oomd", e);
}

static const struct {
	const char *path; /* a file, or with '/' at its end all below */
	int (*run)(struct err *e);
	const char *service; /* that reads it only when it starts; NULL: none */
} table[] = {
	{ "/etc/hostname", set_hostname, NULL },
	{ "/etc/userworld.d/", tell_supervisor, NULL },
	{ "/etc/pools.conf", tell_supervisor, NULL },
	{ "/etc/oomd.conf", restart_oomd, NULL },
	{ "/etc/vmklogger.conf", tell_logger, "syslogfwd" },
	{ "/etc/ssh/", NULL, "ssh" },
	{ "/etc/dropbear/", NULL, "ssh" },
	{ "/etc/visoros/", NULL, "hostd" },
	{ "/etc/tsm.conf", NULL, "shell" },
};

static bool meets(const char *pattern, const char *path)
{
	size_t len = strlen(pattern);

	return pattern[len - 1] == '/' ? !strncmp(pattern, path, len) : !strcmp(pattern, path);
}

void effects_of(struct effects *x, const char *path)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (meets(table[i].path, path))
			x->run |= 1u << i;
}

void effects_run(const struct effects *x)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct err e = ERR_INIT;

		if (x->run & 1u << i && table[i].run && table[i].run(&e) < 0)
			log_warnx("state: after a change of %s: %s", table[i].path, e.text);
	}
}

char *effects_services(const struct effects *x)
{
	char *text = calloc(1, ARRAY_SIZE(table) * (WORLD_NAME_MAX + 1) + 1);

	for (size_t i = 0; text && i < ARRAY_SIZE(table); i++) {
		if (!(x->run & 1u << i) || !table[i].service || strstr(text, table[i].service))
			continue;
		if (*text)
			strcat(text, " ");
		strcat(text, table[i].service);
	}
	return text;
}
