// SPDX-License-Identifier: GPL-2.0-only
/*
 * The slots of the namespace: one hash table of the visible entry of every
 * name in every directory, each with the stack of what it hides.
 *
 * Readers hold sw for reading and the directory (or sw for writing), so that
 * the stack they look at stands still. Other names of the same bucket may
 * change meanwhile; therefore buckets are walked under RCU and changed under
 * their bit lock.
 */
#include <linux/hash.h>
#include <linux/slab.h>
#include <linux/stringhash.h>

#include "internal.h"

#define MIN_BITS 8
#define FIRST_COOKIE 2 /* 0 and 1 are "." and ".." */

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

static struct hlist_bl_head *bucket_of(struct visorfs_sb *sbi, u32 hashval)
{
	return &sbi->buckets[hash_32(hashval, sbi->bucket_bits)];
}

/* Buckets for so many more slots, or NULL if those there suffice or memory is short. */
struct hlist_bl_head *visorfs_names_room(struct visorfs_sb *sbi, u32 more, u32 *bits)
{
	u32 need = atomic_read(&sbi->slots) + more;

	if (need <= 1u << sbi->bucket_bits)
		return NULL;
	*bits = min_t(u32, order_base_2(need), 24);
	return kvcalloc(1u << *bits, sizeof(struct hlist_bl_head), GFP_KERNEL | __GFP_NOWARN);
}

static void hash_entry(struct visorfs_sb *sbi, struct visorfs_entry *e)
{
	struct hlist_bl_head *bucket = bucket_of(sbi, e->hashval);

	hlist_bl_lock(bucket);
	hlist_bl_add_head_rcu(&e->hash, bucket);
	hlist_bl_unlock(bucket);
}

static void unhash_entry(struct visorfs_sb *sbi, struct visorfs_entry *e)
{
	struct hlist_bl_head *bucket = bucket_of(sbi, e->hashval);

	hlist_bl_lock(bucket);
	hlist_bl_del_rcu(&e->hash);
	hlist_bl_unlock(bucket);
}

/* Moves all slots into new buckets; sw is held for writing. Frees the old ones. */
void visorfs_names_resize(struct visorfs_sb *sbi, struct hlist_bl_head *buckets, u32 bits)
{
	struct hlist_bl_head *old = sbi->buckets;
	u32 count = 1u << sbi->bucket_bits;
	struct hlist_bl_node *node, *next;
	struct visorfs_entry *e;
	u32 i;

	sbi->buckets = buckets;
	sbi->bucket_bits = bits;
	for (i = 0; i < count; i++) {
		hlist_bl_for_each_entry_safe(e, node, next, &old[i], hash) {
			hlist_bl_del(&e->hash);
			hash_entry(sbi, e);
		}
	}
	kvfree(old);
}

/* Before a name is made: keeps the buckets short. Nothing is lost if there is no memory. */
void visorfs_names_grow(struct visorfs_sb *sbi)
{
	struct hlist_bl_head *buckets;
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
	u32 hashval = full_name_hash(dir, name, len);
	struct hlist_bl_node *node;
	struct visorfs_entry *e;

	rcu_read_lock();
	hlist_bl_for_each_entry_rcu(e, node, bucket_of(sbi, hashval), hash) {
		if (e->hashval == hashval && e->dir == dir && e->len == len &&
		    !memcmp(e->name, name, len))
			goto out;
	}
	e = NULL;
out:
	rcu_read_unlock();
	return e;
}

/* Keeps the counts of a directory right when what is seen under a name changes. */
static void count_top(struct visorfs_dir *dir, const struct visorfs_entry *e, int by)
{
	if (!e || e->type == DT_WHT)
		return;
	dir->visible += by;
	if (e->type == DT_DIR)
		dir->subdirs += by;
}

static void replace_top(struct visorfs_sb *sbi, struct visorfs_entry *old,
			struct visorfs_entry *new)
{
	new->cookie = old->cookie;
	unhash_entry(sbi, old);
	hash_entry(sbi, new);
	/* The place is there already: this allocates nothing. */
	xa_store(&new->dir->names, new->cookie, new, GFP_KERNEL | __GFP_NOFAIL);
	count_top(new->dir, old, -1);
	count_top(new->dir, new, 1);
}

static int new_slot(struct visorfs_sb *sbi, struct visorfs_entry *e, gfp_t gfp)
{
	int ret;

	ret = xa_alloc_cyclic(&e->dir->names, &e->cookie, e, XA_LIMIT(FIRST_COOKIE, S32_MAX),
			      &e->dir->next_cookie, gfp);
	if (ret < 0)
		return ret == -EBUSY ? -ENOSPC : ret;
	hash_entry(sbi, e);
	atomic_inc(&sbi->slots);
	count_top(e->dir, e, 1);
	return 0;
}

/*
 * Puts an entry on the stack of its name: an upper one on top, a tardisk's
 * below the upper one, if there is one, and above all others. With
 * __GFP_NOFAIL in gfp it cannot fail.
 */
int visorfs_push(struct visorfs_sb *sbi, struct visorfs_entry *e, gfp_t gfp)
{
	struct visorfs_entry *top = visorfs_find(sbi, e->dir, e->name, e->len);

	e->hashval = full_name_hash(e->dir, e->name, e->len);
	e->below = NULL;
	if (!top)
		return new_slot(sbi, e, gfp);
	if (e->td && !top->td) {
		e->below = top->below;
		top->below = e;
		return 0;
	}
	e->below = top;
	replace_top(sbi, top, e);
	return 0;
}

/* Takes an entry off the stack of its name, wherever it is in it. */
void visorfs_pull(struct visorfs_sb *sbi, struct visorfs_entry *e)
{
	struct visorfs_entry *top = visorfs_find(sbi, e->dir, e->name, e->len);
	struct visorfs_entry **at;

	if (top == e) {
		if (e->below) {
			replace_top(sbi, e, e->below);
		} else {
			unhash_entry(sbi, e);
			xa_erase(&e->dir->names, e->cookie);
			atomic_dec(&sbi->slots);
			count_top(e->dir, e, -1);
		}
		return;
	}
	for (at = &top->below; *at; at = &(*at)->below) {
		if (*at == e) {
			*at = e->below;
			return;
		}
	}
}

struct visorfs_entry *visorfs_new_upper(struct visorfs_dir *dir, const char *name, u32 len)
{
	struct visorfs_upper *u;

	u = kzalloc(struct_size(u, name, len), GFP_KERNEL_ACCOUNT);
	if (!u)
		return NULL;
	memcpy(u->name, name, len);
	INIT_LIST_HEAD(&u->removed);
	u->e.dir = dir;
	u->e.name = u->name;
	u->e.len = len;
	return &u->e;
}

void visorfs_free_upper(struct visorfs_entry *e)
{
	if (e)
		kfree_rcu(visorfs_upper(e), rcu);
}

struct visorfs_dir *visorfs_entry_dir(const struct visorfs_entry *e)
{
	if (e->type != DT_DIR)
		return NULL;
	return e->td ? e->obj->dir : e->subdir;
}

/* The directory that a stack holds at any depth: all of its providers share one. */
struct visorfs_dir *visorfs_stack_dir(const struct visorfs_entry *top)
{
	for (; top; top = top->below)
		if (top->type == DT_DIR)
			return visorfs_entry_dir(top);
	return NULL;
}

static char *prepend(char *at, char *buf, const char *name, u32 len)
{
	if (!at || at - buf < len + 1)
		return NULL;
	at -= len;
	memcpy(at, name, len);
	*--at = '/';
	return at;
}

/*
 * Paths for messages and for the list of changed state files, from the root
 * of the file system; sw is held for writing, or the answer may be late.
 */
char *visorfs_dir_path(const struct visorfs_dir *dir, char *buf, int size)
{
	char *at = buf + size - 1;

	*at = '\0';
	for (; at && dir->parent; dir = dir->parent) {
		if (!dir->self)
			return NULL;
		at = prepend(at, buf, dir->self->name, dir->self->len);
	}
	if (at && !*at)
		*--at = '/';
	return at;
}

char *visorfs_entry_path(const struct visorfs_entry *e, char *buf, int size)
{
	char *path;

	/* The directory's path ends where the name begins. */
	if (size < e->len + 3)
		return NULL;
	path = visorfs_dir_path(e->dir, buf, size - e->len - 1);
	if (!path)
		return NULL;
	if (!path[1])
		path++; /* the root's slash is the one that follows */
	buf[size - e->len - 2] = '/';
	memcpy(buf + size - e->len - 1, e->name, e->len);
	buf[size - 1] = '\0';
	return path;
}
