// SPDX-License-Identifier: Apache-2.0
/* A medium that is not the one that this host was started from, or not as it left it. */
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "cleanup.h"
#include "userworld/core/event.h"
#include "userworld/medium/medium.h"
#include "userworld/stated/seal.h"

/* The disk of a partition, or the disk itself: by the folder that it is in below /sys. */
static int disk_of(const char *device, char disk[static KEEP_DEVICE], struct err *e)
{
	char link[64], target[512];
	struct stat st;
	ssize_t len;
	char *name;

	if (stat(device, &st) < 0 || !S_ISBLK(st.st_mode))
		return err_set(e, ERR_NOT_FOUND, "%s: is no block device", device);
	snprintf(link, sizeof(link), "/sys/dev/block/%u:%u", major(st.st_rdev), minor(st.st_rdev));
	len = readlink(link, target, sizeof(target) - 1);
	if (len < 0)
		return err_set(e, ERR_NOT_FOUND, "%s: is no block device of this host", device);
	target[len] = '\0';
	name = basename(target);
	snprintf(link, sizeof(link), "/sys/dev/block/%u:%u/partition", major(st.st_rdev),
		 minor(st.st_rdev));
	if (access(link, F_OK) == 0) {
		*(name - 1) = '\0';
		name = basename(target);
	}
	snprintf(disk, KEEP_DEVICE, "/dev/%.32s", name);
	return 0;
}

static int find_partition(const char *device, struct medium_partition *p, struct err *e)
{
	char disk[KEEP_DEVICE];
	struct medium m;

	if (disk_of(device, disk, e) < 0 || medium_read(NULL, disk + strlen("/dev/"), &m, e) < 0)
		return -1;
	*p = m.part[MEDIUM_STATE];
	if (!p->present)
		return err_set(e, ERR_NOT_FOUND,
			       "%s: has no partition %s: write a boot medium to it first", disk,
			       medium_part_name(MEDIUM_STATE));
	if (strcmp(device, disk) != 0 && strcmp(device, p->device) != 0)
		return err_set(e, ERR_INVALID, "%s: state is on %s of that disk", device,
			       p->device);
	return 0;
}

/* Whatever is there, its history too if it has one that can be read. */
static int take_over(struct keeper *k, struct err *e)
{
	enum state_store_kind kind = STATE_STORE_BLANK;
	struct state_store s = { 0 };
	_cleanup_free_ uint8_t *payload = NULL;
	struct err own = ERR_INIT;
	int rc;

	if (keeper_open(k, true, e) < 0)
		return -1;
	rc = state_store_open(&s, k->store.io, seal_opener(), &kind, NULL, NULL, &own);
	if (rc < 0 && own.kind != ERR_INVALID) {
		keeper_close(k);
		return err_set(e, own.kind, "%s", own.text);
	}
	if (rc < 0 || kind == STATE_STORE_BLANK) {
		state_store_close(&s);
		rc = seal_make_store(k, &s, k->store.io, e);
	}
	memset(&k->base, 0, sizeof(k->base));
	if (rc == 0)
		rc = state_store_newest(&s, &k->base, &payload, NULL, NULL, e);
	keeper_close(k);
	s.io = NULL;
	state_store_close(rc < 0 ? &s : &k->store);
	if (rc >= 0)
		k->store = s;
	return rc < 0 ? -1 : 0;
}

int keeper_adopt(struct keeper *k, const char *device, struct err *e)
{
	struct medium_partition p;
	char before[KEEP_DEVICE];

	if (find_partition(device, &p, e) < 0)
		return -1;
	memcpy(before, k->device, sizeof(before));
	memcpy(k->device, p.device, sizeof(k->device));
	if (take_over(k, e) < 0) {
		memcpy(k->device, before, sizeof(before));
		return -1;
	}
	memcpy(k->adopted, p.guid, sizeof(k->adopted));
	k->has_store = k->loaded = true;
	k->locked = false;
	k->blank = false;
	k->seen = k->store.ring.count ? k->store.ring.list[0].number : 0;
	k->force = true;
	state_snapshot_free(&k->saved);
	k->mode = KEEP_READY;
	k->why[0] = '\0';
	keeper_say(EVENT_STATE_CHANGED, "%s is the medium for state from now on", k->device);
	core_event(EVENT_MEDIUM_BACK, NULL, "There is a medium for state: %s", k->device);
	core_event(EVENT_STATE_SAVED, NULL, "State can be saved again");
	return 0;
}
