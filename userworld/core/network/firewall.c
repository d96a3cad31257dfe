// SPDX-License-Identifier: Apache-2.0
/* network.firewall.*: opens and closes doors. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "change.h"
#include "cleanup.h"
#include "firewall.h"
#include "userworld/core/internal.h"
#include "worldctl.h"

#define WORLD "firewall"
#define PATIENCE 20 /* seconds, of a slow host */

#define KEY_MAX (FIREWALL_NAME_MAX + 16)

/* All of it, with what is set; not for two at a time, as all of libcore. */
static struct firewall now;

static int check(const char *path, const char *text, struct err *e)
{
	return firewall_parse(&now, path, text, e);
}

static int read_now(struct err *e)
{
	return firewall_read(&now, core_prefix(CORE_ROOT), e);
}

static struct firewall_ruleset *ruleset(json_t *params, struct err *e)
{
	const char *name = core_string(params, "name");
	struct firewall_ruleset *r;

	if (read_now(e) < 0)
		return NULL;
	r = firewall_find(&now, name);
	if (!r)
		err_set(e, ERR_NOT_FOUND,
			"%s: no such ruleset (\"network firewall ruleset list\" shows them)", name);
	return r;
}

/* How the oneshot that loads the rules stands: "" if nobody knows. */
static void world_state(char state[static 16])
{
	_cleanup_free_ struct world_info *list = NULL;
	char socket[CORE_PATH_MAX];
	size_t count;

	state[0] = '\0';
	if (core_path(socket, NULL, CORE_RUN, WORLDCTL_SOCKET) < 0 ||
	    world_list(socket, &list, &count, NULL) < 0)
		return;
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i].name, WORLD))
			memcpy(state, list[i].state, sizeof(list[i].state));
}

/* Whoever has closed a door wants to know that it is closed. */
static int wait_in_force(const char *done, struct err *e)
{
	char state[16] = "";

	for (int i = 0; i < PATIENCE * 20 && access(done, F_OK) < 0; i++) {
		world_state(state);
		if (!state[0])
			return 0; /* no supervisor: when there is one */
		if (!strcmp(state, "failed"))
			break;
		usleep(50000);
	}
	/* It waits for others while the host starts; its turn comes before those that listen. */
	if (access(done, F_OK) == 0 || !strcmp(state, "waiting"))
		return 0;
	return err_set(
		e, ERR_SYSTEM,
		"the rules could not be loaded, those of before hold; vmkernel.log says why");
}

static int change(json_t *params, const struct conf_change *changes, size_t count, json_t **result,
		  struct err *e)
{
	static const char *const worlds[] = { WORLD, NULL };
	char done[CORE_PATH_MAX];

	if (!count)
		return err_set(e, ERR_USAGE, "nothing to set was given");
	if (core_path(done, e, CORE_RUN, FIREWALL_DONE) < 0)
		return -1;
	unlink(done);
	if (network_change_file(FIREWALL_CONF, params, changes, count, check, worlds, result, e) <
	    0)
		return -1;
	return wait_in_force(done, e);
}

static int firewall_set(json_t *params, json_t **result, struct err *e)
{
	json_t *enabled = json_object_get(params, "enabled");
	const char *action = core_string(params, "default_action");
	struct conf_change changes[2];
	size_t n = 0;

	if (read_now(e) < 0)
		return -1;
	if (enabled)
		changes[n++] =
			(struct conf_change){ "enabled", json_is_true(enabled) ? "yes" : "no" };
	if (action)
		changes[n++] = (struct conf_change){ "default-action", action };
	return change(params, changes, n, result, e);
}

static const char *key(char out[static KEY_MAX], const struct firewall_ruleset *r, const char *what)
{
	snprintf(out, KEY_MAX, "%s.%s", r->name, what);
	return out;
}

/* The addresses without that one; *found: it was there. */
static void without(const char *list, const char *address, char out[static NET_LIST_MAX],
		    bool *found)
{
	size_t used = 0;
	char word[64];

	*found = false;
	out[0] = '\0';
	while (net_word(&list, word, sizeof(word))) {
		if (!strcmp(word, address)) {
			*found = true;
			continue;
		}
		used += (size_t)snprintf(out + used, NET_LIST_MAX - used, "%s%s", used ? " " : "",
					 word);
	}
}

/* Each once, with one blank between two. */
static void joined(const char *list, char out[static NET_LIST_MAX])
{
	char word[64], rest[NET_LIST_MAX];
	size_t used = 0;
	bool there;

	out[0] = '\0';
	while (net_word(&list, word, sizeof(word))) {
		without(out, word, rest, &there);
		if (!there)
			used += (size_t)snprintf(out + used, NET_LIST_MAX - used, "%s%s",
						 used ? " " : "", word);
	}
}

/* To whom it is open from now on: "none", addresses, or NULL for all. */
static const char *allowed_value(json_t *params, const struct firewall_ruleset *r,
				 char list[static NET_LIST_MAX])
{
	const char *given = core_string(params, "allowed");

	if (given) {
		joined(given, list);
		return *list ? list : "none";
	}
	if (json_is_true(json_object_get(params, "allowed_all")))
		return NULL;
	/* Those that are named stay if it is not for all already. */
	return r->allowed[0] ? r->allowed : "none";
}

static int check_allowed(json_t *params, struct err *e)
{
	const char *list = core_string(params, "allowed");
	char word[64];

	if (list && json_is_true(json_object_get(params, "allowed_all")))
		return err_set(e, ERR_USAGE, "allowed: not together with allowed_all");
	while (list && net_word(&list, word, sizeof(word)))
		if (!firewall_source_ok(word))
			return err_set(e, ERR_INVALID, "allowed: '%s' is no address and no network",
				       word);
	return list && *list ? err_set(e, ERR_INVALID, "allowed: '%.32s' is too long", list) : 0;
}

static int ruleset_set(json_t *params, json_t **result, struct err *e)
{
	json_t *enabled = json_object_get(params, "enabled");
	const struct firewall_ruleset *r = ruleset(params, e);
	char keys[2][KEY_MAX], list[NET_LIST_MAX];
	struct conf_change changes[2];
	size_t n = 0;

	if (!r || check_allowed(params, e) < 0)
		return -1;
	if (enabled)
		changes[n++] = (struct conf_change){ key(keys[0], r, "enabled"),
						     json_is_true(enabled) ? "yes" : "no" };
	if (json_object_get(params, "allowed_all") || json_object_get(params, "allowed"))
		changes[n++] = (struct conf_change){ key(keys[1], r, "allowed"),
						     allowed_value(params, r, list) };
	return change(params, changes, n, result, e);
}

static int allowed_change(json_t *params, json_t **result, bool add, struct err *e)
{
	const char *address = core_string(params, "address");
	const struct firewall_ruleset *r = ruleset(params, e);
	char name[KEY_MAX], list[NET_LIST_MAX], longer[NET_LIST_MAX + 64];
	struct conf_change one = { .value = longer };
	bool found;

	if (!r)
		return -1;
	if (!firewall_source_ok(address))
		return err_set(e, ERR_INVALID, "address: '%.64s' is no address and no network",
			       address);
	without(strcmp(r->allowed, "none") ? r->allowed : "", address, list, &found);
	if (add && found)
		return err_set(e, ERR_CONFLICT, "%s: %s is allowed already", r->name, address);
	if (!add && !found)
		return err_set(e, ERR_NOT_FOUND, "%s: %s is not in its list", r->name, address);
	if (add)
		snprintf(longer, sizeof(longer), "%s%s%s", list, *list ? " " : "", address);
	else
		snprintf(longer, sizeof(longer), "%s", *list ? list : "none");
	one.key = key(name, r, "allowed");
	return change(params, &one, 1, result, e);
}

static int allowed_add(json_t *params, json_t **result, struct err *e)
{
	return allowed_change(params, result, true, e);
}

static int allowed_remove(json_t *params, json_t **result, struct err *e)
{
	return allowed_change(params, result, false, e);
}

#define RULESET                                                                    \
	{                                                                          \
		"name", CORE_NAME, .required = true, .max = FIREWALL_NAME_MAX - 1, \
				   .among = "network.firewall.ruleset.list name",  \
				   .help = "Ruleset"                               \
	}

static const struct core_param set_params[] = {
	{ "enabled", CORE_BOOL, .help = "Whether the rules are in force" },
	{ "default_action", CORE_STRING, .max = 8, .words = "drop|pass",
	  .help = "What becomes of what no rule is about" },
	NETWORK_CONFIRM,
	{ 0 },
};

static const struct core_param ruleset_params[] = {
	RULESET,
	{ "enabled", CORE_BOOL, .help = "Whether its ports are open" },
	{ "allowed_all", CORE_BOOL, .help = "To everybody, not only to those in its list" },
	{ "allowed", CORE_STRING, .max = NET_LIST_MAX - 1, .otherwise = "as it was",
	  .help = "Its whole list; empty: nobody" },
	NETWORK_CONFIRM,
	{ 0 },
};

static const struct core_param allowed_params[] = {
	RULESET,
	{ "address", CORE_STRING, .required = true, .min = 2, .max = NET_ADDRESS_MAX - 1,
	  .help = "192.0.2.9, 192.0.2.0/24, 2001:db8::/32" },
	NETWORK_CONFIRM,
	{ 0 },
};

const struct core_op core_firewall_ops[] = {
	{
		.name = "network.firewall.set",
		.method = "PATCH",
		.path = "/network/firewall",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = set_params,
		.run = firewall_set,
		.help = "Changes that",
	},
	{
		.name = "network.firewall.ruleset.set",
		.method = "PATCH",
		.path = "/network/firewall/rulesets/{name}",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = ruleset_params,
		.run = ruleset_set,
		.help = "Opens or closes the ports of a service",
	},
	{
		.name = "network.firewall.allowed.add",
		.method = "POST",
		.path = "/network/firewall/rulesets/{name}/allowed",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = allowed_params,
		.run = allowed_add,
		.help = "Opens them to an address or a network, and no longer to all",
	},
	{
		.name = "network.firewall.allowed.remove",
		.method = "DELETE",
		.path = "/network/firewall/rulesets/{name}/allowed",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = allowed_params,
		.run = allowed_remove,
		.help = "Closes them to it; without any left, to all",
	},
	{ 0 },
};
