/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of a switch share: switch.c, attach.c, detach.c, drop.c. */
#ifndef VISORFS_SWITCH_H
#define VISORFS_SWITCH_H

#include "internal.h"

#define VISORFS_NOFAIL (GFP_KERNEL | __GFP_NOFAIL)
#define VISORFS_MSG_PATH (VISORFS_MSG_MAX / 2) /* bytes of a path in a message */

/* drop.c: drops cached names; remembers the last directory, as names come in order */
struct visorfs_dropper {
	struct visorfs_sb *sbi;
	struct visorfs_dir *dir;
	struct dentry *dentry; /* of dir, NULL: nothing below it is cached */
	struct list_head news; /* for watchers, told when all is over */
	u64 first_new; /* order of the first tardisk that comes */
	struct inode *busy; /* a file that forbids the switch, with a reference, or NULL */
	struct visorfs_msg why; /* "TARDISK: PATH" of it */
};

void visorfs_drop_name(struct visorfs_dropper *d, const struct visorfs_entry *e);
bool visorfs_is_mounted_on(struct visorfs_dropper *d, const struct visorfs_entry *e);
void visorfs_dropper_leave(struct visorfs_dropper *d);

/* attach.c */
bool visorfs_is_top(struct visorfs_sb *sbi, const struct visorfs_entry *e);
const char *visorfs_msg_path(const struct visorfs_entry *e, char *buf);
int visorfs_link_tardisk(struct visorfs_sb *sbi, struct visorfs_tardisk *td,
			 struct visorfs_msg *msg);
void visorfs_drop_attached(struct visorfs_dropper *d, struct visorfs_tardisk *td);
void visorfs_unlink_obj(struct visorfs_sb *sbi, struct visorfs_obj *obj);
void visorfs_unlink_entries(struct visorfs_sb *sbi, struct visorfs_tardisk *td, u32 count);

bool visorfs_was_visible(const struct visorfs_dropper *d, const struct visorfs_entry *e);

/* notify.c */
void visorfs_note(struct visorfs_dropper *d, const struct visorfs_entry *e, struct dentry *dir,
		  struct dentry *child);
void visorfs_tell_news(struct visorfs_dropper *d);

/* holders.c */
void visorfs_describe_holders(const struct inode *inode, char *buf, size_t size);

/* plan.c */
int visorfs_plan_detach(struct visorfs_dropper *d, const struct visorfs_change *changes, u32 count,
			struct visorfs_msg *msg);
void visorfs_forget_plan(struct visorfs_tardisk *td, bool refused);
void visorfs_drop_detached(struct visorfs_dropper *d, const struct visorfs_change *change);

/* detach.c */
bool visorfs_is_kept(struct visorfs_sb *sbi, const struct visorfs_entry *e, u32 flags);
int visorfs_pay_branches(struct visorfs_sb *sbi, const struct visorfs_change *change,
			 struct visorfs_msg *msg);
void visorfs_unlink_tardisk(struct visorfs_sb *sbi, const struct visorfs_change *change);

#endif
