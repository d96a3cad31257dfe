/* SPDX-License-Identifier: GPL-2.0-only */
/* Of the kernel: locks, counters and references of one thread. */
#ifndef MODEL_KERNEL_LOCK_H
#define MODEL_KERNEL_LOCK_H

#include "base.h"

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

#endif
