/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens for programs: shown once, and only their SHA-256 kept. Pure but for random numbers. */
#ifndef VISOR_CORE_ACCOUNT_TOKEN_H
#define VISOR_CORE_ACCOUNT_TOKEN_H

#include <time.h>

#include "accounts.h"

#define TOKEN_PREFIX "visor_" /* by which scanners of source code, and people, know one */
#define TOKEN_LENGTH 70	      /* characters: the prefix and 256 bits in hexadecimal */
#define TOKEN_DIGEST 64	      /* characters of a SHA-256 */

#define TOKEN_DAYS 90 /* a token is good for, if nothing else is said */
#define TOKEN_DAYS_MAX 3650

int token_make(char out[static TOKEN_LENGTH + 1], struct err *e);

/* ERR_AUTH if it has not the form of a token. */
int token_digest(const char *token, char out[static TOKEN_DIGEST + 1], struct err *e);

/*
 * A new one of a user, with a role that is at most the user's; CORE_NOBODY: the user's own as it
 * is whenever the token is used.
 */
int token_add(json_t *all, const char *name, const char *user, enum core_role role,
	      const char *digest, time_t now, time_t expires, struct err *e);

/*
 * The user of a token that is good now, and the role: never more than the user's is today.
 * ERR_AUTH else. user is the JSON's.
 */
int token_find(const json_t *all, const char *digest, time_t now, const char **user,
	       enum core_role *role, struct err *e);

#endif
