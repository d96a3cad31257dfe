// SPDX-License-Identifier: Apache-2.0
/* The rules of bundle(5) for relations, one after the other, without a solver. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/solve_model.h"

/* By its own name and version, or by what it provides. */
static bool meets(const struct bundle_descriptor *d, const struct bundle_relation *wanted)
{
	if (bundle_relation_holds(wanted, d->name, d->version))
		return true;
	for (size_t i = 0; i < d->provides.n; i++) {
		const struct bundle_relation *p = &d->provides.items[i];

		/* What has no version meets only relations that ask for none. */
		if (p->op == BUNDLE_ANY && wanted->op != BUNDLE_ANY)
			continue;
		if (bundle_relation_holds(wanted, p->name, p->version))
			return true;
	}
	return false;
}

static const struct bundle_relation *first_met(const struct bundle_relations *relations,
					       const struct bundle_descriptor *d)
{
	for (size_t i = 0; i < relations->n; i++)
		if (meets(d, &relations->items[i]))
			return &relations->items[i];
	return NULL;
}

static int refuse(const struct bundle_descriptor *d, const char *what,
		  const struct bundle_relation *relation, const struct bundle_descriptor *other,
		  struct err *e)
{
	char text[BUNDLE_RELATION_TEXT];

	bundle_relation_format(relation, text);
	if (!other)
		return err_set(e, ERR_CONFLICT, "%s %s %s %s, which nothing installed provides",
			       d->name, d->version, what, text);
	return err_set(e, ERR_CONFLICT, "%s %s %s %s, and %s %s is that", d->name, d->version, what,
		       text, other->name, other->version);
}

/* Is everything that d depends on met by d itself, by the new bundle or by one that stays? */
static int check_depends(const struct bundle_descriptor *d, const struct bundle_descriptor *also,
			 const struct bundle_descriptor *const *installed, size_t n,
			 const bool *gone, struct err *e)
{
	for (size_t i = 0; i < d->depends.n; i++) {
		const struct bundle_relation *wanted = &d->depends.items[i];
		bool met = meets(d, wanted) || (also && meets(also, wanted));

		for (size_t j = 0; j < n && !met; j++)
			met = !gone[j] && meets(installed[j], wanted);
		if (!met)
			return refuse(d, "depends on", wanted, NULL, e);
	}
	return 0;
}

static int check_conflicts(const struct bundle_descriptor *d, const struct bundle_descriptor *other,
			   struct err *e)
{
	const struct bundle_relation *relation = first_met(&d->conflicts, other);

	if (relation)
		return refuse(d, "conflicts with", relation, other, e);
	relation = first_met(&other->conflicts, d);
	return relation ? refuse(other, "conflicts with", relation, d, e) : 0;
}

/* The same name: an older version makes way, any other stands in the way. */
static int check_same(const struct bundle_descriptor *d, const struct bundle_descriptor *other,
		      struct err *e)
{
	int order = bundle_version_compare(other->version, d->version);

	if (order < 0)
		return 0;
	return err_set(e, ERR_CONFLICT, "%s %s is installed, which is %s than %s", other->name,
		       other->version, order ? "newer" : "not older", d->version);
}

int model_install(const struct bundle_descriptor *d,
		  const struct bundle_descriptor *const *installed, size_t n, bool *gone,
		  struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		bool same = !strcmp(installed[i]->name, d->name);

		if (same && check_same(d, installed[i], e))
			return -1;
		gone[i] = same || first_met(&d->replaces, installed[i]);
	}
	for (size_t i = 0; i < n; i++)
		if (!gone[i] && check_conflicts(d, installed[i], e))
			return -1;
	if (check_depends(d, NULL, installed, n, gone, e))
		return -1;
	/* What goes may have been what others stand on. */
	for (size_t i = 0; i < n; i++)
		if (!gone[i] && check_depends(installed[i], d, installed, n, gone, e))
			return -1;
	return 0;
}

int model_remove(const struct bundle_descriptor *const *installed, size_t n, size_t which,
		 struct err *e)
{
	const struct bundle_descriptor *leaving = installed[which];

	for (size_t i = 0; i < n; i++) {
		const struct bundle_descriptor *d = installed[i];

		for (size_t k = 0; k < d->depends.n && i != which; k++) {
			const struct bundle_relation *wanted = &d->depends.items[k];
			bool met = meets(d, wanted);

			for (size_t j = 0; j < n && !met; j++)
				met = j != which && meets(installed[j], wanted);
			if (!met && meets(leaving, wanted))
				return refuse(d, "depends on", wanted, leaving, e);
		}
	}
	return 0;
}
