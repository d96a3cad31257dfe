// SPDX-License-Identifier: Apache-2.0
/* What a host without state is told at its start, by answers or by a seed: provision(8). */
#include "provision.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "cleanup.h"
#include "file.h"
#include "log.h"
#include "program.h"
#include "seed.h"
#include "userworld/core/core.h"
#include "version.h"

static const struct program self = {
	.name = "provision",
	.usage = "-n | [-d] -a FILE | [-d] -s DIR [-f FROM]",
	.help = "  -n, --needed        only say whether this host has no state yet\n"
		"  -a, --answers FILE  answers as in visoros-answers(5), without a disk\n"
		"  -s, --seed DIR      or a seed: meta-data, user-data, network-config\n"
		"  -f, --from TEXT     what the history says of where it is from\n"
		"  -d, --dry-run       print the answers of a seed, and change nothing\n",
};

/* 0 with NULL if there is no such file. */
static int read_one(const char *dir, const char *name, char **text, struct err *e)
{
	char path[4096];
	struct err own = ERR_INIT;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (file_read(path, YAML_TEXT_MAX, text, NULL, &own) == 0 || own.num == ENOENT)
		return 0;
	return err_set(e, own.kind, "%s", own.text);
}

static int read_seed(const char *dir, char **answers, struct err *e)
{
	_cleanup_free_ char *meta = NULL, *user = NULL, *network = NULL;
	json_t *unknown = json_array(), *item;
	struct seed s;
	size_t i;
	int rc;

	if (read_one(dir, "meta-data", &meta, e) < 0 || read_one(dir, "user-data", &user, e) < 0 ||
	    read_one(dir, "network-config", &network, e) < 0) {
		json_decref(unknown);
		return -1;
	}
	s = (struct seed){ meta, user, network };
	rc = seed_answers(&s, answers, unknown, e);
	json_array_foreach (unknown, i, item)
		log_warnx("%s: is not known here and was left out", json_string_value(item) ?: "?");
	json_decref(unknown);
	return rc;
}

static int wanted(struct err *e)
{
	json_t *status = NULL;
	int rc = core_call("system.state.get", NULL, &status, e);

	if (rc == 0)
		rc = provision_wanted(status, e);
	json_decref(status);
	return rc;
}

static int run(const char *file, const char *dir, const char *from, bool dry_run, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	struct install_answers a;
	int rc;

	if (dir ? read_seed(dir, &text, e) < 0 : file_read(file, CONF_FILE_MAX, &text, NULL, e) < 0)
		return -1;
	if (install_answers_parse_host(&a, dir ? "seed" : file, text, e) < 0)
		return -1;
	if (dry_run)
		rc = fputs(text, stdout) < 0 ? -1 : 0;
	else
		rc = wanted(e) < 0 || provision_files(&a, from ?: dir ?: file, e) < 0 ||
				     provision_bundles(&a, e) < 0
			     ? -1
			     : 0;
	install_answers_free(&a);
	return rc;
}

int provision_main(int argc, char **argv)
{
	const char *file = NULL, *dir = NULL, *from = NULL;
	bool needed = false, dry_run = false;
	const struct program_option options[] = {
		{ "answers", 'a', &file, NULL },    { "seed", 's', &dir, NULL },
		{ "from", 'f', &from, NULL },	    { "needed", 'n', NULL, &needed },
		{ "dry-run", 'd', NULL, &dry_run }, { 0 },
	};
	int status = program_options(&self, PROGRAM_VERSION, options, argc, argv);
	struct err e = ERR_INIT;

	if (status >= 0)
		return status;
	if (!!file + !!dir + needed != 1)
		return program_usage(&self,
				     "give answers, or a seed, or ask whether they are needed");
	if ((needed ? wanted(&e) : run(file, dir, from, dry_run, &e)) < 0)
		return program_fail(&self, &e);
	return program_end(&self);
}
