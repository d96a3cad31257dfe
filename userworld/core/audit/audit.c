// SPDX-License-Identifier: Apache-2.0
/* The audit log. */
#include "audit.h"

#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "log.h"
#include "userworld/core/account/role.h"
#include "userworld/core/internal.h"

/* What does its work in this process only, and is the doing of nobody. */
static const char *const own_doing[] = { "software.bundle.settle", NULL };

static enum core_role role = CORE_ADMIN;
static char address[64];
static char user[64] = "root";
static bool remote;

void core_set_caller(const char *name, enum core_role as, const char *from)
{
	char who[128];

	snprintf(who, sizeof(who), "%s (%s)", name, from ? "network" : "local");
	core_set_actor(who);
	role = as;
	remote = from != NULL;
	snprintf(user, sizeof(user), "%s", name);
	snprintf(address, sizeof(address), "%s", from ? from : "");
}

const char *core_user(void)
{
	return user;
}

bool core_user_is_remote(void)
{
	return remote;
}

bool audit_wanted(const struct core_op *op)
{
	for (size_t i = 0; own_doing[i]; i++)
		if (!strcmp(own_doing[i], op->name))
			return false;
	return core_changes(op) || op->privilege == CORE_LOCAL;
}

static const struct core_param *param_of(const struct core_op *op, const char *name)
{
	for (const struct core_param *p = op->params; p && p->name; p++)
		if (!strcmp(p->name, name))
			return p;
	return NULL;
}

json_t *core_shown(const struct core_op *op, const json_t *params)
{
	json_t *out = json_object(), *value;
	const char *name;

	json_object_foreach ((json_t *)params, name, value) {
		const struct core_param *p = param_of(op, name);

		if (p)
			json_object_set_new(out, name,
					    p->secret ? json_string("***") : json_incref(value));
	}
	return out;
}

static char *quoted(const char *text)
{
	json_t *value = json_string(text);
	char *out = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;

	json_decref(value);
	return out;
}

void audit_line(char line[static AUDIT_LINE_MAX], const struct core_op *op, const json_t *params,
		const struct audit_caller *caller, const struct err *fault)
{
	_cleanup_free_ char *who = quoted(caller->who), *from = quoted(caller->address);
	_cleanup_free_ char *why = fault ? quoted(fault->text) : NULL;
	_cleanup_free_ char *text = NULL;
	json_t *copy = core_shown(op, params);

	text = json_dumps(copy, JSON_COMPACT);
	json_decref(copy);
	snprintf(line, AUDIT_LINE_MAX, "op=%s result=%s who=%s role=%s%s%s%s%s params=%s", op->name,
		 fault ? err_name(fault->kind) : "ok", who ? who : "\"?\"", role_name(caller->role),
		 *caller->address && from ? " from=" : "", *caller->address && from ? from : "",
		 why ? " error=" : "", why ? why : "", text ? text : "?");
}

void core_audit_refused(const struct core_op *op, json_t *params, const struct err *why)
{
	if (op)
		audit_note(op, params, why);
}

void audit_note(const struct core_op *op, const json_t *params, const struct err *fault)
{
	struct audit_caller caller = { core_actor(), role, address };
	char line[AUDIT_LINE_MAX];

	if (!audit_wanted(op))
		return;
	audit_line(line, op, params, &caller, fault);
	log_as(AUDIT_COMPONENT, LOG_AUTHPRIV, fault ? LOG_WARNING : LOG_NOTICE, line);
}
