// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who holds a ramdisk: each file, directory and whiteout belongs to a pool,
 * the control group of the process that made it, or made it grow last. A
 * ramdisk has a table of 64 pools; those that find no place in it are one,
 * number 0. Pools are known by their numbers, as the group may go before its
 * files do.
 */
#include <linux/cgroup.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "internal.h"

/* The number of the group that the process is in; it changes when the process moves. */
u64 visorfs_pool(void)
{
	u64 pool = 0;

#ifdef CONFIG_CGROUPS
	rcu_read_lock();
	pool = cgroup_id(task_dfl_cgroup(current));
	rcu_read_unlock();
#endif
	return pool;
}

void visorfs_init_owners(struct visorfs_ramdisk *rd)
{
	struct visorfs_owner *owner;

	spin_lock_init(&rd->owners_lock);
	for (owner = rd->owners; owner < rd->owners + VISORFS_OWNERS; owner++)
		owner->rd = rd;
	atomic_set(&rd->owners[0].refs, 1); /* never a free place */
}

void visorfs_put_owner(struct visorfs_owner *owner)
{
	atomic_dec(&owner->refs);
}

static struct visorfs_owner *find(struct visorfs_ramdisk *rd, u64 pool)
{
	struct visorfs_owner *owner;

	for (owner = rd->owners; owner < rd->owners + VISORFS_OWNERS; owner++) {
		if (READ_ONCE(owner->pool) != pool || !atomic_inc_not_zero(&owner->refs))
			continue;
		/* The place may have been given to another one before it was held. */
		if (READ_ONCE(owner->pool) == pool)
			return owner;
		visorfs_put_owner(owner);
	}
	return NULL;
}

/* The pool's place in the ramdisk's table, held until visorfs_put_owner(). Never NULL. */
struct visorfs_owner *visorfs_get_owner(struct visorfs_ramdisk *rd, u64 pool)
{
	struct visorfs_owner *owner = find(rd, pool), *end = rd->owners + VISORFS_OWNERS;

	if (likely(owner))
		return owner;
	spin_lock(&rd->owners_lock);
	owner = find(rd, pool); /* it may have come meanwhile */
	if (owner)
		goto out;
	for (owner = rd->owners + 1; owner < end && atomic_read(&owner->refs); owner++)
		;
	if (owner == end) {
		owner = rd->owners;
		atomic_inc(&owner->refs);
		goto out;
	}
	WRITE_ONCE(owner->pool, pool);
	atomic_set_release(&owner->refs, 1); /* from here on it is found */
out:
	spin_unlock(&rd->owners_lock);
	return owner;
}

void visorfs_owner_add(struct visorfs_owner *owner, s64 bytes, s64 inodes)
{
	if (bytes)
		atomic64_add(bytes, &owner->bytes);
	if (inodes)
		atomic64_add(inodes, &owner->inodes);
}

struct row {
	u64 pool;
	s64 bytes;
	s64 inodes;
};

static int larger_first(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return x->inodes == y->inodes ? 0 : x->inodes < y->inodes ? 1 : -1;
}

/* A line for each pool that holds something: number, bytes, inodes; the largest first. */
ssize_t visorfs_show_owners(struct visorfs_ramdisk *rd, char *buf)
{
	struct row *rows = kmalloc_array(VISORFS_OWNERS, sizeof(*rows), GFP_KERNEL);
	ssize_t len = 0;
	int n = 0, i;

	if (!rows)
		return -ENOMEM;
	for (i = 0; i < VISORFS_OWNERS; i++) {
		struct visorfs_owner *owner = &rd->owners[i];
		struct row row = { READ_ONCE(owner->pool), atomic64_read(&owner->bytes),
				   atomic64_read(&owner->inodes) };

		if (row.bytes || row.inodes)
			rows[n++] = row;
	}
	sort(rows, n, sizeof(*rows), larger_first, NULL);
	for (i = 0; i < n; i++)
		len += sysfs_emit_at(buf, len, "%llu %lld %lld\n", rows[i].pool, rows[i].bytes,
				     rows[i].inodes);
	kfree(rows);
	return len;
}

static void pool_path(u64 pool, char *buf, int size)
{
#ifdef CONFIG_CGROUPS
	struct cgroup *cgroup = pool ? cgroup_get_from_id(pool) : ERR_PTR(-ENOENT);
	int len;

	if (!IS_ERR(cgroup)) {
		len = cgroup_path(cgroup, buf, size);
		cgroup_put(cgroup);
		if (len > 0 || len == -E2BIG)
			return;
	}
#endif
	snprintf(buf, size, pool ? "number %llu" : "(others)", pool);
}

/*
 * "POOL (N KiB)" of the pool that holds most, in buf of VISORFS_POOL_TEXT
 * bytes. The current one holds so much more than is written down.
 */
const char *visorfs_say_owner(struct visorfs_ramdisk *rd, bool inodes, s64 more, char *buf)
{
	u64 mine = visorfs_pool(), top = mine;
	struct visorfs_owner *owner;
	s64 most = more;
	int len;

	for (owner = rd->owners; owner < rd->owners + VISORFS_OWNERS; owner++) {
		u64 pool = READ_ONCE(owner->pool);
		s64 holds = atomic64_read(inodes ? &owner->inodes : &owner->bytes);

		if (pool == mine)
			holds += more;
		if (holds > most) {
			most = holds;
			top = pool;
		}
	}
	pool_path(top, buf, VISORFS_POOL_TEXT - 32);
	len = strlen(buf);
	if (inodes)
		snprintf(buf + len, VISORFS_POOL_TEXT - len, " (%lld inodes)", most);
	else
		snprintf(buf + len, VISORFS_POOL_TEXT - len, " (%lld KiB)", most >> 10);
	return buf;
}
