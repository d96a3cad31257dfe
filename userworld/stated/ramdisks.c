// SPDX-License-Identifier: Apache-2.0
/* Changed lines of /etc/ramdisks: stage 0 has made the image's. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "conf.h"
#include "userworld/stated/effects.h"
#include "vfsctl.h"

struct line {
	char name[VISORFS_NAME_MAX + 1];
	char path[256];
	uint64_t max, min, inodes;
};

/* 1, or 0 for a line without a ramdisk. */
static int parse(const char *text, struct line *l, struct err *e)
{
	char max[24], min[24];
	int len = (int)strcspn(text, "\n");

	text += strspn(text, " \t");
	if (!*text || *text == '\n' || *text == '#')
		return 0;
	if (sscanf(text, "%63s %255s %23s %23s %" SCNu64, l->name, l->path, max, min, &l->inodes) !=
		    5 ||
	    size_parse(max, &l->max) < 0 || size_parse(min, &l->min) < 0 || l->path[0] != '/')
		return err_set(e, ERR_INVALID, "'%.*s' is not NAME PATH MAX MIN INODES", len, text);
	return 1;
}

static int apply(const struct line *l, const struct vfs_ramdisk *list, size_t count, struct err *e)
{
	for (size_t i = 0; i < count; i++) {
		const struct vfs_ramdisk *r = &list[i];

		if (strcmp(r->name, l->name) != 0)
			continue;
		if (r->max_bytes == l->max && r->min_bytes == l->min && r->max_inodes == l->inodes)
			return 0;
		/* What cannot be reserved on this host has to do without, as in stage 0. */
		if (vfs_ramdisk_resize("/", l->name, l->max, l->min, l->inodes, e) == 0)
			return 0;
		return vfs_ramdisk_resize("/", l->name, l->max, r->min_bytes, l->inodes, e);
	}
	return vfs_ramdisk_add(l->path, l->name, l->max, l->min, l->inodes, e);
}

int effects_ramdisks(const char *text, struct err *e)
{
	_cleanup_free_ struct vfs_ramdisk *list = NULL;
	struct err first = ERR_INIT;
	size_t count;

	if (vfs_ramdisk_list("", &list, &count, e) < 0)
		return -1;
	while (*text) {
		struct err own = ERR_INIT;
		struct line l;
		int rc = parse(text, &l, &own);

		if (rc > 0)
			rc = apply(&l, list, count, &own);
		if (rc < 0 && !first.kind)
			first = own;
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return first.kind ? err_set(e, first.kind, "%s", first.text) : 0;
}
