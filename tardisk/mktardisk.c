// SPDX-License-Identifier: Apache-2.0
/* mktardisk(1): makes, lists, checks and unpacks tardisks. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "cleanup.h"
#include "extract.h"
#include "list.h"
#include "options.h"
#include "output.h"
#include "program.h"
#include "scan.h"
#include "tarin.h"
#include "version.h"
#include "writer.h"

static const struct program self = {
	.name = "mktardisk",
	.usage = "[-l LEVEL] [-f SIZE] [-o FILE] [--owner UID:GID] [--state LIST] DIR | -t TAR\n"
		 "       mktardisk --list [-v] FILE...\n"
		 "       mktardisk --check FILE...\n"
		 "       mktardisk --root-hash FILE...\n"
		 "       mktardisk --extract FILE -C DIR",
	.help = "  -t, --tar TAR        read a tar archive, - for standard input\n"
		"  -o, --output FILE    write there, not to standard output\n"
		"  -l, --level LEVEL    of zstd, 1 to 19 (12)\n"
		"  -f, --frame SIZE     content of a frame, 64k to 1m (1m)\n"
		"      --owner UID:GID  of everything; root:root is 0:0\n"
		"      --state LIST     file of patterns: what they match is state\n"
		"      --list           print the entries of tardisks\n"
		"  -v, --verbose        with --list, say what holds for the whole\n"
		"      --check          unpack tardisks and check every rule\n"
		"      --root-hash      print the root hashes of tardisks\n"
		"      --extract        unpack a tardisk into the directory of -C\n"
		"  -C, --directory DIR  new or empty directory for --extract\n"
		"  -h, --help\n"
		"      --version\n",
};

enum mode { MAKE, LIST, CHECK, ROOT_HASH, EXTRACT };

struct options {
	enum mode mode;
	struct packing packing;
	bool verbose;
	const char *output;
	const char *tar;
	const char *state;
	const char *directory;
	bool has_owner;
	uint32_t uid;
	uint32_t gid;
};

enum { OPT_OWNER = 256, OPT_STATE, OPT_LIST, OPT_CHECK, OPT_ROOT_HASH, OPT_EXTRACT, OPT_VERSION };

static const struct option long_options[] = {
	{ "tar", required_argument, NULL, 't' },
	{ "output", required_argument, NULL, 'o' },
	{ "level", required_argument, NULL, 'l' },
	{ "frame", required_argument, NULL, 'f' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "directory", required_argument, NULL, 'C' },
	{ "owner", required_argument, NULL, OPT_OWNER },
	{ "state", required_argument, NULL, OPT_STATE },
	{ "list", no_argument, NULL, OPT_LIST },
	{ "check", no_argument, NULL, OPT_CHECK },
	{ "root-hash", no_argument, NULL, OPT_ROOT_HASH },
	{ "extract", no_argument, NULL, OPT_EXTRACT },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 },
};

/* -1 to go on, else the exit code. */
static int take_option(struct options *o, int c)
{
	const char *fault;

	switch (c) {
	case 't':
		o->tar = optarg;
		return -1;
	case 'o':
		o->output = optarg;
		return -1;
	case 'C':
		o->directory = optarg;
		return -1;
	case 'l':
	case 'f':
		fault = options_packing(c, optarg, &o->packing);
		return fault ? program_usage(&self, "%s: %s", optarg, fault) : -1;
	case 'v':
		o->verbose = true;
		return -1;
	case OPT_OWNER:
		o->has_owner = true;
		return options_owner(optarg, &o->uid, &o->gid)
			       ? program_usage(&self, "%s: an owner is UID:GID", optarg)
			       : -1;
	case OPT_STATE:
		o->state = optarg;
		return -1;
	case OPT_LIST:
	case OPT_CHECK:
	case OPT_ROOT_HASH:
	case OPT_EXTRACT:
		o->mode = (enum mode)(LIST + c - OPT_LIST);
		return -1;
	case 'h':
		return program_help(&self);
	case OPT_VERSION:
		return program_version(&self, PROGRAM_VERSION);
	default:
		return program_usage(&self, NULL);
	}
}

static int make(const struct options *o, const char *dir, struct err *e)
{
	struct tree t = TREE_INIT;
	struct output out = { -1, NULL, NULL };
	int rc = o->tar ? tree_read_tar(&t, o->tar, e) : tree_scan(&t, dir, e);

	if (!rc)
		rc = tree_sort(&t, e);
	if (!rc)
		rc = tree_complete(&t, e);
	if (!rc && o->has_owner)
		tree_set_owner(&t, o->uid, o->gid);
	if (!rc && o->state)
		rc = tree_mark_state(&t, o->state, e);
	if (!rc)
		rc = options_clamp(&t, e);
	if (!rc)
		rc = output_open(&out, o->output, e);
	if (!rc)
		rc = tardisk_write(out.fd, out.path, &t, &o->packing, e);
	if (!rc)
		rc = output_commit(&out, e);
	output_close(&out);
	tree_free(&t);
	return rc;
}

static int read_one(const struct options *o, const char *path, struct err *e)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct tardisk_file t;
	int rc;

	if (fd < 0)
		return err_sys(e, errno, "%s", path);
	if (tardisk_file_open(&t, path, fd, e))
		return -1;
	if (o->mode == LIST)
		rc = tardisk_list(&t, o->verbose, stdout, e);
	else if (o->mode == CHECK)
		rc = tardisk_check(&t, e);
	else if (o->mode == ROOT_HASH)
		rc = printf("%s  %s\n", t.root_hash, path) < 0 ? err_sys(e, errno, "stdout") : 0;
	else
		rc = tardisk_extract(&t, o->directory, e);
	tardisk_file_close(&t);
	return rc;
}

static int check_usage(const struct options *o, int args)
{
	if (o->mode == MAKE && args != !o->tar)
		return program_usage(&self, "one directory or -t TAR is wanted");
	if (o->mode != MAKE && args < 1)
		return program_usage(&self, "no tardisk given");
	if (o->mode == EXTRACT && (args != 1 || !o->directory))
		return program_usage(&self, "--extract wants one FILE and -C DIR");
	return 0;
}

int main(int argc, char **argv)
{
	struct options o = { .mode = MAKE, .packing = PACKING_DEFAULT };
	struct err e = ERR_INIT;
	int c, rc;

	/* libarchive needs to know that names are UTF-8, whatever the caller's locale. */
	setlocale(LC_CTYPE, "C.UTF-8");
	while ((c = getopt_long(argc, argv, "t:o:l:f:vC:h", long_options, NULL)) != -1) {
		rc = take_option(&o, c);
		if (rc >= 0)
			return rc;
	}
	rc = check_usage(&o, argc - optind);
	if (rc)
		return rc;
	if (o.mode == MAKE)
		return make(&o, argv[optind], &e) ? program_fail(&self, &e) : program_end(&self);
	for (int i = optind; i < argc; i++)
		if (read_one(&o, argv[i], &e))
			return program_fail(&self, &e);
	return program_end(&self);
}
