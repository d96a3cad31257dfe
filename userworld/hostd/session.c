// SPDX-License-Identifier: Apache-2.0
/* Who is logged in. */
#include "session.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Takes as long for a token that differs in the first character as in the last. */
static bool same_token(const char *a, const char *b)
{
	unsigned char different = 0;

	if (strlen(b) != SESSION_TOKEN)
		return false;
	for (size_t i = 0; i < SESSION_TOKEN; i++)
		different |= (unsigned char)(a[i] ^ b[i]);
	return different == 0;
}

static bool is_over(const struct sessions *all, const struct session *s, int64_t now)
{
	return (all->idle && now - s->used > all->idle) || now - s->created > SESSION_LIFE;
}

static struct session *find(struct sessions *all, const char *token)
{
	for (size_t i = 0; i < SESSION_MAX; i++)
		if (all->items[i].token[0] && same_token(all->items[i].token, token))
			return &all->items[i];
	return NULL;
}

static struct session *room(struct sessions *all)
{
	struct session *oldest = &all->items[0];

	for (size_t i = 0; i < SESSION_MAX; i++) {
		if (!all->items[i].token[0])
			return &all->items[i];
		if (all->items[i].used < oldest->used)
			oldest = &all->items[i];
	}
	return oldest;
}

void session_add(struct sessions *all, const char *token, const char *user, const char *mark,
		 int64_t now)
{
	struct session *s = find(all, token);

	if (!s)
		s = room(all);
	snprintf(s->token, sizeof(s->token), "%s", token);
	snprintf(s->user, sizeof(s->user), "%s", user);
	snprintf(s->mark, sizeof(s->mark), "%s", mark);
	s->created = s->used = now;
}

const char *session_find(struct sessions *all, const char *token, int64_t now)
{
	struct session *s = find(all, token);

	if (!s)
		return NULL;
	if (is_over(all, s, now)) {
		memset(s, 0, sizeof(*s));
		return NULL;
	}
	s->used = now;
	return s->user;
}

void session_end(struct sessions *all, const char *token)
{
	struct session *s = find(all, token);

	if (s)
		memset(s, 0, sizeof(*s));
}

void session_stamp(struct sessions *all, int64_t stamp,
		   int (*mark_of)(const char *user, char mark[static SESSION_MARK + 1]))
{
	char mark[SESSION_MARK + 1];

	if (all->stamp == stamp)
		return;
	for (size_t i = 0; i < SESSION_MAX; i++) {
		struct session *s = &all->items[i];

		if (s->token[0] && (mark_of(s->user, mark) < 0 || strcmp(mark, s->mark) != 0))
			memset(s, 0, sizeof(*s));
	}
	all->stamp = stamp;
}
