// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/installed.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/tree.h"
#include "tests/unit/unit.h"
#include "userworld/core/bundle/keep.h"

void installed_attach(const char *name, int order)
{
	static const char *const files[] = { "size", "packed", "memory", "files", "branches" };
	char path[256], number[16];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "/sys/fs/visorfs/0/tardisks/%s/%s", name, files[i]);
		tree_write(path, "1\n", 0644);
	}
	snprintf(path, sizeof(path), "/sys/fs/visorfs/0/tardisks/%s/residency", name);
	tree_write(path, "resident\n", 0644);
	snprintf(path, sizeof(path), "/sys/fs/visorfs/0/tardisks/%s/order", name);
	snprintf(number, sizeof(number), "%d\n", order);
	tree_write(path, number, 0644);
}

#define PAYLOAD                                                                             \
	"{\"name\": \"%s.v00\", \"type\": \"tardisk\", \"size\": %zu, \"sha256\": "         \
	"\"%064d\", \"content_size\": 4096, \"content_sha256\": \"%064d\", \"root_hash\": " \
	"\"%064d\"}"

char *installed_text(const char *name, size_t size, const char *depends)
{
	char *text = NULL;

	assert_true(asprintf(&text,
			     "{\"format\": 1, \"name\": \"%s\", \"version\": \"1\", \"vendor\": "
			     "\"acme\", \"summary\": \"A tool\", \"created\": "
			     "\"2026-01-31T12:00:00Z\", \"type\": \"bootbank\", "
			     "\"acceptance_level\": \"community\", \"files\": [\"opt/%s\"], "
			     "\"depends\": [%s], \"payloads\": [" PAYLOAD "]}",
			     name, name, depends, name, size, 0, 0, 0) > 0);
	return text;
}

void installed_put(const char *name, int order, const char *data, const char *depends)
{
	char *text = installed_text(name, strlen(data), depends), *file, path[256], tardisk[64];
	json_t *record;

	snprintf(tardisk, sizeof(tardisk), "%s.v00", name);
	record = json_pack("{s:s, s:s, s:s, s:[s], s:[]}", "descriptor", text, "signature", "",
			   "install_date", "2026-01-31", "tardisks", tardisk, "overrides");
	file = json_dumps(record, 0);
	snprintf(path, sizeof(path), BUNDLE_RECORDS "/%s.json", name);
	tree_write(path, file, 0644);
	snprintf(path, sizeof(path), BUNDLE_KEEP "/%s", tardisk);
	tree_write(path, data, 0600);
	installed_attach(tardisk, order);
	json_decref(record);
	free(file);
	free(text);
}
