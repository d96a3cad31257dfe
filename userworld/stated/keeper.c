// SPDX-License-Identifier: Apache-2.0
/* Where the medium is, and whether it may be written to. */
#include "userworld/stated/keeper.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "log.h"
#include "userworld/core/event.h"
#include "userworld/medium/medium.h"
#include "userworld/stated/seal.h"

void keeper_say(enum event_id id, const char *fmt, ...)
{
	char text[480];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	core_event(id, NULL, "%s", text); /* is in the log, too */
}

const char *keeper_mode_word(enum keep_mode mode)
{
	static const char *const words[] = {
		[KEEP_STATELESS] = "stateless", [KEEP_READY] = "ready",	  [KEEP_GONE] = "gone",
		[KEEP_REFUSED] = "refused",	[KEEP_FAILED] = "failed", [KEEP_RESET] = "reset",
	};

	return words[mode];
}

int64_t keeper_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void on_damage(void *context, const char *text)
{
	(void)context;
	keeper_say(EVENT_STATE_DAMAGED, "State on the medium: %s", text);
}

static void set(struct keeper *k, enum keep_mode mode, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void set(struct keeper *k, enum keep_mode mode, const char *fmt, ...)
{
	va_list ap;

	k->mode = mode;
	va_start(ap, fmt);
	vsnprintf(k->why, sizeof(k->why), fmt, ap);
	va_end(ap);
}

/* The partition of that identity on any disk: a device has another name when it comes back. */
static int find_adopted(const char *guid, char device[static KEEP_DEVICE], struct err *e)
{
	_cleanup_closedir_ DIR *dir = opendir("/sys/block");
	struct dirent *entry;
	struct medium m;

	/* After a rebuild it is the boot medium's: that is found even if its table is damaged. */
	medium_find(&m, NULL);
	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || medium_read(NULL, entry->d_name, &m, NULL) < 0 ||
		    !m.part[MEDIUM_STATE].present || strcmp(m.part[MEDIUM_STATE].guid, guid) != 0)
			continue;
		memcpy(device, m.part[MEDIUM_STATE].device, KEEP_DEVICE);
		return 0;
	}
	return err_set(e, ERR_NOT_FOUND, "the medium that was adopted is not there");
}

int keeper_find(const struct keeper *k, char device[static KEEP_DEVICE], struct err *e)
{
	struct medium m;

	device[0] = '\0';
	if (k->adopted[0])
		return find_adopted(k->adopted, device, e);
	if (medium_find(&m, e) < 0)
		return -1;
	if (!m.part[MEDIUM_STATE].present)
		return err_set(e, ERR_INVALID, "%s has no partition %s", m.disk,
			       medium_part_name(MEDIUM_STATE));
	memcpy(device, m.part[MEDIUM_STATE].device, KEEP_DEVICE);
	return 0;
}

int keeper_open(struct keeper *k, bool writable, struct err *e)
{
	if (!k->device[0])
		return err_set(e, ERR_UNAVAILABLE, "there is no medium for state: %s",
			       k->why[0] ? k->why : "none is there");
	k->store.io = blkio_open(k->device, writable, e);
	return k->store.io ? 0 : -1;
}

void keeper_close(struct keeper *k)
{
	blkio_close(k->store.io);
	k->store.io = NULL;
}

/* The newest header of a store, or 0. */
static uint64_t newest_of(const struct state_store *s)
{
	return s->ring.count ? s->ring.list[0].number : 0;
}

/* The store that is there now, against what we know. Takes it over if it is ours. */
static void judge(struct keeper *k, struct state_store *now, enum state_store_kind kind)
{
	bool same = k->has_store && kind == STATE_STORE_READY &&
		    state_record_same(&k->store.record, &now->record);

	if (k->mode == KEEP_RESET)
		return;
	if (kind == STATE_STORE_BLANK && k->has_store && !k->blank)
		set(k, KEEP_REFUSED,
		    "the medium %s is blank: state is not saved before it is adopted (\"system "
		    "state adopt\")",
		    k->device);
	else if (kind == STATE_STORE_BLANK)
		set(k, KEEP_READY, "%s", "");
	else if (k->has_store && !same)
		set(k, KEEP_REFUSED,
		    "the medium %s has the state of another store: nothing is saved there before "
		    "it is adopted (\"system state adopt\")",
		    k->device);
	else if (!k->booting && newest_of(now) != (k->loaded ? k->seen : 0))
		set(k, KEEP_REFUSED,
		    "%s has generation %" PRIu64 " of the state, which this host did not load: "
		    "restart the host to use it, or \"system state adopt\" to replace it",
		    k->device, newest_of(now));
	else
		set(k, KEEP_READY, "%s", "");
	if (k->mode != KEEP_READY)
		return;
	k->blank = kind == STATE_STORE_BLANK;
	k->seen = newest_of(now);
	k->loaded = !k->booting;
	k->has_store = k->has_store || kind == STATE_STORE_READY;
	state_store_close(&k->store);
	k->store = *now;
	memset(now, 0, sizeof(*now));
}

static void look_at_store(struct keeper *k)
{
	_cleanup_blkio_ struct blkio *io = NULL;
	struct state_store now = { 0 };
	struct err e = ERR_INIT;
	enum state_store_kind kind;

	io = blkio_open(k->device, false, &e);
	if (!io) {
		set(k, KEEP_GONE, "%s", e.text);
		return;
	}
	if (state_store_open(&now, io, seal_opener(), &kind, on_damage, NULL, &e) == 0)
		judge(k, &now, kind);
	else if (now.locked)
		set(k, KEEP_REFUSED,
		    "%s. Put that right and restart the host, or \"system state adopt\" makes a "
		    "new "
		    "store there, for a backup to be restored; what it has is lost then",
		    e.text);
	else
		set(k, e.kind == ERR_INVALID ? KEEP_REFUSED : KEEP_FAILED, "%s", e.text);
	k->locked = now.locked;
	state_store_close(&now);
	k->store.io = NULL;
}

bool keeper_look(struct keeper *k)
{
	enum keep_mode before = k->mode;
	struct err e = ERR_INIT;

	if ((k->mode == KEEP_STATELESS && !k->adopted[0]) || k->mode == KEEP_RESET)
		return false;
	if (keeper_find(k, k->device, &e) < 0) {
		k->device[0] = '\0';
		k->locked = false;
		if (e.kind == ERR_NOT_FOUND)
			set(k, KEEP_GONE,
			    "the medium is not there (%s): changes are kept in memory and saved "
			    "when it is back",
			    e.text);
		else
			set(k, KEEP_REFUSED, "%s", e.text);
	} else {
		look_at_store(k);
	}
	return k->mode != before;
}
