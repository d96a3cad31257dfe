// SPDX-License-Identifier: Apache-2.0
#include "pick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "userworld/core/bundle/solve.h"
#include "cleanup.h"
#include "userworld/core/internal.h"

#define NONE SIZE_MAX

int depot_pick_relation(const char *text, struct bundle_relation *r, struct err *e)
{
	size_t name, op;
	char spaced[600];
	struct err fault = ERR_INIT;

	text += strspn(text, " ");
	name = strcspn(text, "<>=");
	op = strspn(text + name, "<>=");
	snprintf(spaced, sizeof(spaced), "%.*s%s%.*s%s%s", (int)name, text, op ? " " : "", (int)op,
		 text + name, op ? " " : "", text + name + op);
	if (bundle_relation_parse(spaced, r, &fault) < 0)
		return err_set(e, ERR_USAGE, "%s", fault.text);
	return 0;
}

int depot_pick_wanted(const char *text, struct bundle_relation *list, size_t max, size_t *n,
		      struct err *e)
{
	_cleanup_free_ char *copy = strdup(text);
	char *save, *word;

	*n = 0;
	if (!copy)
		return core_nomem(e);
	for (word = strtok_r(copy, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		if (*n == max)
			return err_set(e, ERR_USAGE, "more than %zu names", max);
		if (depot_pick_relation(word, &list[(*n)++], e) < 0)
			return -1;
	}
	return *n ? 0 : err_set(e, ERR_USAGE, "the name of a bundle is missing");
}

static size_t find_installed(const struct pick_request *r, const char *name)
{
	for (size_t i = 0; i < r->n_installed; i++)
		if (!strcmp(r->installed[i]->name, name))
			return i;
	return NONE;
}

/* Is a better than b? Of the wanted vendor first, then newer; the first depot wins. */
static bool is_better(const struct bundle_descriptor *a, const struct bundle_descriptor *b,
		      const char *vendor)
{
	bool mine = vendor && !strcmp(a->vendor, vendor);
	bool other = vendor && !strcmp(b->vendor, vendor);

	if (mine != other)
		return mine;
	return bundle_version_compare(a->version, b->version) > 0;
}

static size_t find_best(const struct pick_request *r, const struct bundle_relation *wanted,
			const char *vendor)
{
	size_t best = NONE;

	for (size_t i = 0; i < r->n_offered; i++)
		if (bundle_relation_holds(wanted, r->offered[i]->name, r->offered[i]->version) &&
		    (best == NONE || is_better(r->offered[i], r->offered[best], vendor)))
			best = i;
	return best;
}

/* Marks the one that comes for a name, or notes that what is there will do. */
static int pick_one(const struct pick_request *r, const struct bundle_relation *wanted, bool *take,
		    struct pick_result *out, struct err *e)
{
	size_t there = find_installed(r, wanted->name);
	const struct bundle_descriptor *old = there == NONE ? NULL : r->installed[there];
	size_t best = find_best(r, wanted, old ? old->vendor : NULL);
	char text[BUNDLE_RELATION_TEXT];
	bool newer;

	if (!old && r->update)
		return err_set(e, ERR_NOT_FOUND, "%s: no such bundle is installed", wanted->name);
	if (best == NONE && !(old && r->update && wanted->op == BUNDLE_ANY))
		return err_set(e, ERR_NOT_FOUND, "%s: no depot has such a bundle",
			       bundle_relation_format(wanted, text));
	newer = best != NONE &&
		(!old || bundle_version_compare(r->offered[best]->version, old->version) > 0);
	if (old && !newer && bundle_relation_holds(wanted, old->name, old->version))
		out->skipped[out->n_skipped++] = there;
	else
		take[best] = true;
	return 0;
}

static int pick_all_installed(const struct pick_request *r, bool *take, struct pick_result *out,
			      struct err *e)
{
	for (size_t i = 0; i < r->n_installed; i++) {
		struct bundle_relation any = { .op = BUNDLE_ANY };

		if (r->fixed[i])
			continue;
		strcpy(any.name, r->installed[i]->name);
		if (pick_one(r, &any, take, out, e) < 0)
			return -1;
	}
	return 0;
}

static bool any_of(const bool *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i])
			return true;
	return false;
}

/* The solver sees what was picked, and of the rest what may come with it. */
static int solve(const struct pick_request *r, const bool *take, struct pick_result *out,
		 struct err *e)
{
	_cleanup_free_ const struct bundle_descriptor **offered =
		calloc(r->n_offered + 1, sizeof(*offered));
	_cleanup_free_ size_t *number = calloc(r->n_offered + 1, sizeof(*number));
	_cleanup_free_ bool *install = calloc(r->n_offered + 1, sizeof(*install));
	struct solve_request request = { .installed = r->installed,
					 .n_installed = r->n_installed,
					 .fixed = r->fixed,
					 .offered = offered,
					 .install = install };
	struct solve_result result;

	if (!offered || !number || !install)
		return core_nomem(e);
	for (size_t i = 0; i < r->n_offered; i++) {
		if (!take[i] && !r->usable[i])
			continue;
		number[request.n_offered] = i;
		install[request.n_offered] = take[i];
		offered[request.n_offered++] = r->offered[i];
	}
	if (bundle_solve(&request, &result, e) < 0)
		return -1;
	for (size_t i = 0; i < result.n_order; i++)
		out->chosen[out->n_chosen++] = number[result.order[i]];
	solve_result_free(&result);
	return 0;
}

static int pick(const struct pick_request *r, bool *take, struct pick_result *out, struct err *e)
{
	for (size_t i = 0; i < r->n_wanted; i++)
		if (pick_one(r, &r->wanted[i], take, out, e) < 0)
			return -1;
	if (!r->n_wanted && r->update && pick_all_installed(r, take, out, e) < 0)
		return -1;
	return any_of(take, r->n_offered) ? solve(r, take, out, e) : 0;
}

int depot_pick(const struct pick_request *r, struct pick_result *out, struct err *e)
{
	_cleanup_free_ bool *take = calloc(r->n_offered + 1, sizeof(*take));

	memset(out, 0, sizeof(*out));
	out->chosen = calloc(r->n_offered + 1, sizeof(*out->chosen));
	out->skipped = calloc(r->n_installed + r->n_wanted + 1, sizeof(*out->skipped));
	if (take && out->chosen && out->skipped && pick(r, take, out, e) == 0)
		return 0;
	if (!take || !out->chosen || !out->skipped)
		core_nomem(e);
	pick_result_free(out);
	return -1;
}

void pick_result_free(struct pick_result *r)
{
	free(r->chosen);
	free(r->skipped);
	memset(r, 0, sizeof(*r));
}
