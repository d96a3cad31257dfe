/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of the kernel as the namespace of visorfs needs to be compiled and
 * run in one thread of a process: locks count, memory is malloc's and can be
 * made to fail, an xarray is a sorted array. Stands for all of <linux/...>.
 */
#ifndef MODEL_KERNEL_H
#define MODEL_KERNEL_H

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/types.h>

/* The kernel's style and its warnings differ from ours. */
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wpointer-arith"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;
typedef unsigned int umode_t;
typedef unsigned int gfp_t;
typedef unsigned long pgoff_t;
typedef unsigned int vm_fault_t;
typedef struct {
	u32 val;
} kuid_t, kgid_t;

#define S32_MAX INT32_MAX
#define S64_MAX INT64_MAX
#define U16_MAX UINT16_MAX
#define U32_MAX UINT32_MAX
#define PAGE_SHIFT 12
#define PAGE_SIZE 4096ul
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define NAME_MAX_BYTES 255
#define BIT(n) (1ul << (n))
#define BITS_PER_LONG 64
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define DIV_ROUND_UP(a, b) (((a) + (b)-1) / (b))
#define min(a, b) ((a) < (b) ? (a) : (b))
#define max(a, b) ((a) > (b) ? (a) : (b))
#define min_t(t, a, b) ((t)(a) < (t)(b) ? (t)(a) : (t)(b))
#define max_t(t, a, b) ((t)(a) > (t)(b) ? (t)(a) : (t)(b))
#define container_of(p, type, member) ((type *)((char *)(p)-offsetof(type, member)))
#define likely(x) (x)
#define unlikely(x) (x)
#define READ_ONCE(x) (x)
#define WRITE_ONCE(x, v) ((x) = (v))
#define smp_store_release(p, v) (*(p) = (v))
#define smp_load_acquire(p) (*(p))
#define __printf(a, b) __attribute__((format(printf, a, b)))
#define __user
#define __force
#define IS_ERR_VALUE(x) ((unsigned long)(x) >= (unsigned long)-4095)
#define MKDEV(major, minor) ((major) << 20 | (minor))
#define cond_resched() ((void)0)

static inline bool IS_ERR(const void *p)
{
	return IS_ERR_VALUE(p);
}

static inline void *ERR_PTR(long err)
{
	return (void *)err;
}

/* Memory: model_fail_at makes the n-th allocation from now on fail, 0 none. */
extern unsigned long model_fail_at;
void *model_alloc(size_t size, gfp_t gfp);

#define GFP_KERNEL 1u
#define GFP_KERNEL_ACCOUNT 1u
#define GFP_ATOMIC 1u
#define __GFP_NOFAIL 2u
#define __GFP_NOWARN 0u
#define struct_size(p, member, n) (sizeof(*(p)) + sizeof((p)->member[0]) * (n))
#define kzalloc(size, gfp) model_alloc(size, gfp)
#define kmalloc(size, gfp) model_alloc(size, gfp)
#define kvzalloc(size, gfp) model_alloc(size, gfp)
#define kvmalloc(size, gfp) model_alloc(size, gfp)
#define kvcalloc(n, size, gfp) model_alloc((size_t)(n) * (size), gfp)
#define kvmalloc_array(n, size, gfp) model_alloc((size_t)(n) * (size), gfp)
#define kfree(p) free((void *)(p))
#define kvfree(p) free((void *)(p))
#define kfree_rcu(p, field) free(p)

/* One thread: locks only say when they are used wrongly. */
struct rw_semaphore {
	int held;
};
struct mutex {
	int held;
};
typedef struct {
	int held;
} spinlock_t;
struct rcu_head {
	int unused;
};
struct work_struct {
	int unused;
};
typedef struct {
	int unused;
} wait_queue_head_t;
struct task_struct;
struct delayed_work {
	int unused;
};

static inline void down_read(struct rw_semaphore *s)
{
	assert(s->held >= 0);
	s->held++;
}

static inline void up_read(struct rw_semaphore *s)
{
	assert(s->held-- > 0);
}

static inline void down_write(struct rw_semaphore *s)
{
	assert(!s->held);
	s->held = -1;
}

static inline void up_write(struct rw_semaphore *s)
{
	assert(s->held == -1);
	s->held = 0;
}

static inline void mutex_lock(struct mutex *m)
{
	assert(!m->held++);
}

static inline void mutex_unlock(struct mutex *m)
{
	assert(m->held--);
}

static inline void spin_lock(spinlock_t *s)
{
	assert(!s->held++);
}

static inline void spin_unlock(spinlock_t *s)
{
	assert(s->held--);
}

static inline void bit_spin_lock(int bit, unsigned long *word)
{
	assert(!(*word & BIT(bit)));
	*word |= BIT(bit);
}

static inline void bit_spin_unlock(int bit, unsigned long *word)
{
	assert(*word & BIT(bit));
	*word &= ~BIT(bit);
}

#define rcu_read_lock() ((void)0)
#define rcu_read_unlock() ((void)0)

typedef struct {
	int counter;
} atomic_t;
typedef struct {
	s64 counter;
} atomic64_t;

#define atomic_read(a) ((a)->counter)
#define atomic_inc(a) ((void)(a)->counter++)
#define atomic_dec(a) ((void)(a)->counter--)
#define atomic64_read(a) ((a)->counter)
#define atomic64_inc_return(a) (++(a)->counter)
#define atomic64_dec(a) ((void)(a)->counter--)
#define atomic64_inc(a) ((void)(a)->counter++)

static inline s64 atomic64_fetch_add(s64 n, atomic64_t *a)
{
	a->counter += n;
	return a->counter - n;
}

struct kref {
	int count;
};

static inline void kref_init(struct kref *ref)
{
	ref->count = 1;
}

static inline void kref_get(struct kref *ref)
{
	assert(ref->count++ > 0);
}

static inline int kref_read(const struct kref *ref)
{
	return ref->count;
}

static inline void kref_put(struct kref *ref, void (*release)(struct kref *ref))
{
	assert(ref->count > 0);
	if (!--ref->count)
		release(ref);
}

struct list_head {
	struct list_head *next, *prev;
};

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list->prev = list;
}

static inline bool list_empty(const struct list_head *list)
{
	return list->next == list;
}

static inline void list_add_tail(struct list_head *item, struct list_head *list)
{
	item->next = list;
	item->prev = list->prev;
	list->prev->next = item;
	list->prev = item;
}

static inline void list_del_init(struct list_head *item)
{
	item->prev->next = item->next;
	item->next->prev = item->prev;
	INIT_LIST_HEAD(item);
}

struct hlist_node {
	struct hlist_node *next, **pprev;
};
struct hlist_head {
	struct hlist_node *first;
};

#define list_del(item) list_del_init(item)
#define list_entry(p, type, member) container_of(p, type, member)
#define list_for_each_entry(p, list, member)                                             \
	for (p = list_entry((list)->next, __typeof__(*p), member); &p->member != (list); \
	     p = list_entry(p->member.next, __typeof__(*p), member))
#define list_for_each_entry_safe(p, n, list, member)                \
	for (p = list_entry((list)->next, __typeof__(*p), member),  \
	    n = list_entry(p->member.next, __typeof__(*p), member); \
	     &p->member != (list); p = n, n = list_entry(n->member.next, __typeof__(*n), member))

/* A sorted array of what is there. */
struct xarray {
	struct {
		unsigned long index;
		void *value;
	} * slots;
	size_t n;
};
struct xa_limit {
	u32 min, max;
};

#define XA_LIMIT(lo, hi) ((struct xa_limit){ lo, hi })
#define XA_FLAGS_ALLOC 0
#define XA_PRESENT 0
#define xa_init_flags(xa, flags) memset(xa, 0, sizeof(*(xa)))

void xa_destroy(struct xarray *xa);
void *xa_find(const struct xarray *xa, unsigned long *index, unsigned long max, int filter);
void *xa_store(struct xarray *xa, unsigned long index, void *value, gfp_t gfp);
void *xa_erase(struct xarray *xa, unsigned long index);
int xa_alloc_cyclic(struct xarray *xa, u32 *id, void *value, struct xa_limit limit, u32 *next,
		    gfp_t gfp);

static inline u32 full_name_hash(const void *salt, const char *name, unsigned int len)
{
	u32 hash = (u32)((uintptr_t)salt >> 4);

	while (len--)
		hash = hash * 31 + (unsigned char)*name++;
	return hash;
}

static inline u32 hash_32(u32 value, unsigned int bits)
{
	return value * 0x61c88647u >> (32 - bits);
}

static inline int order_base_2(unsigned long n)
{
	int order = 0;

	while (1ul << order < n)
		order++;
	return order;
}

struct timespec64 {
	s64 tv_sec;
	long tv_nsec;
};
struct kobject {
	int state_initialized, state_in_sysfs;
};
struct address_space {
	unsigned long nrpages;
};
struct super_block {
	void *s_fs_info;
};
struct inode {
	umode_t i_mode;
	kuid_t i_uid;
	kgid_t i_gid;
	unsigned int i_nlink;
	u64 i_ino;
	s64 i_size;
	struct super_block *i_sb;
	struct address_space *i_mapping;
	atomic_t i_readcount;
};
struct page;
struct folio;
/* Only named, in declarations. */
struct fs_context;
struct fs_parameter_spec {
	int unused;
};
struct mnt_idmap;
struct iattr;
struct dentry;
struct kstat;
struct path;
struct fileattr;
struct kernfs_node;
struct kset;
struct vm_fault;
struct vm_area_struct;
struct qstr {
	const char *name;
	u32 len;
};

#define QSTR_INIT(n, l)             \
	{                           \
		.name = n, .len = l \
	}
#define S_IFDIR_MODE S_IFDIR
#define make_kuid(ns, id) ((kuid_t){ id })
#define make_kgid(ns, id) ((kgid_t){ id })
#define pfn_to_page(pfn) ((struct page *)(uintptr_t)(pfn))
#define page_to_pfn(page) ((unsigned long)(uintptr_t)(page))
#define i_size_read(inode) ((inode)->i_size)
#define inode_set_mtime_to_ts(inode, ts) ((void)(ts))
#define inode_set_atime_to_ts(inode, ts) ((void)(ts))
#define inode_set_ctime_to_ts(inode, ts) ((void)(ts))
#define S_DEAD 0
#define inode_set_flags(inode, flags, mask) ((void)(inode))
#define inode_set_ctime_current(inode) ((void)(inode))
#define ktime_get_real_ts64(ts) ((void)(ts))
#define inode_get_mtime(inode) ((struct timespec64){ 0 })
#define inode_get_atime(inode) ((struct timespec64){ 0 })
#define inode_get_ctime(inode) ((struct timespec64){ 0 })

/* No inode is ever cached here: the namespace stands alone. */
static inline struct inode *ilookup(struct super_block *sb, u64 ino)
{
	(void)sb;
	(void)ino;
	return NULL;
}

static inline void iput(struct inode *inode)
{
	(void)inode;
}

/* Objects have no inodes, tardisks no pages and no folder: none of these is reached. */
struct file;
#define igrab(inode) (inode)
#define drop_nlink(inode) ((void)(inode))
#define clear_nlink(inode) ((void)(inode))
#define page_folio(page) ((struct folio *)(page))
#define folio_nr_pages(folio) 1
#define put_page(page) ((void)(page))
#define kobject_put(kobj) ((void)(kobj))
#define kobject_del(kobj) ((void)(kobj))
#define synchronize_rcu() ((void)0)
#define pr_info(...) ((void)0)
#define pr_warn(...) ((void)0)
#define O_LARGEFILE_FLAG 0
#define filp_open(path, flags, mode) ((struct file *)ERR_PTR(-ENOENT))
#define fput(file) ((void)(file))
#define kbasename(path) (path)
#define PTR_ERR(p) ((long)(p))
#define PTR_ERR_OR_ZERO(p) (IS_ERR(p) ? (int)PTR_ERR(p) : 0)

static inline ssize_t strscpy(char *to, const char *from, size_t size)
{
	return (ssize_t)snprintf(to, size, "%s", from);
}

static inline void set_nlink(struct inode *inode, unsigned int n)
{
	inode->i_nlink = n;
}

#endif
