// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a file is charged for: pages, bytes of records and inodes, to one
 * ramdisk and one pool. The inode's info lock keeps them together; where a
 * rename moves the file to another ramdisk, all of it moves.
 */
#include "internal.h"

/* The file is the ramdisk's from now on; one inode of it was charged. Holds vi->lock, or alone. */
void visorfs_open_bill(struct visorfs_inode *vi, struct visorfs_ramdisk *rd)
{
	vi->owner = visorfs_get_owner(rd, visorfs_pool());
	vi->names = 1;
	visorfs_owner_add(vi->owner, 0, 1);
	smp_store_release(&vi->rd, rd); /* who sees the ramdisk sees the rest */
}

static s64 bytes_of(const struct visorfs_inode *vi)
{
	return (vi->charged << PAGE_SHIFT) + vi->records;
}

/* The inode goes: gives everything back. */
void visorfs_close_bill(struct visorfs_inode *vi)
{
	if (!vi->rd)
		return;
	if (vi->charged)
		visorfs_uncharge(vi->rd, vi->charged);
	if (vi->records)
		visorfs_uncharge_records(vi->rd, vi->records);
	visorfs_uncharge_inodes(vi->rd, vi->names);
	visorfs_owner_add(vi->owner, -bytes_of(vi), -(s64)vi->names);
	visorfs_put_owner(vi->owner);
}

static void give_to(struct visorfs_inode *vi, struct visorfs_owner *owner)
{
	s64 bytes = bytes_of(vi);

	visorfs_owner_add(vi->owner, -bytes, -(s64)vi->names);
	visorfs_put_owner(vi->owner);
	visorfs_owner_add(owner, bytes, vi->names);
	vi->owner = owner;
}

/* Before the bill grows: a file belongs to the pool that made it grow last. Holds vi->lock. */
static void grown(struct visorfs_inode *vi, s64 bytes)
{
	u64 pool = visorfs_pool();

	if (unlikely(vi->owner->pool != pool))
		give_to(vi, visorfs_get_owner(vi->rd, pool));
	visorfs_owner_add(vi->owner, bytes, 0);
}

/*
 * Charges pages to the file's ramdisk. A rename may move the file to another
 * one at any time (faults do not hold the inode): then it is that one's.
 */
int visorfs_charge_file(struct visorfs_inode *vi, s64 pages)
{
	for (;;) {
		struct visorfs_ramdisk *rd = READ_ONCE(vi->rd);
		bool moved;
		int ret = visorfs_charge(rd, pages);

		if (ret)
			return ret;
		spin_lock(&vi->lock);
		moved = vi->rd != rd;
		if (!moved) {
			grown(vi, pages << PAGE_SHIFT);
			vi->charged += pages;
		}
		spin_unlock(&vi->lock);
		if (!moved)
			return 0;
		visorfs_uncharge(rd, pages);
	}
}

/* Holds vi->lock. */
static void uncharge(struct visorfs_inode *vi, s64 pages)
{
	vi->charged -= pages;
	visorfs_owner_add(vi->owner, -(pages << PAGE_SHIFT), 0);
	visorfs_uncharge(vi->rd, pages);
}

void visorfs_uncharge_file(struct visorfs_inode *vi, s64 pages)
{
	spin_lock(&vi->lock);
	uncharge(vi, pages);
	spin_unlock(&vi->lock);
}

/* After pages left the cache: gives the ramdisk back what was charged for them. */
void visorfs_recharge(struct inode *inode)
{
	struct visorfs_inode *vi = VI(inode);
	s64 own = 0, freed;

	if (vi->compressed)
		own = visorfs_own_pages(inode);
	spin_lock(&vi->lock);
	if (!vi->compressed)
		own = max((s64)inode->i_mapping->nrpages - vi->shared, 0LL);
	freed = vi->charged - own;
	if (freed > 0)
		uncharge(vi, freed);
	spin_unlock(&vi->lock);
}

/* More, or with bytes < 0 less, of link target or attributes. */
int visorfs_file_records(struct visorfs_inode *vi, s64 bytes)
{
	int ret = 0;

	spin_lock(&vi->lock);
	if (bytes > 0)
		ret = visorfs_charge_records(vi->rd, bytes);
	else if (bytes < 0)
		visorfs_uncharge_records(vi->rd, -bytes);
	if (!ret) {
		if (bytes > 0)
			grown(vi, bytes);
		else
			visorfs_owner_add(vi->owner, bytes, 0);
		vi->records += bytes;
	}
	spin_unlock(&vi->lock);
	return ret;
}

/* All that the file has, from another ramdisk; holds vi->lock. */
static int charge_all(const struct visorfs_inode *vi, struct visorfs_ramdisk *to)
{
	if (visorfs_charge_inodes(to, vi->names))
		return -ENOSPC;
	if (vi->charged && visorfs_charge(to, vi->charged))
		goto no_pages;
	if (vi->records && visorfs_charge_records(to, vi->records))
		goto no_records;
	return 0;
no_records:
	if (vi->charged)
		visorfs_uncharge(to, vi->charged);
no_pages:
	visorfs_uncharge_inodes(to, vi->names);
	return -ENOSPC;
}

/* The file moves to another ramdisk, which must have room for all of it; its pool stays. */
int visorfs_move_charge(struct inode *inode, struct visorfs_ramdisk *to)
{
	struct visorfs_inode *vi = VI(inode);
	struct visorfs_ramdisk *from;
	int ret = 0;

	spin_lock(&vi->lock);
	from = vi->rd;
	if (from != to)
		ret = charge_all(vi, to);
	if (!ret && from != to) {
		WRITE_ONCE(vi->rd, to);
		give_to(vi, visorfs_get_owner(to, vi->owner->pool));
		if (vi->charged)
			visorfs_uncharge(from, vi->charged);
		if (vi->records)
			visorfs_uncharge_records(from, vi->records);
		visorfs_uncharge_inodes(from, vi->names);
	}
	spin_unlock(&vi->lock);
	return ret;
}

/* Reserves what the file will be charged when its tardisk goes and it stays. */
int visorfs_pay(struct inode *inode)
{
	struct visorfs_inode *vi = VI(inode);
	s64 shared = READ_ONCE(vi->shared);

	/* A hard link's second name comes here again. */
	if (vi->compressed)
		return vi->stays ? 0 : visorfs_unpack_branch(inode);
	if (vi->paid || !shared)
		return 0;
	if (visorfs_charge(vi->rd, shared))
		return -ENOSPC;
	vi->paid = shared;
	return 0;
}

void visorfs_unpay(struct inode *inode)
{
	struct visorfs_inode *vi = VI(inode);

	if (vi->paid)
		visorfs_uncharge(vi->rd, vi->paid);
	vi->paid = 0;
	if (vi->stays)
		visorfs_repack_branch(inode);
	vi->stays = false;
}
