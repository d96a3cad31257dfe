// SPDX-License-Identifier: Apache-2.0
/* Which bundles of depots come for a name; and that a bundle must be the one of the index. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/depot/pick.h"
#include "userworld/core/depot/stream.h"

#define MAX 8

static char dependency[64];

/* "name version vendor[ dependency]" */
static void make(struct bundle_descriptor *d, const char *text)
{
	static struct bundle_relation relations[MAX];
	static size_t n;
	char name[64], version[64], vendor[64];
	struct bundle_relation *r = &relations[n++ % MAX];

	dependency[0] = '\0';
	assert_true(sscanf(text, "%63s %63s %63s %63[^\n]", name, version, vendor, dependency) >=
		    3);
	d->name = strdup(name);
	d->version = strdup(version);
	d->vendor = strdup(vendor);
	if (!dependency[0])
		return;
	assert_int_equal(bundle_relation_parse(dependency, r, NULL), 0);
	d->depends.items = r;
	d->depends.n = 1;
}

static size_t make_all(const char *const *texts, struct bundle_descriptor *d,
		       const struct bundle_descriptor **list)
{
	size_t n = 0;

	for (; texts[n]; n++) {
		make(&d[n], texts[n]);
		list[n] = &d[n];
	}
	return n;
}

static void free_all(struct bundle_descriptor *d, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(d[i].name);
		free(d[i].version);
		free(d[i].vendor);
	}
}

/* "come: NAME VERSION ...; skip: NAME ...", or the reason. */
static const char *ask(const char *const *installed, const char *const *offered, const char *names,
		       bool update)
{
	static char text[600];
	struct bundle_descriptor in[MAX] = { 0 }, off[MAX] = { 0 };
	const struct bundle_descriptor *in_list[MAX], *off_list[MAX];
	bool usable[MAX] = { true, true, true, true, true, true, true, false };
	bool fixed[MAX] = { false };
	struct bundle_relation wanted[MAX];
	struct pick_request r = { .installed = in_list,
				  .n_installed = make_all(installed, in, in_list),
				  .fixed = fixed,
				  .offered = off_list,
				  .n_offered = make_all(offered, off, off_list),
				  .usable = usable,
				  .wanted = wanted,
				  .update = update };
	struct pick_result out;
	struct err e = ERR_INIT;
	char *at = text;

	if (names)
		assert_int_equal(depot_pick_wanted(names, wanted, MAX, &r.n_wanted, &e), 0);
	if (depot_pick(&r, &out, &e) < 0) {
		snprintf(text, sizeof(text), "%s", e.text);
	} else {
		at += sprintf(at, "come:");
		for (size_t i = 0; i < out.n_chosen; i++)
			at += sprintf(at, " %s %s", off[out.chosen[i]].name,
				      off[out.chosen[i]].version);
		at += sprintf(at, "; skip:");
		for (size_t i = 0; i < out.n_skipped; i++)
			at += sprintf(at, " %s", in[out.skipped[i]].name);
		pick_result_free(&out);
	}
	free_all(in, r.n_installed);
	free_all(off, r.n_offered);
	return text;
}

#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NONE ((const char *const[]){ NULL })

static void installs(void **state)
{
	(void)state;
	assert_string_equal(ask(NONE, LIST("a 1 v", "a 10 v", "a 9 v"), "a", false),
			    "come: a 10; skip:");
	assert_string_equal(ask(NONE, LIST("a 1 v", "a 10 v", "a 9 v"), "a << 10", false),
			    "come: a 9; skip:");
	assert_string_equal(ask(NONE, LIST("a 1 v", "b 1 v"), "b = 1, a", false),
			    "come: a 1 b 1; skip:");
	assert_string_equal(ask(NONE, LIST("a 1 v"), "a >= 2", false),
			    "a >= 2: no depot has such a bundle");
	/* What is there already does. */
	assert_string_equal(ask(LIST("a 1 v"), LIST("a 1 v"), "a", false), "come:; skip: a");
	assert_string_equal(ask(LIST("a 2 v"), LIST("a 1 v"), "a", false), "come:; skip: a");
	assert_string_equal(ask(LIST("a 1 v"), LIST("a 2 v"), "a", false), "come: a 2; skip:");
	assert_string_equal(ask(LIST("a 2 v"), LIST("a 1 v"), "a = 1", false),
			    "a 2 is installed, which is newer than 1");
	/* Of the vendor that is there, even if another has a newer one. */
	assert_string_equal(ask(LIST("a 1 v"), LIST("a 3 w", "a 2 v"), "a", false),
			    "come: a 2; skip:");
	assert_string_equal(ask(LIST("a 1 v"), LIST("a 3 w"), "a", false),
			    "a 3 is of vendor w, but a 1 of vendor v is installed; "
			    "remove that first");
}

static void dependencies(void **state)
{
	(void)state;
	assert_string_equal(ask(NONE, LIST("a 1 v b >= 2", "b 1 v", "b 2 v", "c 1 v"), "a", false),
			    "come: b 2 a 1; skip:");
	assert_string_equal(ask(LIST("b 1 v"), LIST("a 1 v b >= 2", "b 2 v"), "a", false),
			    "come: b 2 a 1; skip:");
	/* The last place is one that this host would refuse: only by its name. */
	assert_string_equal(
		ask(NONE,
		    LIST("a 1 v b", "c 1 v", "d 1 v", "e 1 v", "f 1 v", "g 1 v", "h 1 v", "b 1 v"),
		    "a", false),
		"a 1 depends on b, which nothing installed or offered provides");
	assert_string_equal(
		ask(NONE,
		    LIST("a 1 v b", "c 1 v", "d 1 v", "e 1 v", "f 1 v", "g 1 v", "h 1 v", "b 1 v"),
		    "a, b", false),
		"come: b 1 a 1; skip:");
}

static void updates(void **state)
{
	(void)state;
	assert_string_equal(
		ask(LIST("a 1 v", "b 1 v", "c 1 v"), LIST("a 2 v", "b 1 v", "d 1 v"), NULL, true),
		"come: a 2; skip: b c");
	assert_string_equal(ask(LIST("a 1 v"), LIST("a 2 v"), "a", true), "come: a 2; skip:");
	assert_string_equal(ask(LIST("a 1 v"), LIST("b 2 v"), "b", true),
			    "b: no such bundle is installed");
	assert_string_equal(ask(NONE, LIST("a 2 v"), NULL, true), "come:; skip:");
}

static void words(void **state)
{
	struct bundle_relation list[2];
	struct err e = ERR_INIT;
	size_t n;

	(void)state;
	assert_int_equal(depot_pick_wanted("a,b>=2", list, 2, &n, &e), 0);
	assert_string_equal(list[1].version, "2");
	assert_int_equal(depot_pick_wanted("a=b=c", list, 2, &n, &e), -1);
	assert_int_equal(depot_pick_wanted(" a, b >= 2", list, 2, &n, &e), 0);
	assert_int_equal(n, 2);
	assert_int_equal(list[1].op, BUNDLE_GE);
	assert_int_equal(depot_pick_wanted("a,b,c", list, 2, &n, &e), -1);
	assert_int_equal(e.kind, ERR_USAGE);
	assert_int_equal(depot_pick_wanted(",", list, 2, &n, &e), -1);
	assert_int_equal(depot_pick_wanted("A?", list, 2, &n, &e), -1);
	assert_int_equal(e.kind, ERR_USAGE);
}

/* A bundle without payloads in a folder of the tree, and an index entry that fits. */
static struct depot_bundle sample(char *text, size_t size)
{
	struct depot_bundle b = { .path = (char *)"meta.vib", .text = text };
	char archive[2000], head[80];

	b.text_len = (size_t)snprintf(
		text, size,
		"{\"format\": 1, \"name\": \"meta\", \"version\": \"1\", \"vendor\": \"v\", "
		"\"summary\": \"s\", \"created\": \"2026-01-31T12:00:00Z\", \"type\": \"meta\", "
		"\"acceptance_level\": \"community\", \"files\": [], \"payloads\": []} \n");
	b.text_len &= ~(size_t)1;
	text[b.text_len] = '\0';
	snprintf(head, sizeof(head), "%-16s%-12d%-6d%-6d%-8s%-10zu`\n", "descriptor.json", 0, 0, 0,
		 "100644", b.text_len);
	b.size = (uint64_t)snprintf(archive, sizeof(archive),
				    "!<arch>\n%s%s%-16s%-12d%-6d%-6d%-8s%-10d`\n", head, text,
				    "signature.p7s", 0, 0, 0, "100644", 0);
	tree_write("/depot/meta.vib", archive, 0644);
	sha256_text((unsigned char[32]){ 0 }, b.sha256);
	return b;
}

static const char *read_entry(struct depot_bundle *entry)
{
	static char text[600];
	struct depot_stream s;
	struct err e = ERR_INIT;
	struct bundle *b;
	const struct depot_place place = { .address = "/depot" };
	int rc = depot_stream_open(&s, &place, entry, NULL, &b, &e);

	if (rc == 0) {
		rc = bundle_finish(b, &e);
		bundle_close(b);
		rc = rc < 0 ? depot_stream_fault(&s, &e) : depot_stream_check(&s, &e);
		depot_stream_close(&s);
	}
	snprintf(text, sizeof(text), "%s", rc < 0 ? e.text : "good");
	return text;
}

static void streams(void **state)
{
	char descriptor[500], other[500];
	struct depot_bundle entry = sample(descriptor, sizeof(descriptor)), changed;
	unsigned long long size;
	int fd = open(tree_path("/depot/meta.vib"), O_RDONLY);

	(void)state;
	assert_non_null(strstr(read_entry(&entry), "SHA-256"));
	assert_int_equal(sha256_file(fd, "", &size, entry.sha256, NULL), 0);
	close(fd);
	assert_int_equal(size, entry.size);
	assert_string_equal(read_entry(&entry), "good");
	changed = entry;
	changed.size++;
	assert_non_null(strstr(read_entry(&changed), "the index says"));
	changed.size -= 2;
	assert_non_null(strstr(read_entry(&changed), "is larger than the"));
	changed = entry;
	changed.signature = (unsigned char *)other;
	changed.signature_len = 3;
	assert_non_null(strstr(read_entry(&changed), "is other than in the index"));
	changed = entry;
	memcpy(other, descriptor, sizeof(other));
	strstr(other, "meta")[0] = 'b';
	changed.text = other;
	assert_non_null(strstr(read_entry(&changed), "is other than in the index"));
	changed.path = (char *)"missing.vib";
	assert_non_null(strstr(read_entry(&changed), "No such file"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(installs), cmocka_unit_test(dependencies),
		cmocka_unit_test(updates),  cmocka_unit_test(words),
		cmocka_unit_test(streams),
	};

	return cmocka_run_group_tests(tests, tree_setup, tree_teardown);
}
