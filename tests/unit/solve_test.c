// SPDX-License-Identifier: Apache-2.0
/* What comes and goes, and why not. Bundles are written as "name version: relation, ...". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/solve_model.h"
#include "tests/unit/unit.h"
#include "userworld/core/bundle/solve.h"

#define MAX 8

/* "name version[@vendor] [+kind relation,]...": kind is d, c, r or p. */
static struct bundle_descriptor *make(const char *text)
{
	struct bundle_descriptor *d = calloc(1, sizeof(*d));
	char *copy = strdup(text), *save, *word = strtok_r(copy, "+", &save), *at;
	char name[64], version[64];

	assert_int_equal(sscanf(word, "%63s %63s", name, version), 2);
	at = strchr(version, '@');
	d->vendor = strdup(at ? at + 1 : "v");
	if (at)
		*at = '\0';
	d->name = strdup(name);
	d->version = strdup(version);
	while ((word = strtok_r(NULL, "+", &save))) {
		struct bundle_relations *list = *word == 'd'   ? &d->depends
						: *word == 'c' ? &d->conflicts
						: *word == 'r' ? &d->replaces
							       : &d->provides;

		list->items = realloc(list->items, (list->n + 1) * sizeof(*list->items));
		if (word[strlen(word) - 1] == ' ')
			word[strlen(word) - 1] = '\0';
		assert_int_equal(bundle_relation_parse(word + 2, &list->items[list->n++], NULL), 0);
	}
	free(copy);
	return d;
}

struct set {
	struct bundle_descriptor *items[MAX];
	size_t n;
};

static struct set make_set(const char *const *texts)
{
	struct set s = { { NULL }, 0 };

	for (; texts[s.n]; s.n++)
		s.items[s.n] = make(texts[s.n]);
	return s;
}

static void free_set(struct set *s)
{
	for (size_t i = 0; i < s->n; i++)
		bundle_descriptor_free(s->items[i]);
}

/* Asks for the first one offered; "come: a b; go: c", or the reason. */
static const char *ask(const char *const *installed, const char *const *offered, int remove,
		       bool fixed)
{
	static char text[600];
	struct set in = make_set(installed), off = make_set(offered);
	bool first[MAX] = { off.n > 0 && remove < 0 }, gone[MAX] = { false };
	bool all[MAX] = { true, true, true, true, true, true, true, true };
	struct solve_request r = {
		.installed = (const struct bundle_descriptor *const *)in.items,
		.n_installed = in.n,
		.fixed = fixed ? all : NULL,
		.offered = (const struct bundle_descriptor *const *)off.items,
		.n_offered = off.n,
		.install = first,
		.remove = gone,
	};
	struct solve_result out;
	struct err e = ERR_INIT;
	size_t used = 0;

	if (remove >= 0)
		gone[remove] = true;
	text[0] = '\0';
	if (bundle_solve(&r, &out, &e)) {
		assert_int_equal(e.kind, ERR_CONFLICT);
		snprintf(text, sizeof(text), "%s", e.text);
	} else {
		used += (size_t)sprintf(text + used, "come:");
		for (size_t i = 0; i < out.n_order; i++)
			used += (size_t)sprintf(text + used, " %s", off.items[out.order[i]]->name);
		used += (size_t)sprintf(text + used, "; go:");
		for (size_t i = 0; i < in.n; i++)
			if (out.gone[i])
				used += (size_t)sprintf(text + used, " %s", in.items[i]->name);
		solve_result_free(&out);
	}
	free_set(&in);
	free_set(&off);
	return text;
}

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NONE ((const char *const[]){ NULL })

static void installs(void **state)
{
	(void)state;
	assert_string_equal(ask(NONE, LIST("a 1"), -1, false), "come: a; go:");
	assert_string_equal(ask(LIST("a 1"), LIST("a 2"), -1, false), "come: a; go: a");
	assert_string_equal(ask(LIST("b 1"), LIST("a 1 +d b >= 1"), -1, false), "come: a; go:");
	assert_string_equal(ask(LIST("b 1"), LIST("a 1 +r b"), -1, false), "come: a; go: b");
	/* By what it provides. */
	assert_string_equal(ask(LIST("b 1 +p shell = 2"), LIST("a 1 +d shell >= 2"), -1, false),
			    "come: a; go:");
	assert_string_equal(ask(LIST("b 1 +p shell"), LIST("a 1 +d shell"), -1, false),
			    "come: a; go:");
	/* What replaces the dependency of another provides it. */
	assert_string_equal(ask(LIST("b 1", "c 1 +d b"), LIST("a 1 +r b +p b = 1"), -1, false),
			    "come: a; go: b");
	/* dpkg's order of versions. */
	assert_string_equal(ask(LIST("a 1.0~rc1-1"), LIST("a 1.0-1"), -1, false), "come: a; go: a");
	assert_string_equal(ask(LIST("a 1.9"), LIST("a 1.10"), -1, false), "come: a; go: a");
}

static void dependencies(void **state)
{
	(void)state;
	/* The newest that does, and before what depends on it. */
	assert_string_equal(ask(NONE, LIST("a 1 +d b", "b 1", "b 2"), -1, false), "come: b a; go:");
	assert_string_equal(ask(NONE, LIST("a 1 +d b << 2", "b 1", "b 2"), -1, false),
			    "come: b a; go:");
	assert_string_equal(ask(NONE, LIST("a 1 +d b", "b 1 +d c", "c 1"), -1, false),
			    "come: c b a; go:");
	/* An installed one is updated if that helps. */
	assert_string_equal(ask(LIST("b 1"), LIST("a 1 +d b >= 2", "b 2"), -1, false),
			    "come: b a; go: b");
	/* A circle is no problem. */
	assert_string_equal(ask(NONE, LIST("a 1 +d b", "b 1 +d a"), -1, false), "come: a b; go:");
	/* Nothing comes that nobody needs. */
	assert_string_equal(ask(LIST("b 1"), LIST("a 1", "b 2", "c 1"), -1, false), "come: a; go:");
}

static void refusals(void **state)
{
	(void)state;
	assert_string_equal(ask(NONE, LIST("a 1 +d b >= 2"), -1, false),
			    "a 1 depends on b >= 2, which nothing installed or offered provides");
	assert_string_equal(ask(LIST("b 1"), LIST("a 1 +d b >= 2"), -1, false),
			    "a 1 depends on b >= 2, which nothing installed or offered provides");
	assert_string_equal(ask(LIST("b 1"), LIST("a 1 +c b"), -1, false),
			    "a 1 conflicts with b, and b 1 is that; b 1 is installed and would "
			    "have to go");
	assert_string_equal(ask(LIST("b 1 +c a << 2"), LIST("a 1"), -1, false),
			    "b 1 conflicts with a << 2, and a 1 is that; b 1 is installed and "
			    "would have to go");
	assert_string_equal(ask(NONE, LIST("a 1 +d b", "b 1 +c a"), -1, false),
			    "a 1 depends on b; b 1 conflicts with a, and a 1 is that");
	/* What stays would lose what it depends on. */
	assert_string_equal(ask(LIST("a 1", "b 1 +d a << 2"), LIST("a 2"), -1, false),
			    "a 2 and a 1 cannot be there both; b 1 depends on a << 2; "
			    "b 1 is installed and would have to go");
	/* A circle that cannot be closed. */
	assert_string_equal(ask(NONE, LIST("a 1 +d b", "b 1 +d a >= 2"), -1, false),
			    "a 1 depends on b; b 1 depends on a >= 2, which nothing installed or "
			    "offered provides");
}

static void same_name(void **state)
{
	(void)state;
	assert_string_equal(ask(LIST("a 2"), LIST("a 1"), -1, false),
			    "a 2 is installed, which is newer than 1");
	assert_string_equal(ask(LIST("a 1"), LIST("a 1"), -1, false),
			    "a 1 is installed, which is not older than 1");
	assert_string_equal(ask(LIST("a 1@acme"), LIST("a 2@evil"), -1, false),
			    "a 2 is of vendor evil, but a 1 of vendor acme is installed; "
			    "remove that first");
	assert_string_equal(ask(LIST("a 1@acme"), LIST("a 2@heir +r a"), -1, false),
			    "come: a; go: a");
	/* Nor as somebody's dependency. */
	assert_non_null(strstr(ask(LIST("b 1@acme"), LIST("a 1 +d b >= 2", "b 2@evil"), -1, false),
			       "would have to go"));
}

static void removals(void **state)
{
	(void)state;
	assert_string_equal(ask(LIST("a 1"), NONE, 0, false), "come:; go: a");
	assert_string_equal(ask(LIST("a 1", "b 1 +d a"), NONE, 0, false),
			    "b 1 depends on a; b 1 is installed and would have to go");
	assert_string_equal(ask(LIST("a 1", "b 1 +d c", "d 1 +p c", "e 1 +p c"), NONE, 2, false),
			    "come:; go: d");
}

/* Which of the installed ones go if those whose names are in the text may. */
static const char *evict(const char *const *texts, const char *may)
{
	static char names[100];
	struct set in = make_set(texts);
	bool may_go[MAX];
	struct solve_request r = { .installed = (const void *)in.items,
				   .n_installed = in.n,
				   .may_go = may_go };
	struct solve_result out;
	struct err e = ERR_INIT;

	names[0] = '\0';
	for (size_t i = 0; i < in.n; i++)
		may_go[i] = strstr(may, in.items[i]->name);
	if (bundle_solve(&r, &out, &e))
		fail_msg("%s", e.text);
	for (size_t i = 0; i < in.n; i++)
		if (out.gone[i])
			strcat(names, in.items[i]->name);
	solve_result_free(&out);
	free_set(&in);
	return names;
}

/* All go that nothing needs which stays, however they need each other. */
static void evictions(void **state)
{
	(void)state;
	assert_string_equal(evict(LIST("a 1", "b 1"), "a"), "a");
	assert_string_equal(evict(LIST("a 1 +d b", "b 1 +d a", "c 1"), "ab"), "ab");
	assert_string_equal(evict(LIST("a 1 +d b", "b 1 +d a", "c 1"), "a"), "");
	/* c stays and needs a, which needs b. */
	assert_string_equal(evict(LIST("a 1 +d b", "b 1", "c 1 +d a", "d 1", "e 1 +d d"), "abde"),
			    "de");
	/* c needs one of both. */
	assert_int_equal(strlen(evict(LIST("a 1 +p x", "b 1 +p x", "c 1 +d x", "d 1 +d a"), "abd")),
			 2);
	assert_string_equal(evict(LIST("a 1", "b 1"), ""), "");
}

static void image(void **state)
{
	(void)state;
	assert_non_null(strstr(ask(LIST("b 1"), LIST("a 1 +r b"), -1, true), "a 1 replaces b"));
	assert_non_null(strstr(ask(LIST("b 1"), LIST("b 2"), -1, true), "cannot be there both"));
	assert_string_equal(ask(LIST("b 1"), LIST("a 1 +d b"), -1, true), "come: a; go:");
}

/* A bundle of random name, version and relations, few enough of each to meet. */
static struct bundle_descriptor *random_bundle(unsigned int *seed, char name)
{
	static const char *const ops[] = { "", " << 2", " <= 1", " = 2", " >= 2", " >> 1" };
	char text[256];
	size_t used = (size_t)sprintf(text, "%c %d", name, 1 + rand_r(seed) % 3);

	for (int i = rand_r(seed) % 4; i > 0; i--) {
		char kind = "dcrp"[rand_r(seed) % 4];
		const char *op = ops[rand_r(seed) % 6];

		if (kind == 'p')
			op = rand_r(seed) % 2 ? " = 2" : "";
		used += (size_t)sprintf(text + used, " +%c %c%s", kind, "abcxy"[rand_r(seed) % 5],
					op);
	}
	return make(text);
}

/* Do all relations of what is installed hold? Only such sets are asked about. */
static bool is_sound(struct set *s)
{
	bool gone[MAX];

	for (size_t i = 0; i < s->n; i++) {
		struct set others = { { NULL }, 0 };

		for (size_t k = 0; k < s->n; k++)
			if (k != i)
				others.items[others.n++] = s->items[k];
		if (model_install(s->items[i], (const void *)others.items, others.n, gone, NULL))
			return false;
		for (size_t k = 0; k < others.n; k++)
			if (gone[k])
				return false;
	}
	return true;
}

static void compare_install(struct set *in, struct bundle_descriptor *d)
{
	const struct bundle_descriptor *offered = d;
	const bool yes = true;
	struct solve_request r = { .installed = (const void *)in->items,
				   .n_installed = in->n,
				   .offered = &offered,
				   .n_offered = 1,
				   .install = &yes };
	struct err by_solver = ERR_INIT, by_model = ERR_INIT;
	struct solve_result out;
	bool gone[MAX];
	int solved = bundle_solve(&r, &out, &by_solver);
	int modelled = model_install(d, r.installed, in->n, gone, &by_model);

	if (solved != modelled)
		fail_msg("solver: %d %s; model: %d %s", solved, by_solver.text, modelled,
			 by_model.text);
	for (size_t i = 0; i < in->n && !solved; i++)
		assert_int_equal(out.gone[i], gone[i]);
	if (!solved)
		solve_result_free(&out);
}

static void compare_remove(struct set *in, size_t which)
{
	bool remove[MAX] = { false };
	struct solve_request r = { .installed = (const void *)in->items,
				   .n_installed = in->n,
				   .remove = remove };
	struct solve_result out;
	int solved;

	remove[which] = true;
	solved = bundle_solve(&r, &out, NULL);
	assert_int_equal(solved, model_remove(r.installed, in->n, which, NULL));
	if (!solved)
		solve_result_free(&out);
}

/* The solver and the plain rules agree wherever both can decide. */
static void random_sets(void **state)
{
	unsigned int seed = 1, asked = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct set in = { { NULL }, 0 };
		struct bundle_descriptor *d = random_bundle(&seed, "abcd"[rand_r(&seed) % 4]);

		for (char name = 'a'; name < 'd'; name++)
			if (rand_r(&seed) % 3)
				in.items[in.n++] = random_bundle(&seed, name);
		if (is_sound(&in)) {
			compare_install(&in, d);
			if (in.n)
				compare_remove(&in, (size_t)rand_r(&seed) % in.n);
			asked++;
		}
		free_set(&in);
		bundle_descriptor_free(d);
	}
	assert_true(asked > 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(installs), cmocka_unit_test(dependencies),
		cmocka_unit_test(refusals), cmocka_unit_test(same_name),
		cmocka_unit_test(removals), cmocka_unit_test(evictions),
		cmocka_unit_test(image),    cmocka_unit_test(random_sets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
