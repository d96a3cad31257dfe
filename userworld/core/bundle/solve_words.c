// SPDX-License-Identifier: Apache-2.0
#include "solve_words.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define REASON_MAX 240

/* "strace 6.1-0.1" */
static const char *label(Pool *pool, Id solvable, char text[static 140])
{
	const Solvable *s = pool_id2solvable(pool, solvable);

	snprintf(text, 140, "%s %s", pool_id2str(pool, s->name), pool_id2str(pool, s->evr));
	return text;
}

/* True if the rule says something that a person can use. */
static bool reason(Solver *solver, Id rule, char text[static REASON_MAX])
{
	Pool *pool = solver->pool;
	char one[140], other[140];
	Id source, target, dep;
	SolverRuleinfo type = solver_ruleinfo(solver, rule, &source, &target, &dep);
	const char *what = dep ? pool_dep2str(pool, dep) : "";

	switch (type) {
	case SOLVER_RULE_PKG_NOTHING_PROVIDES_DEP:
		snprintf(text, REASON_MAX,
			 "%s depends on %s, which nothing installed or offered provides",
			 label(pool, source, one), what);
		return true;
	case SOLVER_RULE_PKG_REQUIRES:
		snprintf(text, REASON_MAX, "%s depends on %s", label(pool, source, one), what);
		return true;
	case SOLVER_RULE_PKG_CONFLICTS:
		snprintf(text, REASON_MAX, "%s conflicts with %s, and %s is that",
			 label(pool, source, one), what, label(pool, target, other));
		return true;
	case SOLVER_RULE_PKG_SELF_CONFLICT:
		snprintf(text, REASON_MAX, "%s conflicts with %s, which it provides itself",
			 label(pool, source, one), what);
		return true;
	case SOLVER_RULE_PKG_OBSOLETES:
	case SOLVER_RULE_PKG_INSTALLED_OBSOLETES:
	case SOLVER_RULE_PKG_IMPLICIT_OBSOLETES:
		snprintf(text, REASON_MAX, "%s replaces %s, and %s is that",
			 label(pool, source, one), what, label(pool, target, other));
		return true;
	case SOLVER_RULE_PKG_SAME_NAME:
		snprintf(text, REASON_MAX, "%s and %s cannot be there both",
			 label(pool, source, one), label(pool, target, other));
		return true;
	default:
		return false;
	}
}

/* What the jobs asked for, if no relation explains it. */
static bool demand(Solver *solver, Id rule, char text[static REASON_MAX])
{
	Pool *pool = solver->pool;
	Id source, target, dep;
	char one[140];
	SolverRuleinfo type = solver_ruleinfo(solver, rule, &source, &target, &dep);

	if (type != SOLVER_RULE_UPDATE || !source)
		return false;
	snprintf(text, REASON_MAX, "%s is installed and would have to go",
		 label(pool, source, one));
	return true;
}

static void append(struct err *out, size_t *used, const char *text)
{
	if (strstr(out->text, text) || *used + strlen(text) + 3 > sizeof(out->text))
		return;
	*used += (size_t)snprintf(out->text + *used, sizeof(out->text) - *used, "%s%s",
				  *used ? "; " : "", text);
}

int solve_words(Solver *solver, struct err *e)
{
	bool (*const kinds[])(Solver *, Id, char *) = { reason, demand };
	struct err all = ERR_INIT;
	char text[REASON_MAX];
	size_t used = 0;
	Queue rules;

	queue_init(&rules);
	solver_findallproblemrules(solver, 1, &rules);
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		for (int i = 0; i < rules.count; i++)
			if (kinds[k](solver, rules.elements[i], text))
				append(&all, &used, text);
	queue_free(&rules);
	if (!used)
		append(&all, &used, "what is asked for cannot be there together");
	return err_set(e, ERR_CONFLICT, "%s", all.text);
}
