// SPDX-License-Identifier: Apache-2.0
#include "change.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "conf.h"
#include "conf_edit.h"
#include "device.h"
#include "userworld/core/internal.h"
#include "userworld/core/state/client.h"

int network_conf(struct net_conf *c, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];

	if (core_text(path, CORE_ROOT, NET_CONF, CONF_FILE_MAX, &text, e) < 0)
		return -1;
	return net_conf_parse(path, text, c, e);
}

const struct net_interface *network_interface(struct net_conf *c, const char *name, struct err *e)
{
	const struct net_interface *i;

	if (network_conf(c, e) < 0)
		return NULL;
	i = net_conf_find(c, name);
	if (!i)
		err_set(e, ERR_NOT_FOUND,
			"%s: no such interface (\"network ip interface list\" shows them)", name);
	return i;
}

int network_trial(json_t *params, struct err *e)
{
	json_int_t seconds = core_integer(params, "confirm", 0);

	return seconds ? state_ask("try", json_pack("{s:I}", "seconds", seconds), NULL, e) : 0;
}

void network_trial_end(json_t *params)
{
	if (core_integer(params, "confirm", 0))
		state_ask("confirm", json_object(), NULL, NULL);
}

static int check_conf(const char *path, const char *text, struct err *e)
{
	struct net_conf c;

	return net_conf_parse(path, text, &c, e);
}

/* What is wrong must be found before a trial begins, so the check comes twice. */
static int check_alone(const char *file, const struct conf_change *changes, size_t count,
		       conf_change_check *check, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];

	if (core_text(path, CORE_ROOT, file, CONF_FILE_MAX, &text, e) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		char *next = conf_edit(text, changes[i].key, changes[i].value);

		free(text);
		text = next;
		if (!text)
			return core_nomem(e);
	}
	return check(path, text, e);
}

/* One that waits, or is about to start, reads the file when it does. */
static int restart(const char *world, struct err *e)
{
	struct err fault = ERR_INIT;

	if (core_restart_world(world, &fault) == 0 || fault.kind == ERR_CONFLICT)
		return 0;
	if (e)
		*e = fault;
	return -1;
}

static int write_file(const char *file, json_t *params, const struct conf_change *changes,
		      size_t count, conf_change_check *check, struct err *e)
{
	if (check_alone(file, changes, count, check, e) < 0 || network_trial(params, e) < 0)
		return -1;
	if (core_conf_change(file, changes, count, check, e) < 0) {
		network_trial_end(params);
		return -1;
	}
	return 0;
}

static int begin_anew(const char *const *worlds, json_t *params, json_t **result, struct err *e)
{
	json_t *confirm = json_object_get(params, "confirm");

	for (; *worlds; worlds++)
		if (restart(*worlds, e) < 0)
			return -1;
	return core_give(result, json_pack("{s:O*}", "confirm", confirm), e);
}

int network_change_file(const char *file, json_t *params, const struct conf_change *changes,
			size_t count, conf_change_check *check, const char *const *worlds,
			json_t **result, struct err *e)
{
	if (write_file(file, params, changes, count, check, e) < 0)
		return -1;
	return begin_anew(worlds, params, result, e);
}

/* What net has noted of addresses is of before: from now on they are pending. */
static void forget_addresses(void)
{
	char path[CORE_PATH_MAX], device[2 * IF_NAMESIZE];
	struct err ignored = ERR_INIT;
	struct net_conf c;

	if (network_conf(&c, &ignored) < 0)
		return;
	for (size_t i = 0; i < c.count; i++)
		if (device_of(&c.list[i], device) == 0 &&
		    core_path(path, NULL, CORE_RUN, NET_NOTE "/%s", device) == 0)
			unlink(path);
}

int network_change(json_t *params, const struct conf_change *changes, size_t count, json_t **result,
		   struct err *e)
{
	static const char *const worlds[] = { "net", "net6", NULL };

	if (write_file(NET_CONF, params, changes, count, check_conf, e) < 0)
		return -1;
	forget_addresses();
	return begin_anew(worlds, params, result, e);
}

int network_change_address(json_t *params, const struct conf_change *changes, size_t count,
			   bool wanted, json_t **result, struct err *e)
{
	if (network_change(params, changes, count, result, e) < 0)
		return -1;
	if (result)
		json_object_set_new(*result, "state", json_string(wanted ? "pending" : "none"));
	return 0;
}
