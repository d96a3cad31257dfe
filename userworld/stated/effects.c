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
#include "keymap.h"
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

/* The process of a userworld, 0 if it does not run. */
static int pid_of(const char *name, pid_t *pid, struct err *e)
{
	_cleanup_free_ struct world_info *list = NULL;
	size_t count;

	*pid = 0;
	if (world_list(NULL, &list, &count, e) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i].name, name))
			*pid = list[i].pid;
	return 0;
}

/* The logger reads its settings when it is told to. */
static int tell_logger(struct err *e)
{
	pid_t pid;

	if (pid_of("vmklogger", &pid, e) < 0)
		return -1;
	return pid > 0 && kill(pid, SIGHUP) < 0 ? err_sys(e, errno, "vmklogger") : 0;
}

/* One that does not run reads its settings when it starts: after us, when the host does. */
static int restart(const char *name, struct err *e)
{
	pid_t pid;

	if (pid_of(name, &pid, e) < 0)
		return -1;
	return pid > 0 ? world_restart(NULL, name, e) : 0;
}

/* Also when changes on trial are taken back: who has lost the host by them has it again. */
static int restart_network(struct err *e)
{
	return restart("net", e) < 0 || restart("net6", e) < 0 ? -1 : 0;
}

/* A oneshot: it has ended, and runs once more. */
static int restart_firewall(struct err *e)
{
	return world_restart(NULL, "firewall", e);
}

static int restart_time(struct err *e)
{
	return restart("ntp", e);
}

static int tell_supervisor(struct err *e)
{
	return world_reload(NULL, e);
}

static int restart_oomd(struct err *e)
{
	return world_restart(NULL, "oomd", e);
}

/* Without the file the layout is the one that was shipped. */
static int load_keymap(struct err *e)
{
	char name[64] = "";

	if (file_read_at(AT_FDCWD, KEYMAP_FILE, name, sizeof(name), NULL) < 0)
		name[0] = '\0';
	return keymap_load("", keymap_name(name), e);
}

static const struct {
	const char *path; /* a file, or with '/' at its end all below */
	int (*run)(struct err *e);
	const char *service; /* that reads it only when it starts; NULL: none */
} table[] = {
	{ "/etc/hostname", set_hostname, NULL },
	{ KEYMAP_FILE, load_keymap, NULL },
	{ "/etc/userworld.d/", tell_supervisor, NULL },
	{ "/etc/pools.conf", tell_supervisor, NULL },
	{ "/etc/oomd.conf", restart_oomd, NULL },
	{ "/etc/network.conf", restart_network, NULL },
	{ "/etc/firewall.conf", restart_firewall, NULL },
	{ "/etc/ntp.conf", restart_time, NULL },
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
