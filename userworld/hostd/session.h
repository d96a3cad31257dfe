/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is logged in: tokens in memory, gone with the process. Pure: the caller
 * gives random tokens and the time (seconds, any steady clock).
 */
#ifndef HOSTD_SESSION_H
#define HOSTD_SESSION_H

#include <stdint.h>

#define SESSION_TOKEN 64 /* characters of a token */
#define SESSION_USER 32	 /* bytes of a user's name */
#define SESSION_MAX 64	 /* at most; the one unused for longest makes room */
#define SESSION_IDLE 900 /* seconds without a request */
#define SESSION_LIFE (12 * 3600)

struct session {
	char token[SESSION_TOKEN + 1]; /* "" for a free entry */
	char user[SESSION_USER + 1];
	int64_t created;
	int64_t used;
};

struct sessions {
	struct session items[SESSION_MAX];
	int64_t stamp; /* of the password file when the sessions were opened */
};

void session_add(struct sessions *all, const char *token, const char *user, int64_t now);

/* The user a token stands for, or NULL. Counts as use. Lives until the next call. */
const char *session_find(struct sessions *all, const char *token, int64_t now);

void session_end(struct sessions *all, const char *token);

/* Ends every session when stamp differs from the last one: a password was changed. */
void session_stamp(struct sessions *all, int64_t stamp);

#endif
