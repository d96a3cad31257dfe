// SPDX-License-Identifier: Apache-2.0
/* system.ntp: whom the host asks for the time, and whether its clock follows. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/timex.h>

#include "cleanup.h"
#include "conf.h"
#include "file.h"
#include "ntp_conf.h"
#include "userworld/core/conf_change.h"
#include "userworld/core/internal.h"
#include "worldctl.h"

#define NTP_WORLD "ntp"

static int read_conf(struct ntp_conf *c, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];

	if (core_text(path, CORE_ROOT, NTP_CONF, CONF_FILE_MAX, &text, e) < 0)
		return -1;
	return ntp_conf_parse(path, text, c, e);
}

static json_t *words(const char *text)
{
	json_t *list = json_array();

	for (text += strspn(text, " \n"); *text; text += strspn(text, " \n")) {
		size_t len = strcspn(text, " \n");

		json_array_append_new(list, json_stringn(text, len));
		text += len;
	}
	return list;
}

/* What DHCP named, as userworld/net/udhcpc.script notes it. */
static json_t *dhcp_servers(void)
{
	char path[CORE_PATH_MAX], text[NTP_TEXT_MAX];

	if (core_path(path, NULL, CORE_RUN, "/run/network/ntp") < 0 ||
	    file_read_at(AT_FDCWD, path, text, sizeof(text), NULL) < 0)
		text[0] = '\0';
	return words(text);
}

/* The kernel knows from whoever disciplines its clock. */
static bool synchronized(void)
{
	struct timex t = { 0 };

	return adjtimex(&t) >= 0 && !(t.status & STA_UNSYNC);
}

/* State and process of the userworld; without a supervisor, or without it, "unknown" and 0. */
static void world_state(char state[static 32], json_int_t *pid)
{
	_cleanup_free_ struct world_info *list = NULL;
	char socket[CORE_PATH_MAX];
	size_t count;

	strcpy(state, "unknown");
	*pid = 0;
	if (core_path(socket, NULL, CORE_RUN, WORLDCTL_SOCKET) < 0 ||
	    world_list(socket, &list, &count, NULL) < 0)
		return;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i].name, NTP_WORLD) != 0)
			continue;
		snprintf(state, 32, "%s", list[i].state);
		*pid = list[i].pid;
	}
}

static int ntp_get(json_t *params, json_t **result, struct err *e)
{
	struct ntp_conf c;
	char state[32];
	json_int_t pid;

	(void)params;
	if (read_conf(&c, e) < 0)
		return -1;
	world_state(state, &pid);
	return core_give(result,
			 json_pack("{s:b, s:o, s:o, s:b, s:s, s:I}", "enabled", c.enabled,
				   "servers", words(c.servers), "dhcp_servers", dhcp_servers(),
				   "synchronized", synchronized(), "state", state, "pid", pid),
			 e);
}

static int check(const char *path, const char *text, struct err *e)
{
	struct ntp_conf c;

	return ntp_conf_parse(path, text, &c, e);
}

static int ntp_set(json_t *params, json_t **result, struct err *e)
{
	json_t *enabled = json_object_get(params, "enabled");
	const char *servers = core_string(params, "servers");
	struct conf_change changes[2];
	char list[NTP_TEXT_MAX];
	size_t n = 0;

	(void)result;
	if (enabled)
		changes[n++] =
			(struct conf_change){ "enabled", json_is_true(enabled) ? "yes" : "no" };
	if (servers && ntp_servers_parse(servers, list, e) < 0)
		return -1;
	if (servers)
		changes[n++] = (struct conf_change){ "servers", list };
	if (!n)
		return err_set(e, ERR_USAGE, "nothing to set was given");
	if (core_conf_change(NTP_CONF, changes, n, check, e) < 0)
		return -1;
	return core_restart_world(NTP_WORLD, e);
}

static const struct core_param set_params[] = {
	{ "enabled", CORE_BOOL, .help = "Whether the host looks after its clock" },
	{ "servers", CORE_STRING, .max = NTP_TEXT_MAX - 1,
	  .help = "Names or addresses, with commas between; empty: those that DHCP names" },
	{ 0 },
};

const struct core_op core_ntp_ops[] = {
	{
		.name = "system.ntp.get",
		.method = "GET",
		.path = "/system/ntp",
		.flags = CORE_SLOW,
		.run = ntp_get,
		.help = "Servers of the time, and whether the clock follows them",
	},
	{
		.name = "system.ntp.set",
		.method = "PATCH",
		.path = "/system/ntp",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = set_params,
		.run = ntp_set,
		.help = "Changes them, at once and for later boots",
	},
	{ 0 },
};
