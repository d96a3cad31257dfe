// SPDX-License-Identifier: Apache-2.0
#include "solve.h"

#include <solv/solver.h>
#include <solv/transaction.h>
#include <stdlib.h>
#include <string.h>

#include "solve_words.h"
#include "cleanup.h"
#include "userworld/core/internal.h"

/* The request as libsolv's pool: solvables of installed, then of offered bundles. */
struct world {
	const struct solve_request *request;
	Pool *pool;
	Id installed; /* solvable of installed[0]; the others follow */
	Id offered;
};

static Id relation_id(Pool *pool, const struct bundle_relation *r)
{
	static const int flags[] = {
		[BUNDLE_ANY] = 0,     [BUNDLE_LT] = REL_LT,	     [BUNDLE_LE] = REL_LT | REL_EQ,
		[BUNDLE_EQ] = REL_EQ, [BUNDLE_GE] = REL_GT | REL_EQ, [BUNDLE_GT] = REL_GT,
	};
	Id name = pool_str2id(pool, r->name, 1);

	if (r->op == BUNDLE_ANY)
		return name;
	return pool_rel2id(pool, name, pool_str2id(pool, r->version, 1), flags[r->op], 1);
}

static Offset add_relations(Repo *repo, Offset to, const struct bundle_relations *list)
{
	for (size_t i = 0; i < list->n; i++)
		to = repo_addid_dep(repo, to, relation_id(repo->pool, &list->items[i]), 0);
	return to;
}

static void add_bundle(Repo *repo, const struct bundle_descriptor *d, bool installed)
{
	Pool *pool = repo->pool;
	Solvable *s = pool_id2solvable(pool, repo_add_solvable(repo));

	s->name = pool_str2id(pool, d->name, 1);
	s->evr = pool_str2id(pool, d->version, 1);
	s->arch = ARCH_ALL;
	s->vendor = pool_str2id(pool, d->vendor, 1);
	s->provides =
		repo_addid_dep(repo, s->provides, pool_rel2id(pool, s->name, s->evr, REL_EQ, 1), 0);
	s->provides = add_relations(repo, s->provides, &d->provides);
	s->requires = add_relations(repo, s->requires, &d->depends);
	s->conflicts = add_relations(repo, s->conflicts, &d->conflicts);
	/* "replaces" says what goes when the bundle comes, not what may come later. */
	if (!installed)
		s->obsoletes = add_relations(repo, s->obsoletes, &d->replaces);
}

static Id add_all(Pool *pool, const char *name, const struct bundle_descriptor *const *list,
		  size_t n, bool installed)
{
	Repo *repo = repo_create(pool, name);
	Id first = pool->nsolvables;

	for (size_t i = 0; i < n; i++)
		add_bundle(repo, list[i], installed);
	if (installed)
		pool_set_installed(pool, repo);
	return first;
}

static void make_world(struct world *w, const struct solve_request *r)
{
	w->request = r;
	w->pool = pool_create();
	/* Versions in the order of dpkg, whatever libsolv was built for. */
	pool_setdisttype(w->pool, DISTTYPE_DEB);
	/* "replaces" means whatever provides that, as the other relations do. */
	pool_set_flag(w->pool, POOL_FLAG_OBSOLETEUSESPROVIDES, 1);
	w->installed = add_all(w->pool, "installed", r->installed, r->n_installed, true);
	w->offered = add_all(w->pool, "offered", r->offered, r->n_offered, false);
	pool_createwhatprovides(w->pool);
}

static void add_jobs(const struct world *w, Queue *jobs)
{
	const struct solve_request *r = w->request;

	for (size_t i = 0; i < r->n_installed; i++) {
		if (r->fixed && r->fixed[i])
			queue_push2(jobs, SOLVER_INSTALL | SOLVER_SOLVABLE, w->installed + (Id)i);
		if (r->remove && r->remove[i])
			queue_push2(jobs, SOLVER_ERASE | SOLVER_SOLVABLE, w->installed + (Id)i);
		if (r->may_go && r->may_go[i])
			queue_push2(jobs, SOLVER_ERASE | SOLVER_SOLVABLE | SOLVER_WEAK,
				    w->installed + (Id)i);
	}
	for (size_t i = 0; i < r->n_offered; i++)
		if (r->install && r->install[i])
			queue_push2(jobs, SOLVER_INSTALL | SOLVER_SOLVABLE, w->offered + (Id)i);
}

static bool replaces_itself(const struct bundle_descriptor *d)
{
	for (size_t i = 0; i < d->replaces.n; i++)
		if (bundle_relation_holds(&d->replaces.items[i], d->name, d->version))
			return true;
	return false;
}

/*
 * The same name is installed: only a newer version of the same vendor may take
 * its place, unless the bundle says that it replaces its own name.
 */
static int check_same(const struct bundle_descriptor *d, const struct bundle_descriptor *old,
		      struct err *e)
{
	int order = bundle_version_compare(old->version, d->version);

	if (strcmp(d->name, old->name) != 0)
		return 0;
	if (strcmp(d->vendor, old->vendor) != 0 && !replaces_itself(d))
		return err_set(e, ERR_CONFLICT,
			       "%s %s is of vendor %s, but %s %s of vendor %s is installed; "
			       "remove that first",
			       d->name, d->version, d->vendor, old->name, old->version,
			       old->vendor);
	if (order < 0)
		return 0;
	return err_set(e, ERR_CONFLICT, "%s %s is installed, which is %s than %s", old->name,
		       old->version, order ? "newer" : "not older", d->version);
}

static int check_asked(const struct solve_request *r, struct err *e)
{
	for (size_t k = 0; k < r->n_offered; k++)
		for (size_t i = 0; r->install && r->install[k] && i < r->n_installed; i++)
			if (!(r->remove && r->remove[i]) &&
			    check_same(r->offered[k], r->installed[i], e) < 0)
				return -1;
	return 0;
}

static int take_result(const struct world *w, Solver *solver, struct solve_result *out,
		       struct err *e)
{
	const struct solve_request *r = w->request;
	Transaction *t = solver_create_transaction(solver);

	out->gone = calloc(r->n_installed + 1, sizeof(*out->gone));
	out->order = calloc(r->n_offered + 1, sizeof(*out->order));
	if (!out->gone || !out->order) {
		transaction_free(t);
		solve_result_free(out);
		return core_nomem(e);
	}
	for (size_t i = 0; i < r->n_installed; i++)
		out->gone[i] = solver_get_decisionlevel(solver, w->installed + (Id)i) < 0;
	transaction_order(t, 0);
	for (int i = 0; i < t->steps.count; i++)
		if (t->steps.elements[i] >= w->offered)
			out->order[out->n_order++] = (size_t)(t->steps.elements[i] - w->offered);
	transaction_free(t);
	return 0;
}

static int solve(const struct world *w, struct solve_result *out, struct err *e)
{
	Solver *solver = solver_create(w->pool);
	Queue jobs;
	int rc;

	/* What nothing asks for stays as it is. */
	solver_set_flag(solver, SOLVER_FLAG_IGNORE_RECOMMENDED, 1);
	queue_init(&jobs);
	add_jobs(w, &jobs);
	if (solver_solve(solver, &jobs))
		rc = solve_words(solver, e);
	else
		rc = take_result(w, solver, out, e);
	queue_free(&jobs);
	solver_free(solver);
	return rc;
}

int bundle_solve(const struct solve_request *request, struct solve_result *out, struct err *e)
{
	struct world w;
	int rc;

	memset(out, 0, sizeof(*out));
	if (check_asked(request, e) < 0)
		return -1;
	make_world(&w, request);
	rc = solve(&w, out, e);
	pool_free(w.pool);
	return rc;
}

void solve_result_free(struct solve_result *r)
{
	free(r->gone);
	free(r->order);
	memset(r, 0, sizeof(*r));
}
