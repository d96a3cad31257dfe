/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is logged in: tokens in memory, gone with the process. Pure: the caller
 * gives random tokens and the time (seconds, any steady clock).
 */
#ifndef HOSTD_SESSION_H
#define HOSTD_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#define SESSION_TOKEN 64 /* characters of a token */
#define SESSION_USER 32	 /* bytes of a user's name */
#define SESSION_MAX 64	 /* at most; the one unused for longest makes room */
#define SESSION_MARK 16	 /* characters of a mark */
#define SESSION_LIFE (12 * 3600)

struct session {
	char token[SESSION_TOKEN + 1]; /* "" for a free entry */
	char user[SESSION_USER + 1];
	char mark[SESSION_MARK + 1]; /* of password and role (identity.h) when it was opened */
	int64_t created;
	int64_t used;
};

struct sessions {
	struct session items[SESSION_MAX];
	int64_t stamp; /* of the files of passwords and users at the last look */
	int64_t idle;  /* seconds without a request that end a session; 0: none do */
};

void session_add(struct sessions *all, const char *token, const char *user, const char *mark,
		 int64_t now);

/* The user a token stands for, or NULL. Counts as use. Lives until the next call. */
const char *session_find(struct sessions *all, const char *token, int64_t now);

void session_end(struct sessions *all, const char *token);

/*
 * When stamp differs from the last one, each session whose user has another mark by now ends: the
 * password or the role was changed. mark_of gives -1 if there is no such user any more.
 */
void session_stamp(struct sessions *all, int64_t stamp,
		   int (*mark_of)(const char *user, char mark[static SESSION_MARK + 1]));

#endif
