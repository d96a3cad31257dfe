// SPDX-License-Identifier: Apache-2.0
#include "support.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "program.h"
#include "userworld/core/support/support.h"
#include "version.h"

static const struct program self = {
	.name = "visor-support",
	.usage = "-w FILE|- [-g GROUP] | -l",
	.help = "  -w, --write FILE       write the support bundle, a .tgz; '-' is standard "
		"output\n"
		"  -g, --group GROUP      of the manifests of this group only\n"
		"  -l, --list-manifests   say what manifests there are\n",
};

static json_int_t number(json_t *row, const char *key)
{
	return json_integer_value(json_object_get(row, key));
}

static const char *text(json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key)) ?: "";
}

static int list(struct err *e)
{
	json_t *rows = NULL, *row;
	size_t i;

	if (support_manifests(&rows, e) < 0)
		return -1;
	printf("%-20s %-12s %7s  %s\n", "Manifest", "Group", "Entries", "About");
	json_array_foreach (rows, i, row)
		printf("%-20s %-12s %7" JSON_INTEGER_FORMAT "  %s%s\n", text(row, "name"),
		       text(row, "group"), number(row, "entries"), text(row, "about"),
		       text(row, "problem"));
	json_decref(rows);
	return 0;
}

/* Said where it is in nobody's way. */
static void say(const char *file, json_t *result)
{
	FILE *out = strcmp(file, "-") != 0 ? stdout : stderr;
	static const char *const kinds[] = { "taken",	"cut",	  "timed_out", "refused",
					     "missing", "failed", "left_out" };

	fprintf(out, "%s: %" JSON_INTEGER_FORMAT " bytes;", file, number(result, "bytes"));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (number(result, kinds[i]))
			fprintf(out, " %" JSON_INTEGER_FORMAT " %s,", number(result, kinds[i]),
				kinds[i]);
	fprintf(out, " %" JSON_INTEGER_FORMAT " secrets removed\n", number(result, "secrets"));
}

static int write_bundle(const char *file, const char *group, struct err *e)
{
	json_t *result = NULL;
	int rc = strcmp(file, "-") != 0 ? support_write_file(file, group, &result, e)
					: support_write(STDOUT_FILENO, group, &result, e);

	if (rc == 0)
		say(file, result);
	json_decref(result);
	return rc;
}

int support_main(int argc, char **argv)
{
	const char *file = NULL, *group = NULL;
	bool manifests = false;
	const struct program_option options[] = {
		{ "write", 'w', &file, NULL },
		{ "group", 'g', &group, NULL },
		{ "list-manifests", 'l', NULL, &manifests },
		{ 0 },
	};
	int status = program_options(&self, PROGRAM_VERSION, options, argc, argv);
	struct err e = ERR_INIT;

	if (status >= 0)
		return status;
	if (!file == !manifests || (manifests && group))
		return program_usage(&self, "either -w or -l is needed");
	if (file && !strcmp(file, "-") && isatty(STDOUT_FILENO))
		return program_usage(&self, "an archive is nothing for a terminal");
	signal(SIGPIPE, SIG_IGN);
	if ((manifests ? list(&e) : write_bundle(file, group, &e)) < 0)
		return program_fail(&self, &e);
	return program_end(&self);
}
