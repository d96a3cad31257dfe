/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates by which clients log in: each stands for one user, and is known by the SHA-256 of
 *all its bytes. They are among the accounts (accounts.h):
 *
 *	"certificates": {NAME: {"user":, "role":, "sha256": HEX, "subject":, "from": s, "until": s}}
 *
 * Pure. What comes from the network is hashed, and never parsed here: until when one is good was
 * found out when it was added.
 */
#ifndef VISOR_CORE_SECURITY_CLIENTS_H
#define VISOR_CORE_SECURITY_CLIENTS_H

#include <time.h>

#include "userworld/core/account/accounts.h"

#define CLIENT_DER_MAX 8192 /* bytes of a certificate */
#define CLIENT_DIGEST 65    /* bytes of a SHA-256 as text, NUL included */

/* What a certificate is known by. */
int client_digest(const void *der, size_t len, char digest[static CLIENT_DIGEST], struct err *e);

/*
 * pem: one certificate alone. role: at most that; CORE_NOBODY: whatever the user's is. ERR_INVALID
 * for what no one could log in by, ERR_DENIED for more than the user is, ERR_CONFLICT for one that
 * is there by any name.
 */
int client_add(json_t *all, const char *name, const char *pem, const char *user,
	       enum core_role role, time_t now, struct err *e);

/* Whose is it now, and as what? ERR_AUTH if nobody's. user is the JSON's. */
int client_find(const json_t *all, const char *digest, time_t now, const char **user,
		enum core_role *role, struct err *e);

#endif
