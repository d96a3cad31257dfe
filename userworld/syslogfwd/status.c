// SPDX-License-Identifier: Apache-2.0
#include "status.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "userworld/lib/file.h"

static const char *const states[] = {
	[TARGET_AWAY] = "away",
	[TARGET_CONNECTING] = "connecting",
	[TARGET_UP] = "up",
};

static size_t add_target(char *buf, size_t size, const struct target *t)
{
	int n = snprintf(buf, size,
			 "target=%s state=%s sent=%" PRIu64 " waiting=%" PRIu64 " dropped=%" PRIu64
			 " why=%s\n",
			 t->at.text, states[t->state], t->count, target_waiting(t),
			 target_dropped(t), t->why);

	return n < (int)size ? (size_t)n : size - 1;
}

void status_write(const struct forwarder *f, const char *path)
{
	static char last[TARGETS_MAX * 640 + 64];
	char text[sizeof(last)];
	uint64_t had = UINT64_MAX;
	size_t n;

	for (int i = 0; i < f->count; i++)
		if (f->targets[i].taken_number < had)
			had = f->targets[i].taken_number;
	n = (size_t)snprintf(text, sizeof(text), "had=%" PRIu64 "\n", had);
	for (int i = 0; i < f->count; i++)
		n += add_target(text + n, sizeof(text) - n, &f->targets[i]);
	if (!strcmp(text, last))
		return;
	strcpy(last, text);
	file_write_atomic(path, text, n, 0644, NULL);
}

uint64_t status_had(const char *path)
{
	char text[64];

	if (file_read_at(AT_FDCWD, path, text, sizeof(text), NULL) < 0 ||
	    strncmp(text, "had=", 4) != 0)
		return 0;
	return strtoull(text + 4, NULL, 10);
}
