// SPDX-License-Identifier: Apache-2.0
#include "kill.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "release.h"
#include "scan.h"
#include "userworld/lib/cgroup.h"
#include "userworld/lib/cleanup.h"
#include "userworld/lib/human.h"
#include "userworld/lib/log.h"

static void tell_case(const struct killer *k, const struct memory *m)
{
	char a[HUMAN_MAX], t[HUMAN_MAX], w[HUMAN_MAX];

	human_size(m->available, a);
	human_size(m->total, t);
	human_size(oom_watermark(m), w);
	if (k->dry_run)
		log_warnx("memory: %s of %s available, %s must stay free", a, t, w);
	else
		log_event(EVENT_OOM_SHORT,
			  EVENT_WITH(EVENT_NUM("available", m->available),
				     EVENT_NUM("total", m->total),
				     EVENT_NUM("needed", oom_watermark(m))),
			  "out of memory: %s of %s available, %s must stay free", a, t, w);
}

static void tell_candidate(const struct candidate *c, size_t i, size_t n)
{
	char total[HUMAN_MAX], anon[HUMAN_MAX], kernel[HUMAN_MAX], files[HUMAN_MAX];

	log_info("candidate %zu of %zu: %s in %s, %s (processes %s, kernel %s, files %s)%s", i + 1,
		 n, c->name, c->pool, human_size(c->total, total), human_size(c->anon, anon),
		 human_size(c->kernel, kernel), human_size(c->files, files),
		 candidate_mostly_files(c) ? ", mostly files, which stay in their ramdisk" : "");
}

static void tell_draw(const struct killer *k, const struct draw *d, size_t n)
{
	switch (k->policy) {
	case OOM_WEIGHTED:
		log_info("policy weighted: drew KiB %" PRIu64 " of %" PRIu64
			 ", which is of candidate %zu of %zu",
			 d->value, d->of, d->chosen + 1, n);
		break;
	case OOM_LARGEST:
		log_info("policy largest: candidate %zu of %zu", d->chosen + 1, n);
		break;
	default:
		log_info("policy random: drew %zu of %zu", d->chosen + 1, n);
		break;
	}
}

int64_t oom_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int end_it(struct killer *k, const struct candidate *c, struct err *e)
{
	_cleanup_close_ int group = cgroup_open(k->cgroup_root, c->pool, e);

	if (group < 0)
		return -1;
	k->dying_count = cgroup_pids(group, k->dying, DYING_MAX, NULL);
	if (cgroup_kill(group, e) < 0)
		return -1;
	strcpy(k->victim, c->name);
	return openat(group, "cgroup.events", O_RDONLY | O_CLOEXEC);
}

static void tell_nobody(struct killer *k, const struct memory *m, size_t all)
{
	if (!k->said_none) {
		tell_case(k, m);
		log_event(EVENT_OOM_NOBODY, EVENT_WITH(EVENT_NUM("candidates", all)),
			  "nobody can be ended: no killable userworld would free memory "
			  "(%zu looked at); stop one, or delete files in a ramdisk",
			  all);
	}
	k->said_none = true;
}

static void tell_victim(const struct killer *k, const struct candidate *c, int64_t took,
			const struct err *e)
{
	char freed[HUMAN_MAX];

	human_size(candidate_freeable(c), freed);
	if (k->dry_run)
		log_warnx("victim: %s, would free %s; dry run, nobody is ended", c->name, freed);
	else if (e->kind)
		log_event(EVENT_OOM_FAILED,
			  EVENT_WITH(EVENT_STR("service", c->name), EVENT_STR("pool", c->pool)),
			  "victim: %s could not be ended: %s", c->name, e->text);
	else
		log_event(EVENT_OOM_VICTIM,
			  EVENT_WITH(EVENT_STR("service", c->name), EVENT_STR("pool", c->pool),
				     EVENT_NUM("bytes", candidate_freeable(c)),
				     EVENT_NUM("ms", took),
				     EVENT_STR("policy", oom_policy_name(k->policy))),
			  "victim: %s, its pool %s was ended to free %s, %" PRId64
			  " ms after memory got short",
			  c->name, c->pool, freed, took);
}

/* It is ended first and the case told then: each message costs time that others wait. */
int kill_someone(struct killer *k, const struct memory *m, int64_t since)
{
	size_t all = scan_candidates(k->cgroup_root, "host", k->list, CANDIDATES_MAX);
	size_t n = oom_sift(k->list, all);
	struct err e = ERR_INIT;
	struct draw drawn;
	int64_t took;
	int gone = -1;

	if (!n) {
		tell_nobody(k, m, all);
		return -1;
	}
	k->said_none = false;
	drawn = oom_pick(k->list, n, k->policy, &k->rng);
	if (!k->dry_run)
		gone = end_it(k, &k->list[drawn.chosen], &e);
	took = oom_now() - since;
	if (gone >= 0 && k->dying_count > 0)
		release_memory(k->dying, (size_t)k->dying_count);
	tell_case(k, m);
	for (size_t i = 0; i < n; i++)
		tell_candidate(&k->list[i], i, n);
	if (all > n)
		log_info("%zu more would free nothing and are left out", all - n);
	tell_draw(k, &drawn, n);
	tell_victim(k, &k->list[drawn.chosen], took, &e);
	return gone;
}
