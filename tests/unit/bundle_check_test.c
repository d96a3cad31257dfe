// SPDX-License-Identifier: Apache-2.0
/* Files that two bundles have in common. */
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

static void files(void **state)
{
	static const struct {
		const char *one, *other, *message; /* NULL: allowed */
	} cases[] = {
		{ "a 1; files: p, x", "b 1; files: q, y", NULL },
		{ "a 1; files: p, x", "b 1; files: q, x", "a 1 and b 1 both have /x" },
		{ "a 1; files: p, x; overlay", "b 1; files: q, x", NULL },
		{ "a 1; files: p, x", "b 1; files: q, x; overlay", NULL },
		{ "a 1; files: p, x; shared: x", "b 1; files: q, x; shared: x", NULL },
		{ "a 1; files: p, x; shared: x", "b 1; files: q, x", "both have /x" },
		{ "a 1; files: p, x", "b 1; files: q, x; shared: q, x", "both have /x" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bundle_descriptor *one = make(cases[i].one), *other = make(cases[i].other);
		struct err e = ERR_INIT;
		int rc = bundle_check_files(one, other, &e);

		if (rc != (cases[i].message ? -1 : 0) ||
		    (rc && (!strstr(e.text, cases[i].message) || e.kind != ERR_CONFLICT)))
			fail_msg("%zu: %d %s", i, rc, e.text);
		bundle_descriptor_free(one);
		bundle_descriptor_free(other);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
