// SPDX-License-Identifier: Apache-2.0
/* The three-way rule for state files, pure. */
#include <string.h>

#include "local.h"

static bool same(const struct local_print *a, const struct local_print *b)
{
	if (a->there != b->there)
		return false;
	return !a->there || (a->mode == b->mode && a->uid == b->uid && a->gid == b->gid &&
			     !strcmp(a->sha256, b->sha256));
}

enum local_action local_decide(const struct local_facts *f)
{
	if (!f->changed || same(&f->here, &f->new))
		return LOCAL_NOTHING;
	if (f->old.there && same(&f->here, &f->old)) {
		if (!f->ramdisk)
			return LOCAL_NOTHING;
		return f->new.there ? LOCAL_RENEW : LOCAL_DROP;
	}
	if (f->new.there)
		return same(&f->old, &f->new) ? LOCAL_KEPT : LOCAL_CONFLICT;
	if (!f->here.there)
		return LOCAL_NOTHING;
	if (!f->leaves)
		return LOCAL_ORPHANED;
	/* A changed file of a tardisk goes with that, unless it is kept for the way back. */
	return f->ramdisk || !f->final ? LOCAL_REMOVED : LOCAL_NOTHING;
}

const char *local_action_name(enum local_action action)
{
	static const char *const names[] = { "",	 "renewed",  "dropped", "kept",
					     "conflict", "orphaned", "removed" };

	return names[action];
}
