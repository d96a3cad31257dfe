// SPDX-License-Identifier: Apache-2.0
/* Who may do what. */
#include "role.h"

#include <string.h>

#include "cleanup.h"

static const char *const names[] = {
	[CORE_NOBODY] = "none",
	[CORE_READ_ONLY] = "read-only",
	[CORE_OPERATOR] = "operator",
	[CORE_ADMIN] = "admin",
};

const char *role_name(enum core_role role)
{
	return names[role];
}

enum core_role role_of(const char *name)
{
	for (size_t i = CORE_READ_ONLY; name && i < ARRAY_SIZE(names); i++)
		if (!strcmp(names[i], name))
			return (enum core_role)i;
	return CORE_NOBODY;
}

int role_parse(const char *name, enum core_role *role, struct err *e)
{
	*role = role_of(name);
	if (*role == CORE_NOBODY)
		return err_set(e, ERR_INVALID, "role: '%s' is none of admin, operator, read-only",
			       name);
	return 0;
}

bool core_allowed(const struct core_op *op, enum core_role role)
{
	switch (op->privilege) {
	case CORE_READ:
		return role >= CORE_READ_ONLY;
	case CORE_OPERATE:
		return role >= CORE_OPERATOR;
	case CORE_CHANGE:
		return role >= CORE_ADMIN;
	case CORE_LOCAL:
		break;
	}
	return false;
}

bool core_changes(const struct core_op *op)
{
	/* Whatever it takes to see something: to look is no change. */
	if (op->method && !strcmp(op->method, "GET"))
		return false;
	if (op->flags & CORE_OWN)
		return true;
	return (op->privilege == CORE_OPERATE || op->privilege == CORE_CHANGE) &&
	       !(op->flags & CORE_QUIET);
}
