/* SPDX-License-Identifier: Apache-2.0 */
/* Roles by name; what they may do is core_allowed() (core.h). */
#ifndef VISOR_CORE_ACCOUNT_ROLE_H
#define VISOR_CORE_ACCOUNT_ROLE_H

#include "userworld/core/core.h"

/* "admin", "operator", "read-only", or "none". */
const char *role_name(enum core_role role);

/* One that can be given: not "none". ERR_INVALID names those there are. */
int role_parse(const char *name, enum core_role *role, struct err *e);

/* As it stands in a file: what is not a role is CORE_NOBODY. */
enum core_role role_of(const char *name);

#endif
