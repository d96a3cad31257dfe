// SPDX-License-Identifier: Apache-2.0
/* bundle diff: what one bundle says and holds otherwise than another. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "contents.h"
#include "program.h"
#include "stream.h"
#include "verbs.h"

static const struct program self = {
	.name = "bundle diff",
	.usage = "OLD NEW",
	.help = "  -h, --help\n"
		"Exit status 0 if they are the same but for signature and packing, 10 if not.\n",
};

#define STATUS_DIFFERENT 10

static void print_value(const char *sign, const char *field, json_t *value)
{
	_cleanup_free_ char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

	printf("%s %s: %s\n", sign, field,
	       json_is_string(value) ? json_string_value(value)
	       : text		     ? text
				     : "");
}

static bool contains(const json_t *list, const json_t *value)
{
	json_t *item;
	size_t i;

	json_array_foreach (list, i, item)
		if (json_equal(item, value))
			return true;
	return false;
}

/* Elements that only one of both lists has. */
static void print_missing(const char *sign, const char *field, json_t *list, json_t *other)
{
	json_t *item;
	size_t i;

	json_array_foreach (list, i, item)
		if (!contains(other, item))
			print_value(sign, field, item);
}

static int compare_field(const char *field, json_t *one, json_t *other)
{
	if (one && other && json_equal(one, other))
		return 0;
	if ((!one || json_is_array(one)) && (!other || json_is_array(other))) {
		/* An empty list says what a missing one does. */
		if (!json_array_size(one) && !json_array_size(other))
			return 0;
		print_missing("-", field, one, other);
		print_missing("+", field, other, one);
		return 1;
	}
	if (one)
		print_value("-", field, one);
	if (other)
		print_value("+", field, other);
	return 1;
}

static bool is_listed_elsewhere(const char *field)
{
	return !strcmp(field, "files") || !strcmp(field, "payloads") || !strcmp(field, "format");
}

static int compare_fields(json_t *one, json_t *other)
{
	const char *field;
	json_t *value;
	int different = 0;

	json_object_foreach (one, field, value)
		if (!is_listed_elsewhere(field))
			different |= compare_field(field, value, json_object_get(other, field));
	json_object_foreach (other, field, value)
		if (!is_listed_elsewhere(field) && !json_object_get(one, field))
			different |= compare_field(field, NULL, value);
	return different;
}

/* Both are in the order of their paths. */
static int compare_entries(const struct contents *one, const struct contents *other)
{
	size_t i = 0, k = 0;
	int different = 0;

	while (i < one->n || k < other->n) {
		int order = i == one->n	    ? 1
			    : k == other->n ? -1
					    : strcmp(one->items[i].path, other->items[k].path);

		if (order < 0)
			printf("- /%s\n", one->items[i].path);
		else if (order > 0)
			printf("+ /%s\n", other->items[k].path);
		else if (strcmp(one->items[i].what, other->items[k].what) != 0)
			printf("~ /%s: %s -> %s\n", one->items[i].path, one->items[i].what,
			       other->items[k].what);
		different |= order || strcmp(one->items[i].what, other->items[k].what) != 0;
		i += order <= 0;
		k += order >= 0;
	}
	return different;
}

static int load(const char *path, json_t **fields, struct contents *c, struct err *e)
{
	_cleanup_close_ int fd = -1;
	struct bundle *b;
	const char *text;
	size_t len;
	int rc;

	if (stream_open(&b, path, &fd, e))
		return -1;
	text = bundle_descriptor_text(b, &len);
	*fields = json_loadb(text, len, 0, NULL);
	rc = *fields ? contents_load(c, b, e) : err_sys(e, ENOMEM, "%s", path);
	bundle_close(b);
	return rc;
}

/* 1 if they differ, 0, or -1. */
static int diff(char *const *paths, struct err *e)
{
	struct contents c[2] = { { NULL, 0 }, { NULL, 0 } };
	json_t *fields[2] = { NULL, NULL };
	int rc = load(paths[0], &fields[0], &c[0], e);

	if (!rc)
		rc = load(paths[1], &fields[1], &c[1], e);
	if (!rc) {
		rc = compare_fields(fields[0], fields[1]);
		rc |= compare_entries(&c[0], &c[1]);
	}
	for (int i = 0; i < 2; i++) {
		json_decref(fields[i]);
		contents_free(&c[i]);
	}
	return rc;
}

int verb_diff(int argc, char **argv)
{
	static const struct option options[] = { { "help", no_argument, NULL, 'h' },
						 { NULL, 0, NULL, 0 } };
	struct err e = ERR_INIT;
	int c, rc;

	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1)
		return c == 'h' ? program_help(&self) : program_usage(&self, NULL);
	if (argc - optind != 2)
		return program_usage(&self, "two bundles are wanted");
	rc = diff(argv + optind, &e);
	if (rc < 0)
		return program_fail(&self, &e);
	return program_end(&self) ?: rc ? STATUS_DIFFERENT : 0;
}
