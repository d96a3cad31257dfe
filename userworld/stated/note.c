// SPDX-License-Identifier: Apache-2.0
#include "userworld/stated/note.h"

#include <stdio.h>
#include <string.h>

/* "a", "a, b"; what is there already is not said again. */
static void join(char *list, size_t size, const char *one)
{
	size_t len = strlen(list);

	if (strstr(list, one) || len + 2 >= size)
		return;
	snprintf(list + len, size - len, "%s%s", len ? ", " : "", one);
}

void note_add(struct note *n, const char *who, const char *what)
{
	size_t len = strlen(n->what);

	join(n->who, sizeof(n->who), who);
	if (len >= 2 && !strcmp(n->what + len - 2, ": "))
		n->what[len - 2] = '\0';
	join(n->what, sizeof(n->what) / 2, what);
	strcat(n->what, ": ");
}

void note_clear(struct note *n)
{
	memset(n, 0, sizeof(*n));
}
