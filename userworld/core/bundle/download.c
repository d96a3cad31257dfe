// SPDX-License-Identifier: Apache-2.0
/* Payloads into the staging ramdisk: those of several bundles side by side. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "install.h"
#include "manifest.h"
#include "stage.h"
#include "step.h"
#include "cleanup.h"
#include "userworld/core/depot/stream.h"
#include "userworld/core/internal.h"
#include "tardisk/bundle_content.h"

/* What they hold is looked at only when the whole bundle is known to be undamaged. */
static int check_content(const struct incoming *item, struct err *e)
{
	struct bundle_content *c;
	int rc = 0;

	if (bundle_content_start(&c, item->d->name, item->d, e) < 0)
		return -1;
	for (size_t i = 0; i < item->d->n_payloads && rc == 0; i++) {
		rc = bundle_content_add(c, i, item->files[i], false, e);
		core_progress_bytes(item->d->payloads[i].size);
	}
	if (rc == 0)
		rc = bundle_content_end(c, e);
	bundle_content_free(c);
	return rc;
}

static int copy_payloads(struct incoming *item, struct bundle *b, struct err *e)
{
	const struct bundle_descriptor *d = item->d;

	for (size_t i = 0; i < d->n_payloads; i++) {
		item->files[i] = bundle_stage_file(d, i, e);
		if (item->files[i] < 0 || bundle_copy_payload(b, item->files[i], e) < 0)
			return -1;
	}
	return bundle_finish(b, e) < 0 ? -1 : bundle_manifest_put(b, item->files, e);
}

/* Only here is a bundle of a depot opened: until now its place in the index was enough. */
static int download(struct incoming *item, const atomic_bool *stop, struct err *e)
{
	struct depot_stream s;
	struct bundle *b;
	int rc;

	if (depot_stream_open(&s, item->place, item->entry, stop, &b, e) < 0)
		return -1;
	rc = copy_payloads(item, b, e);
	bundle_close(b);
	if (rc < 0)
		depot_stream_fault(&s, e);
	else
		rc = depot_stream_check(&s, e);
	depot_stream_close(&s);
	return rc;
}

static int stage_one(struct incoming *item, const atomic_bool *stop, struct err *e)
{
	int rc = item->entry ? download(item, stop, e) : copy_payloads(item, item->bundle, e);

	if (rc < 0)
		return install_blame(item, e);
	bundle_step(BUNDLE_STEP_FETCHED);
	return check_content(item, e) < 0 ? install_blame(item, e) : 0;
}

/* What the threads share. Each item belongs to the one that took its number. */
struct work {
	struct install *in;
	atomic_size_t next;
	atomic_bool stop;
	pthread_mutex_t lock; /* of e */
	struct err e;	      /* of the first that failed */
};

static void *run(void *arg)
{
	struct work *w = arg;
	size_t i;

	while ((i = atomic_fetch_add(&w->next, 1)) < w->in->n && !atomic_load(&w->stop)) {
		struct err e = ERR_INIT;

		if (stage_one(&w->in->items[i], &w->stop, &e) == 0)
			continue;
		pthread_mutex_lock(&w->lock);
		if (!atomic_exchange(&w->stop, true))
			w->e = e;
		pthread_mutex_unlock(&w->lock);
	}
	return NULL;
}

/* This thread is one of them, so that it works without any other as well. */
static int run_all(struct install *in, struct err *e)
{
	struct work w = { .in = in, .lock = PTHREAD_MUTEX_INITIALIZER, .e = ERR_INIT };
	pthread_t threads[INSTALL_DOWNLOADS - 1];
	size_t n = 0;

	while (n < INSTALL_DOWNLOADS - 1 && n + 1 < in->n &&
	       pthread_create(&threads[n], NULL, run, &w) == 0)
		n++;
	run(&w);
	while (n-- > 0)
		pthread_join(threads[n], NULL);
	if (!w.stop)
		return 0;
	if (e)
		*e = w.e;
	return -1;
}

static int make_files(struct incoming *item, struct err *e)
{
	item->files = malloc((item->d->n_payloads + 1) * sizeof(*item->files));
	if (!item->files)
		return core_nomem(e);
	for (size_t i = 0; i < item->d->n_payloads; i++)
		item->files[i] = -1;
	return 0;
}

/*
 * Each payload is fetched, and then what it holds is looked at. That is half of all if the boot
 * medium is written, too; without one there is no more but the switch and the trial.
 */
static void expect(const struct install *in)
{
	uint64_t bytes = 0;

	for (size_t k = 0; k < in->n; k++)
		for (size_t i = 0; i < in->items[k].d->n_payloads; i++)
			bytes += 2 * in->items[k].d->payloads[i].size;
	core_progress_part(0, in->kept.room ? 50 : 90);
	core_progress_expect(bytes);
}

int install_stage(struct install *in, struct err *e)
{
	_cleanup_free_ const struct bundle_descriptor **list = install_descriptors(in);

	if (!list)
		return core_nomem(e);
	for (size_t i = 0; i < in->n; i++)
		if (make_files(&in->items[i], e) < 0)
			return -1;
	if (in->n && bundle_stage_make(list, in->n, e) < 0)
		return -1;
	expect(in);
	if (run_all(in, e) < 0)
		return -1;
	bundle_step(BUNDLE_STEP_STAGED);
	return 0;
}
