/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Failed logins per user. After LOCKOUT_FAILURES of them in a row the user is
 * locked out for LOCKOUT_SECONDS, whoever asks. The console and hostd share
 * the count through a file below /run; pure functions work on its JSON form:
 * {USER: {"failures": n, "until": seconds}} on the clock of the boot.
 */
#ifndef VISOR_CORE_ACCOUNT_LOCKOUT_H
#define VISOR_CORE_ACCOUNT_LOCKOUT_H

#include <jansson.h>

#define LOCKOUT_FILE "/run/visoros/lockout.json"
#define LOCKOUT_FAILURES 5
#define LOCKOUT_SECONDS 60
#define LOCKOUT_USERS 64 /* users remembered; further names are not */

/* Seconds a user must still wait, 0 if none. */
json_int_t lockout_wait(const json_t *table, const char *user, json_int_t now);

/* Notes the outcome of a check of the password. */
void lockout_note(json_t *table, const char *user, int success, json_int_t now);

#endif
