// SPDX-License-Identifier: Apache-2.0
/* The partition table and the loader. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "scrub.h"
#include "userworld/core/internal.h"
#include "userworld/install/gpt_mend.h"
#include "userworld/install/loader.h"

#define TABLE "partition table"
#define LOADER "loader"

static void say_table(struct scrub *s, enum gpt_health was, bool good)
{
	const char *which = was == GPT_PRIMARY_DAMAGED ? "first copy" : "second copy";

	switch (was) {
	case GPT_GOOD:
		scrub_say(s, TABLE, "", SCRUB_GOOD, "both copies");
		break;
	case GPT_PRIMARY_DAMAGED:
	case GPT_BACKUP_DAMAGED:
		scrub_say(s, TABLE, which, good ? SCRUB_MENDED : SCRUB_DAMAGED, "%s",
			  good		  ? "from the other copy"
			  : s->check_only ? "nothing was repaired, by request"
					  : "the disk has not the size that the other copy says");
		break;
	case GPT_DIFFERENT:
		scrub_say(s, TABLE, "", SCRUB_CHANGED, "its copies say different things");
		break;
	default:
		scrub_say(s, TABLE, "", SCRUB_DAMAGED, "both copies are, or are not as ours");
	}
}

static int scrub_table(struct scrub *s, struct blkio *disk, struct err *e)
{
	_cleanup_close_ int lock = -1;
	enum gpt_health health;
	int rc;

	if (gpt_examine(disk, &health, e) < 0)
		return -1;
	rc = health == GPT_GOOD;
	if (!rc && !s->check_only) {
		lock = boot_lock(e);
		rc = lock < 0 ? -1 : gpt_mend(disk, &health, e);
	}
	if (rc >= 0)
		say_table(s, health, rc > 0);
	return rc < 0 ? -1 : 0;
}

/*
 * Once it was seen to be that of this image it is so until the restart: nobody else writes it. The
 * medium's GUID is in the name, so that another medium is looked at anew.
 */
static bool loader_known(const struct scrub *s, const struct loader_report *r)
{
	char path[CORE_PATH_MAX];

	if (core_path(path, NULL, CORE_RUN, BOOT_KNOWN) < 0 || file_make_dirs(path, NULL) < 0 ||
	    core_path(path, NULL, CORE_RUN, BOOT_KNOWN "/loader-%s", s->banks->medium.guid) < 0)
		return loader_is_known(r);
	if (access(path, F_OK) == 0)
		return true;
	if (!loader_is_known(r))
		return false;
	file_write_atomic(path, "", 0, 0600, NULL);
	return true;
}

static void say_loader(struct scrub *s, const struct loader_report *r, bool known)
{
	uint32_t differ = r->differ[LOADER_CODE] + r->differ[LOADER_CORE] + r->differ[LOADER_ESP];

	if (!differ && r->written)
		scrub_say(s, LOADER, "", SCRUB_MENDED, "%u sectors, from the running image",
			  r->written);
	else if (differ && known)
		scrub_say(s, LOADER, "", SCRUB_DAMAGED, "%u sectors", differ);
	else if (differ)
		scrub_say(s, LOADER, "", SCRUB_CHANGED,
			  "it is that of another build, or boot sector and ESP are both damaged");
	else if (r->differ[LOADER_ESP_TABLE])
		scrub_say(s, LOADER, "", SCRUB_CHANGED,
			  "its files are good; something else was written to the ESP");
	else
		scrub_say(s, LOADER, "", SCRUB_GOOD, "boot sector, core and ESP");
}

static int scrub_loader(struct scrub *s, struct blkio *disk, struct err *e)
{
	const struct medium_partition *core = &s->banks->medium.part[MEDIUM_BIOS];
	const struct medium_partition *esp = &s->banks->medium.part[MEDIUM_ESP];
	char layout_path[CORE_PATH_MAX], skeleton[CORE_PATH_MAX];
	struct loader l = { disk,      core->offset, core->size, esp->offset,
			    esp->size, skeleton,     boot_pace,	 &s->pace };
	struct install_layout layout;
	struct loader_report r;
	struct err why = ERR_INIT;
	_cleanup_close_ int lock = -1;
	bool known;

	if (core_path(layout_path, e, CORE_ROOT, INSTALL_LAYOUT) < 0 ||
	    core_path(skeleton, e, CORE_ROOT, INSTALL_SKELETON) < 0)
		return -1;
	/* An image without a skeleton, or a medium of another shape, has nothing to compare. */
	if (skeleton_layout(&layout, layout_path, &why) < 0 ||
	    loader_examine(&l, &layout, &r, &why) < 0) {
		if (why.kind != ERR_NOT_FOUND && why.kind != ERR_INVALID)
			return err_set(e, why.kind, "%s", why.text);
		scrub_say(s, LOADER, "", SCRUB_SKIPPED, "%s", why.text);
		return 0;
	}
	known = loader_known(s, &r);
	if (known && loader_is_damaged(&r) && !s->check_only) {
		lock = boot_lock(e);
		if (lock < 0 || loader_mend(&l, &layout, &r, e) < 0)
			return -1;
	}
	say_loader(s, &r, known);
	return 0;
}

int scrub_disk(struct scrub *s, struct err *e)
{
	_cleanup_blkio_ struct blkio *disk = blkio_open(s->banks->medium.disk, !s->check_only, e);

	if (!disk || scrub_table(s, disk, e) < 0)
		return -1;
	return scrub_loader(s, disk, e);
}
