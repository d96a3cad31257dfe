/* SPDX-License-Identifier: GPL-2.0-only */
/* Of the kernel: lists. */
#ifndef MODEL_KERNEL_LIST_H
#define MODEL_KERNEL_LIST_H

#include "base.h"

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

#endif
