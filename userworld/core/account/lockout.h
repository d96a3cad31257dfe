/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Failed logins per user. After so many of them in a row as the rule says (access.conf)
 * the user is locked out for its seconds, whoever asks. The console and hostd share
 * the count through a file below /run; pure functions work on its JSON form:
 * {USER: {"failures": n, "until": seconds}} on the clock of the boot.
 */
#ifndef VISOR_CORE_ACCOUNT_LOCKOUT_H
#define VISOR_CORE_ACCOUNT_LOCKOUT_H

#include <jansson.h>

#define LOCKOUT_FILE "/run/visoros/lockout.json"
#define LOCKOUT_USERS 64 /* users remembered; further names are not */

struct lockout_rule {
	unsigned int failures; /* 0: nobody is locked out */
	unsigned int seconds;
};

/* Seconds a user must still wait, 0 if none. */
json_int_t lockout_wait(const json_t *table, const char *user, json_int_t now);

/* Notes the outcome of a check of the password. */
void lockout_note(json_t *table, const char *user, int success, json_int_t now,
		  const struct lockout_rule *rule);

#endif
