// SPDX-License-Identifier: Apache-2.0
/* What files and folders take from their ramdisks. */
#include <errno.h>
#include <fts.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#include "usage.h"
#include "userworld/lib/program.h"
#include "userworld/lib/vfsctl.h"
#include "version.h"

static const struct program self = {
	.name = "vdu",
	.usage = "[-ah] [PATH...]",
	.help = "Shows what files take from ramdisks; files as a tardisk has them take nothing.\n"
		"  -a  a line for every file, not only for folders\n"
		"  -h  sizes with units instead of KiB\n"
		"  --help, --version\n",
};

#define SKIPPED 1 /* fts_number of a folder whose end is still to come */

enum { OPT_HELP = 256, OPT_VERSION };

static bool failed;

static void complain(const char *path, int num)
{
	fprintf(stderr, "%s: %s: %s\n", self.name, path, strerror(num));
	failed = true;
}

/* Said once for each path that was asked for, not for every file below it. */
static bool on_visorfs(const FTSENT *entry)
{
	struct statfs st;

	if (entry->fts_level || statfs(entry->fts_accpath, &st) < 0 || st.f_type == VISORFS_MAGIC)
		return true;
	fprintf(stderr, "%s: %s: not on a visorfs\n", self.name, entry->fts_path);
	failed = true;
	return false;
}

/* Of links and devices only the inode is charged, which is not counted in bytes. */
static uint64_t charged(const FTSENT *entry)
{
	struct visorfs_provider p;
	struct err e = ERR_INIT;

	if (entry->fts_info != FTS_F && entry->fts_info != FTS_D)
		return 0;
	if (vfs_provider(entry->fts_accpath, &p, &e) == 0)
		return p.charged;
	/* It may have been deleted meanwhile. */
	if (e.kind != ERR_NOT_FOUND) {
		fprintf(stderr, "%s: %s\n", self.name, e.text);
		failed = true;
	}
	return 0;
}

static void add(struct usage *u, const FTSENT *entry)
{
	switch (entry->fts_info) {
	case FTS_D:
		usage_enter(u, charged(entry));
		break;
	case FTS_DP:
		usage_leave(u, entry->fts_path);
		break;
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		complain(entry->fts_path, entry->fts_errno);
		break;
	case FTS_DC:
		break;
	default:
		usage_file(u, entry->fts_path, charged(entry));
	}
}

static int run(struct usage *u, char **paths)
{
	/* Other file systems, /proc among them, have no ramdisks. */
	FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
	FTSENT *entry;

	if (!tree) {
		complain(paths[0], errno);
		return 1;
	}
	while ((entry = fts_read(tree))) {
		bool deep = u->depth == USAGE_DEPTH_MAX && entry->fts_info == FTS_D;

		if (deep)
			complain(entry->fts_path, ENAMETOOLONG);
		if (entry->fts_number == SKIPPED)
			continue;
		if (!deep && on_visorfs(entry)) {
			add(u, entry);
			continue;
		}
		fts_set(tree, entry, FTS_SKIP);
		entry->fts_number = SKIPPED;
	}
	fts_close(tree);
	return program_end(&self) || failed;
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "all", no_argument, NULL, 'a' },
		{ "human", no_argument, NULL, 'h' },
		{ "help", no_argument, NULL, OPT_HELP },
		{ "version", no_argument, NULL, OPT_VERSION },
		{ 0 },
	};
	struct usage u = { .out = stdout };
	char here[] = ".";
	char *current[] = { here, NULL };
	int c;

	while ((c = getopt_long(argc, argv, "ah", longs, NULL)) != -1) {
		switch (c) {
		case 'a':
			u.all = true;
			break;
		case 'h':
			u.human = true;
			break;
		case OPT_HELP:
			return program_help(&self);
		case OPT_VERSION:
			return program_version(&self, PROGRAM_VERSION);
		default:
			return program_usage(&self, NULL);
		}
	}
	return run(&u, optind < argc ? argv + optind : current);
}
