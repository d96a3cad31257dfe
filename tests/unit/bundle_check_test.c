// SPDX-License-Identifier: Apache-2.0
/* What may be installed beside what, and removed from it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tardisk/bundle.h"
#include "tests/unit/unit.h"

/* "NAME VERSION; depends: a >= 1, b; files: x, y; overlay" */
static struct bundle_descriptor *make(const char *text)
{
	char json[2048], more[1024] = "", name[64], version[64];
	_Bool overlay = strstr(text, "overlay") != NULL;
	static const char *const lists[] = { "depends", "conflicts", "replaces", "provides",
					     "shared" };
	struct bundle_descriptor *d;
	struct err e = ERR_INIT;
	char files[256] = "\"none\"";

	assert_int_equal(sscanf(text, "%63[^ ] %63[^; ]", name, version), 2);
	for (size_t i = 0; i < 6; i++) {
		const char *key = i < 5 ? lists[i] : "files", *p = strstr(text, key);
		char list[256] = "";

		if (!p)
			continue;
		p += strlen(key) + 2;
		for (; *p && *p != ';'; p++) {
			size_t n = strlen(list);

			if (*p == ',')
				snprintf(list + n, sizeof(list) - n, "\",\"");
			else if (*p != ' ' || (n && list[n - 1] != '"'))
				snprintf(list + n, sizeof(list) - n, "%c", *p);
		}
		if (i < 5)
			snprintf(more + strlen(more), sizeof(more) - strlen(more),
				 ",\"%s\":[\"%s\"]", key, list);
		else
			snprintf(files, sizeof(files), "\"%.250s\"", list);
	}
	snprintf(json, sizeof(json),
		 "{\"format\":1,\"name\":\"%s\",\"version\":\"%s\",\"vendor\":\"v\","
		 "\"type\":\"bootbank\",\"summary\":\"s\",\"created\":\"2026-01-31T12:00:00Z\","
		 "\"acceptance_level\":\"community\",\"overlay\":%s,\"files\":[%s%s%s],"
		 "\"payloads\":[{\"name\":\"a.v00\",\"type\":\"tardisk\",\"size\":1,"
		 "\"content_size\":4096,\"sha256\":\"%064d\",\"content_sha256\":\"%064d\",\"root_"
		 "hash\":\"%064d\"}]%s}",
		 name, version, overlay ? "true" : "false", strstr(text, "files") ? "" : "\"usr/",
		 strstr(text, "files") ? files : name, strstr(text, "files") ? "" : "\"", 0, 0, 0,
		 more);
	if (bundle_descriptor_parse(json, strlen(json), &d, &e))
		fail_msg("%s: %s", json, e.text);
	return d;
}

#define MAX 4

struct set {
	struct bundle_descriptor *d[MAX];
	size_t n;
};

static struct set make_set(const char *const *texts)
{
	struct set s = { .n = 0 };

	for (; s.n < MAX && texts[s.n]; s.n++)
		s.d[s.n] = make(texts[s.n]);
	return s;
}

static void free_set(struct set *s)
{
	for (size_t i = 0; i < s->n; i++)
		bundle_descriptor_free(s->d[i]);
}

static void install(void **state)
{
	static const struct {
		const char *new, *installed[MAX + 1], *message; /* NULL: allowed */
		size_t gone;					/* bits */
	} cases[] = {
		{ "a 1", { NULL }, NULL, 0 },
		{ "a 1", { "b 1", "c 1" }, NULL, 0 },
		{ "a 2", { "a 1" }, NULL, 1 },
		{ "a 1", { "a 1" }, "a 1 is installed, which is not older than 1", 0 },
		{ "a 1", { "a 2" }, "a 2 is installed, which is newer than 1", 0 },
		{ "a 1; depends: b",
		  { NULL },
		  "a 1 depends on b, which nothing installed provides",
		  0 },
		{ "a 1; depends: b", { "b 1" }, NULL, 0 },
		{ "a 1; depends: b >= 2", { "b 1" }, "a 1 depends on b >= 2, which nothing", 0 },
		{ "a 1; depends: b >= 2", { "b 2-1" }, NULL, 0 },
		{ "a 1; depends: cap", { "b 1; provides: cap" }, NULL, 0 },
		{ "a 1; depends: cap >= 2", { "b 1; provides: cap = 2.1" }, NULL, 0 },
		{ "a 1; depends: cap >= 2",
		  { "b 1; provides: cap" },
		  "a 1 depends on cap >= 2",
		  0 },
		{ "a 1; depends: self; provides: self", { NULL }, NULL, 0 },
		{ "a 1; conflicts: b", { "b 1" }, "a 1 conflicts with b, and b 1 is that", 0 },
		{ "a 1; conflicts: b << 1", { "b 1" }, NULL, 0 },
		{ "a 1", { "b 1; conflicts: a" }, "b 1 conflicts with a, and a 1 is that", 0 },
		{ "a 1; conflicts: cap", { "b 1; provides: cap" }, "a 1 conflicts with cap", 0 },
		{ "a 1; conflicts: b; replaces: b", { "c 1", "b 1" }, NULL, 2 },
		{ "a 1; replaces: b", { "b 1", "c 1; depends: b" }, "c 1 depends on b, which", 0 },
		{ "a 1; replaces: b; provides: b", { "b 1", "c 1; depends: b" }, NULL, 1 },
		{ "a 1; files: p, x", { "b 1; files: q, x" }, "a 1 and b 1 both have /x", 0 },
		{ "a 1; files: p, x; overlay", { "b 1; files: q, x" }, NULL, 0 },
		{ "a 1; files: p, x", { "b 1; files: q, x; overlay" }, NULL, 0 },
		{ "a 1; files: p, x; replaces: b", { "b 1; files: q, x" }, NULL, 1 },
		{ "a 1; files: p, x; shared: x", { "b 1; files: q, x; shared: x" }, NULL, 0 },
		{ "a 1; files: p, x; shared: x", { "b 1; files: q, x" }, "both have /x", 0 },
		{ "a 1; files: p, x", { "b 1; files: q, x; shared: q, x" }, "both have /x", 0 },
		{ "a 2; files: p", { "a 1; files: p" }, NULL, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bundle_descriptor *d = make(cases[i].new);
		struct set s = make_set(cases[i].installed);
		const struct bundle_descriptor *const *list = (void *)s.d;
		struct err e = ERR_INIT;
		bool gone[MAX] = { 0 };
		int rc = bundle_check_install(d, list, s.n, gone, &e);

		if (rc != (cases[i].message ? -1 : 0) ||
		    (rc && !strstr(e.text, cases[i].message)) || (rc && e.kind != ERR_CONFLICT))
			fail_msg("%zu: %d %s", i, rc, e.text);
		for (size_t j = 0; j < s.n && !rc; j++)
			assert_int_equal(gone[j], cases[i].gone >> j & 1);
		bundle_descriptor_free(d);
		free_set(&s);
	}
}

static void removal(void **state)
{
	static const struct {
		const char *installed[MAX + 1], *message;
	} cases[] = { /* the first is to go */
		      { { "a 1" }, NULL },
		      { { "a 1", "b 1" }, NULL },
		      { { "a 1", "b 1; depends: a" }, "b 1 depends on a, and a 1 is that" },
		      { { "a 1; provides: cap", "b 1; depends: cap" }, "b 1 depends on cap" },
		      { { "a 1; provides: cap", "b 1; depends: cap", "c 1; provides: cap" }, NULL },
		      { { "a 1; depends: b", "b 1" }, NULL },
		      /* Broken before: removing a does not make it worse. */
		      { { "a 1", "b 1; depends: gone" }, NULL }
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct set s = make_set(cases[i].installed);
		const struct bundle_descriptor *const *list = (void *)s.d;
		struct err e = ERR_INIT;
		int rc = bundle_check_remove(list, s.n, 0, &e);

		if (rc != (cases[i].message ? -1 : 0) || (rc && !strstr(e.text, cases[i].message)))
			fail_msg("%zu: %d %s", i, rc, e.text);
		free_set(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(install),
		cmocka_unit_test(removal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
