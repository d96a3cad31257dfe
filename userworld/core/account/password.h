/* SPDX-License-Identifier: Apache-2.0 */
/* Password rules and hashes (yescrypt, crypt(5)). */
#ifndef VISOR_CORE_ACCOUNT_PASSWORD_H
#define VISOR_CORE_ACCOUNT_PASSWORD_H

#include <stdbool.h>

#include "err.h"
#include "shadow.h"

#define PASSWORD_MAX 255 /* bytes */

struct password_rule {
	unsigned int length;  /* characters at least */
	unsigned int classes; /* lower case, upper case, digits, others: so many of them at least */
};

/* ERR_INVALID says which rule the password breaks. */
int password_check(const char *user, const char *password, const struct password_rule *rule,
		   struct err *e);

/* A fresh yescrypt hash. Takes some 20 ms and 16 MiB while it runs. */
int password_hash(const char *password, char out[static SHADOW_HASH_MAX], struct err *e);

/* True if the password belongs to the hash. Takes as long for a wrong one. */
bool password_matches(const char *password, const char *hash);

#endif
