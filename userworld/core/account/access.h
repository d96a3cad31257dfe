/* SPDX-License-Identifier: Apache-2.0 */
/* access.conf(5): rules for all users: lock-out, sessions, passwords, lockdown mode. Pure. */
#ifndef VISOR_CORE_ACCOUNT_ACCESS_H
#define VISOR_CORE_ACCOUNT_ACCESS_H

#include <stdbool.h>

#include "err.h"

#define ACCESS_FILE "/etc/access.conf"
#define ACCESS_EXCEPTIONS 16 /* users */
#define ACCESS_USER 32	     /* bytes of a name */

enum lockdown { LOCKDOWN_DISABLED, LOCKDOWN_NORMAL, LOCKDOWN_STRICT };

struct access {
	unsigned int lock_failures;   /* failed logins that lock a user out; 0: none do */
	unsigned int lock_seconds;    /* for so long */
	unsigned int session_idle;    /* seconds without a request that end a session; 0: none do */
	unsigned int password_length; /* characters at least */
	unsigned int password_classes; /* of lower, upper, digits, others: so many at least */
	enum lockdown lockdown;
	char exceptions[ACCESS_EXCEPTIONS][ACCESS_USER + 1]; /* "" ends the list */
};

/* Keys of the file, and their ranges. */
#define ACCESS_LOCK_FAILURES "lockout-failures"
#define ACCESS_LOCK_SECONDS "lockout-seconds"
#define ACCESS_SESSION_IDLE "session-idle"
#define ACCESS_PASSWORD_LENGTH "password-length"
#define ACCESS_PASSWORD_CLASSES "password-classes"
#define ACCESS_LOCKDOWN "lockdown"
#define ACCESS_EXCEPTION_USERS "lockdown-exceptions"

#define LOCK_FAILURES_MAX 10
#define LOCK_SECONDS_MAX 3600
#define SESSION_IDLE_MAX 7200
#define PASSWORD_LENGTH_MIN 8
#define PASSWORD_LENGTH_MAX 64

/* A file's text; name is what errors call it. After a failure the defaults stand in *a. */
int access_parse(const char *name, const char *text, struct access *a, struct err *e);

/* The host's own file. */
int access_read(struct access *a, struct err *e);

/* "disabled", "normal", "strict"; and back, -1 with ERR_INVALID. */
const char *lockdown_name(enum lockdown mode);
int lockdown_parse(const char *name, enum lockdown *mode, struct err *e);

bool access_is_exception(const struct access *a, const char *user);

/*
 * May that user log in from "network" or "console"? ERR_DENIED says what the lockdown mode is.
 * "local", who is on the host already, always may.
 */
int access_may_enter(const struct access *a, const char *user, const char *origin, struct err *e);

#endif
