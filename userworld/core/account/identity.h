/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who somebody is who wants to come in, by the proof that was given. Programs that let people in
 * (hostd, the console) call these; what is not root's comes from accounts.h.
 */
#ifndef VISOR_CORE_ACCOUNT_IDENTITY_H
#define VISOR_CORE_ACCOUNT_IDENTITY_H

#include "access.h"
#include "role.h"

#define IDENTITY_MARK 16 /* characters */

struct identity {
	char user[ACCESS_USER + 1];
	enum core_role role;
	char how[16]; /* "password", "token", "certificate" */
};

/*
 * A password, given at "network" or "console". Slow. ERR_AUTH if it is wrong or the user is
 * locked out, ERR_DENIED if the user may not enter there. Failures are counted and told.
 */
int account_by_password(const char *user, const char *password, const char *origin,
			struct identity *id, struct err *e);

/* A token of token.h. Quick. ERR_AUTH. Whether the user may enter now is not looked at. */
int account_by_token(const char *token, struct identity *id, struct err *e);

/* The bytes of a certificate whose key the client has shown to have. The same. */
int account_by_certificate(const void *der, size_t len, struct identity *id, struct err *e);

/* Is any registered? Without, nobody need be asked for one. */
bool account_has_certificates(void);

/* Lockdown mode (access.h), and who may use the console. ERR_DENIED. Quick. */
int account_may_enter(const struct identity *id, const char *origin, struct err *e);

/* What a user is by now; CORE_NOBODY if there is no such user. Quick. */
enum core_role account_role(const char *user);

/*
 * What changes when the user's password or role does, and does not tell what they are: sessions
 * that were opened with another mark end. Quick. ERR_NOT_FOUND if there is no such user.
 */
int account_mark(const char *user, char mark[static IDENTITY_MARK + 1], struct err *e);

#endif
