/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The users besides root, as one JSON value. Pure; the file is store.h's matter.
 *
 *	{"version": 1,
 *	 "users": {USER: {"role": ROLE, "description": TEXT, "password": HASH, "day": n}},
 *	 "tokens": {NAME: {"user":, "role":, "sha256": HEX, "created": s, "expires": s}},
 *	 "certificates": see security/clients.h}
 *
 * A user without role cannot log in. Tokens and certificates of a user end with it.
 */
#ifndef VISOR_CORE_ACCOUNT_ACCOUNTS_H
#define VISOR_CORE_ACCOUNT_ACCOUNTS_H

#include "role.h"

#define ACCOUNTS_FILE "/etc/visoros/accounts.json"
#define ACCOUNTS_TEXT_MAX (1u << 20) /* bytes of the file */
#define ACCOUNTS_MAX 128	     /* entries of each kind */
#define ACCOUNT_USER 32		     /* bytes of a name */

/* A file's text; "" is nobody. *all is a new reference. ERR_INVALID names path. */
int accounts_parse(const char *text, const char *path, json_t **all, struct err *e);

/* "users", "tokens" or "certificates", which is made if it is not there. */
json_t *accounts_part(json_t *all, const char *part);

/* root is an administrator, whoever is not known is nobody. */
enum core_role accounts_role(const json_t *all, const char *user);

/* The hash of a user's password, or NULL. */
const char *accounts_hash(const json_t *all, const char *user);

/* A new user, who cannot do anything yet. ERR_CONFLICT if there is one of that name. */
int accounts_add(json_t *all, const char *user, const char *description, const char *hash, long day,
		 struct err *e);

/* What is NULL stays as it is. */
int accounts_set(json_t *all, const char *user, const char *description, const char *hash, long day,
		 struct err *e);

/* CORE_NOBODY takes the role away. ERR_DENIED for root. */
int accounts_permit(json_t *all, const char *user, enum core_role role, struct err *e);

/* With everything that is the user's. ERR_DENIED for root. */
int accounts_remove(json_t *all, const char *user, struct err *e);

/* Puts entry (taken) under a name that nothing has yet. */
int accounts_put(json_t *all, const char *part, const char *name, json_t *entry, struct err *e);

/* ERR_NOT_FOUND says what is called what. */
int accounts_drop(json_t *all, const char *part, const char *name, const char *what, struct err *e);

#endif
