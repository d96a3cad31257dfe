// SPDX-License-Identifier: GPL-2.0-only
/*
 * What names are charged for. Every name that a ramdisk holds counts one
 * inode, which pays for the inode, the entry and NAME_FREE bytes of the name:
 * a file's first name and its inode are one, each further hard link counts
 * again, as do directories and whiteouts. The rest of a long name is a record.
 */
#include "internal.h"

#define NAME_FREE 64 /* bytes */

static u32 rest_of(u32 len)
{
	return len > NAME_FREE ? len - NAME_FREE : 0;
}

static void add_records(struct visorfs_inode *vi, s64 bytes)
{
	vi->records += bytes;
	visorfs_owner_add(vi->owner, bytes, 0);
}

/*
 * An upper name is about to be given to a file. The second and further ones
 * count an inode, but not one that replaces another upper name.
 */
int visorfs_charge_name(struct visorfs_inode *vi, u32 len, bool replaces)
{
	u32 rest = rest_of(len);
	int ret = 0, more;

	if (!rest && (replaces || !atomic_read(&vi->uppers)))
		return 0;
	spin_lock(&vi->lock);
	more = !replaces && atomic_read(&vi->uppers) > 0;
	if (more)
		ret = visorfs_charge_inodes(vi->rd, 1);
	if (!ret && rest) {
		ret = visorfs_charge_records(vi->rd, rest);
		if (ret && more)
			visorfs_uncharge_inodes(vi->rd, 1);
	}
	if (!ret) {
		vi->names += more;
		add_records(vi, rest);
		visorfs_owner_add(vi->owner, 0, more);
	}
	spin_unlock(&vi->lock);
	return ret;
}

/* The same where it cannot be refused any more. */
void visorfs_force_name(struct visorfs_inode *vi, u32 len)
{
	u32 rest = rest_of(len);

	spin_lock(&vi->lock);
	if (atomic_read(&vi->uppers)) {
		visorfs_force_inodes(vi->rd, 1);
		visorfs_owner_add(vi->owner, 0, 1);
		vi->names++;
	}
	if (rest) {
		visorfs_force_records(vi->rd, rest);
		add_records(vi, rest);
	}
	spin_unlock(&vi->lock);
}

/* A file lost an upper name, or was not given it after all. */
void visorfs_uncharge_name(struct visorfs_inode *vi, u32 len)
{
	u32 rest = rest_of(len);
	s64 less;

	if (!rest && vi->names == 1)
		return;
	spin_lock(&vi->lock);
	less = (s64)vi->names - max(atomic_read(&vi->uppers), 1);
	if (less > 0) {
		visorfs_uncharge_inodes(vi->rd, less);
		visorfs_owner_add(vi->owner, 0, -less);
		vi->names -= less;
	}
	if (rest) {
		visorfs_uncharge_records(vi->rd, rest);
		add_records(vi, -(s64)rest);
	}
	spin_unlock(&vi->lock);
}

static struct visorfs_owner *open_record(struct visorfs_ramdisk *rd, u32 rest)
{
	struct visorfs_owner *owner = visorfs_get_owner(rd, visorfs_pool());

	visorfs_owner_add(owner, rest, 1);
	return owner;
}

static int charge_one(struct visorfs_ramdisk *rd, u32 rest)
{
	int ret = visorfs_charge_inodes(rd, 1);

	if (!ret && rest) {
		ret = visorfs_charge_records(rd, rest);
		if (ret)
			visorfs_uncharge_inodes(rd, 1);
	}
	return ret;
}

static void force_one(struct visorfs_ramdisk *rd, u32 rest)
{
	visorfs_force_inodes(rd, 1);
	if (rest)
		visorfs_force_records(rd, rest);
}

static void uncharge_one(struct visorfs_owner *owner, u32 records)
{
	visorfs_uncharge_inodes(owner->rd, 1);
	if (records)
		visorfs_uncharge_records(owner->rd, records);
	visorfs_owner_add(owner, -(s64)records, -1);
	visorfs_put_owner(owner);
}

/* A directory with a name of len bytes is made, or one of a tardisk is changed (len 0). */
int visorfs_charge_dir(struct visorfs_dir *dir, struct visorfs_ramdisk *rd, u32 len)
{
	int ret = charge_one(rd, rest_of(len));

	if (!ret) {
		dir->records = rest_of(len);
		dir->owner = open_record(rd, dir->records);
	}
	return ret;
}

/* The directory becomes the ramdisk's, whatever it has room for. */
void visorfs_force_dir(struct visorfs_dir *dir, struct visorfs_ramdisk *rd, u32 len)
{
	u32 rest = rest_of(len);

	if (dir->owner) {
		if (rest)
			visorfs_force_records(dir->owner->rd, rest);
		visorfs_owner_add(dir->owner, rest, 0);
		dir->records += rest;
		return;
	}
	force_one(rd, rest);
	dir->records = rest;
	dir->owner = open_record(rd, rest);
}

/* More, or with bytes < 0 less, of attributes. */
int visorfs_dir_records(struct visorfs_dir *dir, s64 bytes)
{
	int ret = 0;

	if (bytes > 0)
		ret = visorfs_charge_records(dir->owner->rd, bytes);
	else if (bytes < 0)
		visorfs_uncharge_records(dir->owner->rd, -bytes);
	if (!ret) {
		dir->records += bytes;
		visorfs_owner_add(dir->owner, bytes, 0);
	}
	return ret;
}

/* The directory gets a name of another length. */
int visorfs_rename_dir(struct visorfs_dir *dir, u32 from, u32 to)
{
	return dir->owner ? visorfs_dir_records(dir, (s64)rest_of(to) - rest_of(from)) : 0;
}

/* The directory is gone, or no longer the ramdisk's. */
void visorfs_uncharge_dir(struct visorfs_dir *dir)
{
	if (dir->owner)
		uncharge_one(dir->owner, dir->records);
	dir->owner = NULL;
	dir->records = 0;
}

/*
 * The entry becomes a whiteout. It cannot be refused where what it hides gives
 * its own inode back: then a full ramdisk would not let go of anything.
 */
int visorfs_charge_whiteout(struct visorfs_entry *wht, bool can_fail)
{
	struct visorfs_ramdisk *rd = wht->dir->rd;
	u32 rest = rest_of(wht->len);
	int ret = 0;

	if (can_fail)
		ret = charge_one(rd, rest);
	else
		force_one(rd, rest);
	if (!ret) {
		wht->type = DT_WHT;
		wht->owner = open_record(rd, rest);
	}
	return ret;
}

void visorfs_uncharge_whiteout(struct visorfs_entry *wht)
{
	if (wht->owner)
		uncharge_one(wht->owner, rest_of(wht->len));
	wht->owner = NULL;
}
