/* SPDX-License-Identifier: Apache-2.0 */
/* What the operations on users share. */
#ifndef VISOR_CORE_ACCOUNT_ACCOUNT_H
#define VISOR_CORE_ACCOUNT_ACCOUNT_H

#include "err.h"
#include "shadow.h"

/* Days since 1970. */
long account_today(void);

/* The hash of a new password, if it keeps the rules of this host. Slow. */
int account_hash_new(const char *user, const char *password, char hash[static SHADOW_HASH_MAX],
		     struct err *e);

/* The event of a change of somebody's account: what was done, as for printf. */
void account_tell(const char *user, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Of root, whose password alone can be changed, or another user. What is NULL stays as it is. */
int account_change(const char *user, const char *description, const char *password, struct err *e);

/* How parameters of operations on users look. */
#define ACCOUNT_USER_PARAM                                                                  \
	{                                                                                   \
		"user", CORE_NAME, .required = true, .min = 1, .max = 32,                   \
				   .among = "account.list user", .help = "Name of the user" \
	}
#define ACCOUNT_PASSWORD_PARAM(needed)                                                            \
	{                                                                                         \
		"password", CORE_STRING, .required = needed, .secret = true, .max = PASSWORD_MAX, \
					 .help = "Password"                                       \
	}
#define ACCOUNT_ROLE_PARAM(needed)                                          \
	{                                                                   \
		"role", CORE_NAME, .required = needed, .min = 1, .max = 16, \
				   .words = "admin|operator|read-only",     \
				   .help = "What the user may do"           \
	}

#endif
