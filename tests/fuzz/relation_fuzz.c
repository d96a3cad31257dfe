// SPDX-License-Identifier: Apache-2.0
/*
 * Relations and versions: three strings, each ended by a NUL or the end. What is
 * taken must be the same after it was written and read, and the order of versions
 * must be one: the same both ways round, and over three.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tardisk/relation.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define STRINGS 3

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

static void check_text(const char *text)
{
	struct bundle_relation r = { 0 }, again = { 0 };
	char out[BUNDLE_RELATION_TEXT];
	struct err e = ERR_INIT;

	if (bundle_relation_parse(text, &r, &e)) {
		if (e.kind == ERR_NONE || !e.text[0])
			abort();
		return;
	}
	if (bundle_name_fault(r.name) || (r.op != BUNDLE_ANY && bundle_version_fault(r.version)))
		abort();
	if (bundle_relation_parse(bundle_relation_format(&r, out), &again, &e) ||
	    strcmp(r.name, again.name) || strcmp(r.version, again.version) || r.op != again.op)
		abort();
	/* Of its own version, all but "older than" and "newer than" hold. */
	if (bundle_relation_holds(&r, r.name, r.version) ==
	    (r.op == BUNDLE_LT || r.op == BUNDLE_GT))
		abort();
}

static void check_order(char *const v[STRINGS])
{
	int ab = sign(bundle_version_compare(v[0], v[1]));
	int bc = sign(bundle_version_compare(v[1], v[2]));
	int ac = sign(bundle_version_compare(v[0], v[2]));

	if (bundle_version_compare(v[0], v[0]))
		abort();
	if (sign(bundle_version_compare(v[1], v[0])) != -ab)
		abort();
	if ((ab >= 0 && bc >= 0 && ac < 0) || (ab <= 0 && bc <= 0 && ac > 0))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *v[STRINGS];
	int versions = 0;

	for (int i = 0; i < STRINGS; i++) {
		size_t len = strnlen((const char *)data, size);

		v[i] = strndup((const char *)data, len);
		data += len + (len < size);
		size -= len + (len < size);
		check_text(v[i]);
		versions += !bundle_version_fault(v[i]);
	}
	if (versions == STRINGS)
		check_order(v);
	for (int i = 0; i < STRINGS; i++)
		free(v[i]);
	return 0;
}
