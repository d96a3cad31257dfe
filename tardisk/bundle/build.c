// SPDX-License-Identifier: Apache-2.0
/* bundle build: a directory and a descriptor without what can be computed make a bundle. */
#include "build.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "deb.h"
#include "image.h"
#include "program.h"
#include "put.h"
#include "stream.h"
#include "tardisk/bundle_content.h"
#include "tardisk/options.h"
#include "tardisk/scan.h"
#include "verbs.h"

/* A running host that attaches it needs room for whole frames beside it. */
#define FRAME (256u << 10)

static const struct program self = {
	.name = "bundle build",
	.usage = "[OPTION]... DESCRIPTOR [DIR]\n"
		 "       bundle build [-o FILE] DESCRIPTOR KERNEL MODULE...\n"
		 "       bundle build [OPTION]... --deb [--base LIST] [-d DESCRIPTOR] PACKAGE...",
	.help = "  -o, --output FILE  (NAME-VERSION.vib)\n"
		"  -l, --level LEVEL  of zstd, 1 to 19 (12)\n"
		"  -f, --frame SIZE   content of a frame, 64k to 1m (256k)\n"
		"      --keep-owner   keep owners; else everything is root's\n"
		"      --state LIST   file of patterns: what they match is state\n"
		"      --deb          from Debian packages with the libraries they need\n"
		"      --base LIST    paths that the image has already: not taken along\n"
		"  -d, --descriptor FILE  fields that win over those from the first package\n"
		"  -h, --help\n"
		"DESCRIPTOR is a descriptor.json without what can be computed; see bundle(1).\n"
		"A bundle of type meta has no DIR; one of type image has the files of a bank.\n",
};

struct options {
	const char *output;
	const char *state;
	const char *descriptor;
	const char *dir;
	const char *base;
	char *const *files; /* from here on after the descriptor, n_files */
	size_t n_files;
	char *const *packages; /* NULL: from a directory */
	struct packing packing;
	bool keep_owner;
};

static int read_tree(const struct options *o, struct tree *t, struct err *e)
{
	if (!o->dir)
		return 0;
	if (tree_scan(t, o->dir, e) || tree_sort(t, e))
		return -1;
	if (!o->keep_owner)
		tree_set_owner(t, 0, 0);
	if (o->state && tree_mark_state(t, o->state, e))
		return -1;
	return options_clamp(t, e);
}

static int write_bundle(const struct options *o, const struct bundle_descriptor *d, int payload,
			struct err *e)
{
	struct bundle_parts parts = { .d = d, .fds = &payload };
	_cleanup_free_ char *text = NULL;
	char name[192];

	if (bundle_descriptor_format(d, &text, &parts.text_len, e))
		return -1;
	parts.text = text;
	snprintf(name, sizeof(name), "%s-%s.vib", d->name, d->version);
	return bundle_put(o->output ? o->output : name, &parts, e);
}

/* What a host would refuse; better told to the maker than at install. */
static int check_content(const struct bundle_descriptor *d, int payload, struct err *e)
{
	struct bundle_content *c;
	int rc = 0;

	if (bundle_content_start(&c, d->name, d, e))
		return -1;
	if (payload >= 0)
		rc = bundle_content_add(c, 0, payload, false, e);
	if (!rc)
		rc = bundle_content_end(c, e);
	bundle_content_free(c);
	return rc;
}

static int build_from(const struct options *o, json_t *root, struct tree *t, struct err *e)
{
	struct bundle_descriptor *d;
	_cleanup_close_ int payload = -1;
	int rc;

	if (o->n_files > 1)
		return err_set(e, ERR_USAGE, "a bundle is made of one directory");
	if (read_tree(o, t, e) || template_complete(root, t, e))
		return -1;
	if (o->dir) {
		payload = stream_temporary(e);
		if (payload < 0 || template_add_payload(root, t, payload, &o->packing, e))
			return -1;
	}
	if (template_descriptor(root, o->descriptor, &d, e))
		return -1;
	rc = check_content(d, payload, e);
	if (!rc)
		rc = write_bundle(o, d, payload, e);
	bundle_descriptor_free(d);
	return rc;
}

/* more: a descriptor whose fields win, or NULL. */
static int build(const struct options *o, const char *more, struct err *e)
{
	json_t *root = template_load(o->descriptor, e), *winner = NULL;
	struct tree t = TREE_INIT;
	int rc;

	if (root && more) {
		winner = template_load(more, e);
		if (winner)
			json_object_update(root, winner);
		json_decref(winner);
	}
	if (!root || (more && !winner)) {
		json_decref(root);
		return -1;
	}
	rc = image_is_meant(root)
		     ? image_build(root, o->descriptor, o->files, o->n_files, o->output, e)
		     : build_from(o, root, &t, e);
	tree_free(&t);
	json_decref(root);
	return rc;
}

static int build_packages(struct options *o, struct err *e)
{
	const char *more = o->descriptor;
	struct deb deb;
	int rc = deb_unpack(&deb, o->base, o->packages, e);

	o->descriptor = deb.descriptor;
	o->dir = deb.files;
	if (!rc)
		rc = build(o, more, e);
	deb_free(&deb);
	return rc;
}

enum { OPT_KEEP = 256, OPT_STATE, OPT_DEB, OPT_BASE };

static const struct option long_options[] = { { "output", required_argument, NULL, 'o' },
					      { "level", required_argument, NULL, 'l' },
					      { "frame", required_argument, NULL, 'f' },
					      { "descriptor", required_argument, NULL, 'd' },
					      { "keep-owner", no_argument, NULL, OPT_KEEP },
					      { "state", required_argument, NULL, OPT_STATE },
					      { "deb", no_argument, NULL, OPT_DEB },
					      { "base", required_argument, NULL, OPT_BASE },
					      { "help", no_argument, NULL, 'h' },
					      { NULL, 0, NULL, 0 } };

/* -1 to go on, else the exit code. */
static int take_option(struct options *o, int c)
{
	const char *fault;

	switch (c) {
	case 'o':
		o->output = optarg;
		return -1;
	case 'l':
	case 'f':
		fault = options_packing(c, optarg, &o->packing);
		return fault ? program_usage(&self, "%s: %s", optarg, fault) : -1;
	case OPT_KEEP:
		o->keep_owner = true;
		return -1;
	case 'd':
		o->descriptor = optarg;
		return -1;
	case OPT_BASE:
		o->base = optarg;
		return -1;
	case OPT_STATE:
		o->state = optarg;
		return -1;
	case 'h':
		return program_help(&self);
	default:
		return program_usage(&self, NULL);
	}
}

/* What is left of the command line; -1 to go on, else the exit code. */
static int take_arguments(struct options *o, bool deb, int argc, char **argv)
{
	if (deb) {
		o->packages = argv;
		return argc < 1 ? program_usage(&self, "a package is wanted") : -1;
	}
	if (o->descriptor || o->base)
		return program_usage(&self, "--descriptor and --base go with --deb");
	if (argc < 1)
		return program_usage(&self, "a descriptor and a directory are wanted");
	o->descriptor = argv[0];
	o->dir = argv[1];
	o->files = argv + 1;
	o->n_files = (size_t)argc - 1;
	return -1;
}

int verb_build(int argc, char **argv)
{
	struct options o = { .packing = { TARDISK_LEVEL_DEFAULT, FRAME } };
	struct err e = ERR_INIT;
	bool deb = false;
	int c, rc;

	while ((c = getopt_long(argc, argv, "o:l:f:d:h", long_options, NULL)) != -1) {
		deb = deb || c == OPT_DEB;
		rc = c == OPT_DEB ? -1 : take_option(&o, c);
		if (rc >= 0)
			return rc;
	}
	rc = take_arguments(&o, deb, argc - optind, argv + optind);
	if (rc >= 0)
		return rc;
	rc = deb ? build_packages(&o, &e) : build(&o, NULL, &e);
	return rc ? program_fail(&self, &e) : program_end(&self);
}
