// SPDX-License-Identifier: Apache-2.0
/* Bundles that go along to another disk without being the host's own. */
#include "image_more.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "install.h"
#include "keep.h"
#include "pool.h"
#include "stage.h"
#include "cleanup.h"
#include "userworld/core/fetch/fetch.h"
#include "userworld/core/internal.h"

/* Where they are read from, in the order in which they were asked for. */
struct sources {
	struct bundle_source *items;
	size_t n; /* that are open */
};

static void close_sources(struct sources *s)
{
	while (s->n > 0)
		bundle_source_close(&s->items[--s->n]);
	free(s->items);
}

static int add_bundle(struct install *in, struct bundle_source *s, const struct bundle_wanted *w,
		      struct err *e)
{
	struct bundle *b;

	if (bundle_source_read(s, &b, e) < 0 || install_add(in, b, e) < 0)
		return -1;
	in->items[in->n - 1].wanted = w;
	return 0;
}

/* Their descriptors; the payloads wait until all are admitted. */
static int open_all(struct install *in, struct sources *s, const struct bundle_wanted *list,
		    size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		const char *where = list[i].where;
		bool url = fetch_is_url(where);

		if (bundle_source_open(&s->items[i], url ? NULL : where, url ? where : NULL, -1,
				       e) < 0)
			return bundle_wanted_blame(&list[i], e);
		s->n++;
		if (add_bundle(in, &s->items[i], &list[i], e) < 0)
			return bundle_wanted_blame(&list[i], e);
	}
	return 0;
}

/* Of what the host has, and of what comes, in the order in which they are attached. */
static int take_tardisks(struct bundle_image *m, struct err *e)
{
	for (size_t i = 0; i < m->set.n; i++)
		m->in[i] = m->in[i] && !m->more->gone[i];
	bundle_image_prune(m);
	for (size_t i = 0; i < m->more->n; i++) {
		const struct bundle_record *r = &m->more->items[i].record;
		struct vfs_tardisk *all = realloc(m->tardisks, (m->n_tardisks + r->n_tardisks + 1) *
								       sizeof(*m->tardisks));

		if (!all)
			return core_nomem(e);
		m->tardisks = all;
		for (size_t t = 0; t < r->n_tardisks; t++) {
			struct vfs_tardisk *one = memset(&all[m->n_tardisks++], 0, sizeof(*all));

			strcpy(one->name, r->tardisks[t]);
		}
	}
	return 0;
}

static int fetch_all(struct bundle_image *m, struct sources *s, const struct bundle_wanted *list,
		     size_t n, struct err *e)
{
	struct install *in = m->more;

	if (open_all(in, s, list, n, e) == 0 && install_admit_elsewhere(in, e) == 0 &&
	    install_stage(in, e) == 0)
		return install_make_records(in, e);
	for (size_t i = 0; i < s->n; i++)
		if (bundle_source_explain(&s->items[i], e))
			return bundle_wanted_blame(&list[i], e);
	return -1;
}

int bundle_image_bring(struct bundle_image *m, const struct bundle_wanted *list, size_t n,
		       struct err *e)
{
	_cleanup_(close_sources) struct sources s = { calloc(n + 1, sizeof(*s.items)), 0 };
	int pool, rc;

	if (!n)
		return 0;
	m->more = calloc(1, sizeof(*m->more));
	if (!m->more || !s.items)
		return core_nomem(e);
	m->more->set = m->set; /* until bundle_image_leave() */
	pool = bundle_pool_enter();
	rc = fetch_all(m, &s, list, n, e);
	bundle_pool_leave(pool);
	return rc < 0 ? -1 : take_tardisks(m, e);
}

void bundle_image_leave(struct bundle_image *m)
{
	if (!m->more)
		return;
	install_clear_stage(m->more);
	memset(&m->more->set, 0, sizeof(m->more->set));
	install_end(m->more);
	free(m->more);
	m->more = NULL;
}

int bundle_image_open(const struct bundle_image *m, const char *tardisk, struct err *e)
{
	char path[CORE_PATH_MAX];
	int fd;

	for (size_t i = 0; m->more && i < m->more->n; i++) {
		const struct bundle_record *r = &m->more->items[i].record;

		for (size_t t = 0; t < r->n_tardisks; t++) {
			if (strcmp(r->tardisks[t], tardisk) != 0)
				continue;
			if (bundle_stage_path(path, r->d, t, e) < 0)
				return -1;
			fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
			return fd < 0 ? err_sys(e, errno, "%s", path) : fd;
		}
	}
	return bundle_keep_open(tardisk, e);
}
