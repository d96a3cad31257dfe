// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hash table of names: the top of every slot, found by its directory and
 * name whatever the number of tardisks. sw is held, so the table does not
 * change its size; chains change under their bucket's lock and are walked
 * under RCU.
 */
#include <linux/hash.h>
#include <linux/slab.h>
#include <linux/stringhash.h>
#include <linux/bit_spinlock.h> /* wants what the others bring */

#include "internal.h"

#define MIN_BITS 8

/* A chain of entries; the lowest bit of first is its lock. */
struct visorfs_bucket {
	unsigned long first;
};

#define LOCK_BIT 0
#define LOCKED BIT(LOCK_BIT)

int visorfs_names_init(struct visorfs_sb *sbi)
{
	sbi->bucket_bits = MIN_BITS;
	sbi->buckets = kvcalloc(1u << MIN_BITS, sizeof(*sbi->buckets), GFP_KERNEL);
	return sbi->buckets ? 0 : -ENOMEM;
}

void visorfs_names_exit(struct visorfs_sb *sbi)
{
	kvfree(sbi->buckets);
}

static u32 hash_of(const struct visorfs_entry *e)
{
	return full_name_hash(e->dir, visorfs_name(e), e->len);
}

static struct visorfs_bucket *bucket_of(struct visorfs_sb *sbi, u32 hash)
{
	return &sbi->buckets[hash_32(hash, sbi->bucket_bits)];
}

static struct visorfs_entry *first_in(const struct visorfs_bucket *bucket)
{
	return (struct visorfs_entry *)(READ_ONCE(bucket->first) & ~LOCKED);
}

/* Buckets for so many more slots, or NULL if those there suffice or memory is short. */
struct visorfs_bucket *visorfs_names_room(struct visorfs_sb *sbi, u32 more, u32 *bits)
{
	u32 need = atomic_read(&sbi->slots) + more;

	if (need <= 2u << sbi->bucket_bits)
		return NULL;
	*bits = min_t(u32, order_base_2(need), 24);
	return kvcalloc(1u << *bits, sizeof(struct visorfs_bucket), GFP_KERNEL | __GFP_NOWARN);
}

void visorfs_hash(struct visorfs_sb *sbi, struct visorfs_entry *e)
{
	struct visorfs_bucket *bucket = bucket_of(sbi, hash_of(e));

	bit_spin_lock(LOCK_BIT, &bucket->first);
	WRITE_ONCE(e->next, first_in(bucket));
	/* Pairs with the dependency of those who walk the chain. */
	smp_store_release(&bucket->first, (unsigned long)e | LOCKED);
	bit_spin_unlock(LOCK_BIT, &bucket->first);
}

/* Walkers may still stand on the entry: its own next stays. */
void visorfs_unhash(struct visorfs_sb *sbi, struct visorfs_entry *e)
{
	struct visorfs_bucket *bucket = bucket_of(sbi, hash_of(e));
	struct visorfs_entry *before;

	bit_spin_lock(LOCK_BIT, &bucket->first);
	before = first_in(bucket);
	if (before == e) {
		WRITE_ONCE(bucket->first, (unsigned long)e->next | LOCKED);
	} else {
		while (before->next != e)
			before = before->next;
		WRITE_ONCE(before->next, e->next);
	}
	bit_spin_unlock(LOCK_BIT, &bucket->first);
}

/* Moves all slots into new buckets; sw is held for writing. Frees the old ones. */
void visorfs_names_resize(struct visorfs_sb *sbi, struct visorfs_bucket *buckets, u32 bits)
{
	struct visorfs_bucket *old = sbi->buckets;
	u32 count = 1u << sbi->bucket_bits;
	struct visorfs_entry *e, *next;
	u32 i;

	sbi->buckets = buckets;
	sbi->bucket_bits = bits;
	for (i = 0; i < count; i++) {
		for (e = first_in(&old[i]); e; e = next) {
			next = e->next;
			visorfs_hash(sbi, e);
		}
	}
	kvfree(old);
}

/* Before a name is made: keeps the buckets short. Nothing is lost if there is no memory. */
void visorfs_names_grow(struct visorfs_sb *sbi)
{
	struct visorfs_bucket *buckets;
	u32 bits;

	if (likely(atomic_read(&sbi->slots) <= 2 << READ_ONCE(sbi->bucket_bits)))
		return;
	mutex_lock(&sbi->switch_mutex);
	buckets = visorfs_names_room(sbi, 0, &bits);
	if (buckets) {
		down_write(&sbi->sw);
		visorfs_names_resize(sbi, buckets, bits);
		up_write(&sbi->sw);
	}
	mutex_unlock(&sbi->switch_mutex);
}

/* The visible entry of a name (a whiteout too), or NULL. */
struct visorfs_entry *visorfs_find(struct visorfs_sb *sbi, struct visorfs_dir *dir,
				   const char *name, u32 len)
{
	u32 hash = full_name_hash(dir, name, len);
	struct visorfs_entry *e;

	rcu_read_lock();
	for (e = first_in(bucket_of(sbi, hash)); e; e = READ_ONCE(e->next))
		if (e->dir == dir && e->len == len && !memcmp(visorfs_name(e), name, len))
			break;
	rcu_read_unlock();
	return e;
}

struct visorfs_entry *visorfs_top(struct visorfs_sb *sbi, const struct visorfs_entry *e)
{
	return visorfs_find(sbi, e->dir, visorfs_name(e), e->len);
}
