/* SPDX-License-Identifier: Apache-2.0 */
/* shadow(5) as text: pure functions, the file itself is the caller's matter. */
#ifndef VISOR_CORE_ACCOUNT_SHADOW_H
#define VISOR_CORE_ACCOUNT_SHADOW_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

#define SHADOW_FILE_MAX 65536
#define SHADOW_HASH_MAX 384 /* libcrypt's CRYPT_OUTPUT_SIZE */

/* The password field of a user. ERR_NOT_FOUND without such a user, ERR_INVALID if too long. */
int shadow_hash(const char *text, const char *user, char out[static SHADOW_HASH_MAX],
		struct err *e);

/*
 * A copy of text with another password field, and day (days since 1970) as
 * the day of the change. *out is allocated. Every other byte stays.
 */
int shadow_replace(const char *text, const char *user, const char *hash, long day, char **out,
		   struct err *e);

/* False for "", "*", "!" and all that begins so: nobody can log in with these. */
bool shadow_is_set(const char *hash);

#endif
