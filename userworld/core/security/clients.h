/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates by which clients log in, of accounts.h: one that is pinned to a user, or an
 * authority, whose certificates are of the user that their common name says. Pure.
 */
#ifndef VISOR_CORE_SECURITY_CLIENTS_H
#define VISOR_CORE_SECURITY_CLIENTS_H

#include <openssl/x509.h>
#include <time.h>

#include "userworld/core/account/accounts.h"

/* user is NULL for an authority. */
int client_add(json_t *all, const char *name, const char *pem, const char *user, time_t now,
	       struct err *e);

/*
 * Whose is it now? ERR_AUTH if nobody's. An authority never speaks for root: root's certificate has
 * to be pinned.
 */
int client_find(const json_t *all, X509 *certificate, STACK_OF(X509) * chain, time_t now,
		char user[static ACCOUNT_USER + 1], enum core_role *role, struct err *e);

#endif
