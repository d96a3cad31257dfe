// SPDX-License-Identifier: Apache-2.0
#include "options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* TARDISK_LEVEL_MIN to TARDISK_LEVEL_MAX. */
static int parse_level(const char *text, int *level)
{
	char *stop;
	long value = strtol(text, &stop, 10);

	if (*text < '0' || *text > '9' || *stop || value < TARDISK_LEVEL_MIN ||
	    value > TARDISK_LEVEL_MAX)
		return -1;
	*level = (int)value;
	return 0;
}

/* "64k", "128k", "256k", "512k" or "1m", also in bytes. */
static int parse_frame(const char *text, uint32_t *frame)
{
	char *stop;
	unsigned long value = strtoul(text, &stop, 10);

	if (*text < '0' || *text > '9' || value > TARDISK_FRAME)
		return -1;
	if (!strcmp(stop, "k"))
		value <<= 10;
	else if (!strcmp(stop, "m"))
		value <<= 20;
	else if (*stop)
		return -1;
	if (value < TARDISK_FRAME_MIN || value > TARDISK_FRAME || value & (value - 1))
		return -1;
	*frame = (uint32_t)value;
	return 0;
}

const char *options_packing(int letter, const char *text, struct packing *packing)
{
	if (letter == 'l')
		return parse_level(text, &packing->level) ? "a level is 1 to 19" : NULL;
	return parse_frame(text, &packing->frame) ? "a frame is 64k, 128k, 256k, 512k or 1m" : NULL;
}

/* One half of UID:GID; ends at end. */
static int parse_id(const char *text, char end, uint32_t *id, const char **rest)
{
	unsigned long value;
	char *stop;

	if (!strncmp(text, "root", 4) && text[4] == end) {
		*id = 0;
		*rest = text + 4;
		return 0;
	}
	errno = 0;
	value = strtoul(text, &stop, 10);
	if (*text < '0' || *text > '9' || errno || *stop != end || value > 07777777)
		return -1;
	*id = (uint32_t)value;
	*rest = stop;
	return 0;
}

int options_owner(const char *text, uint32_t *uid, uint32_t *gid)
{
	const char *rest;

	if (parse_id(text, ':', uid, &rest))
		return -1;
	return parse_id(rest + 1, '\0', gid, &rest);
}

int options_clamp(struct tree *t, struct err *e)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	long long epoch;
	char *stop;

	if (!text)
		return 0;
	errno = 0;
	epoch = strtoll(text, &stop, 10);
	if (*text < '0' || *text > '9' || *stop || errno)
		return err_set(e, ERR_USAGE, "SOURCE_DATE_EPOCH is not a number: %s", text);
	tree_clamp_times(t, epoch);
	return 0;
}
