// SPDX-License-Identifier: Apache-2.0
/* bundle build: a directory and a descriptor without what can be computed make a bundle. */
#include "build.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "program.h"
#include "stream.h"
#include "tardisk/bundle_content.h"
#include "tardisk/options.h"
#include "tardisk/output.h"
#include "tardisk/scan.h"
#include "verbs.h"

static const struct program self = {
	.name = "bundle build",
	.usage = "[-l LEVEL] [-f SIZE] [-o FILE] [--keep-owner] [--state LIST] DESCRIPTOR [DIR]",
	.help = "  -o, --output FILE  (NAME-VERSION.vib)\n"
		"  -l, --level LEVEL  of zstd, 1 to 19 (12)\n"
		"  -f, --frame SIZE   content of a frame, 64k to 1m (1m)\n"
		"      --keep-owner   keep owners; else everything is root's\n"
		"      --state LIST   file of patterns: what they match is state\n"
		"  -h, --help\n"
		"DESCRIPTOR is a descriptor.json without what can be computed; see bundle(1).\n"
		"A bundle of type meta has no DIR.\n",
};

struct options {
	const char *output;
	const char *state;
	const char *descriptor;
	const char *dir;
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
	struct output out = { -1, NULL, NULL };
	_cleanup_free_ char *text = NULL;
	char name[192];
	int rc;

	if (bundle_descriptor_format(d, &text, &parts.text_len, e))
		return -1;
	parts.text = text;
	snprintf(name, sizeof(name), "%s-%s.vib", d->name, d->version);
	rc = output_open(&out, o->output ? o->output : name, e);
	if (!rc)
		rc = bundle_write(out.fd, &parts, e);
	if (!rc)
		rc = output_commit(&out, e);
	output_close(&out);
	return rc;
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

static int build(const struct options *o, struct err *e)
{
	json_t *root = template_load(o->descriptor, e);
	struct tree t = TREE_INIT;
	int rc;

	if (!root)
		return -1;
	rc = build_from(o, root, &t, e);
	tree_free(&t);
	json_decref(root);
	return rc;
}

enum { OPT_KEEP = 256, OPT_STATE };

/* -1 to go on, else the exit code. */
static int take_option(struct options *o, int c)
{
	switch (c) {
	case 'o':
		o->output = optarg;
		return -1;
	case 'l':
		return options_level(optarg, &o->packing.level)
			       ? program_usage(&self, "%s: a level is 1 to 19", optarg)
			       : -1;
	case 'f':
		return options_frame(optarg, &o->packing.frame)
			       ? program_usage(&self, "%s: a frame is 64k, 128k, 256k, 512k or 1m",
					       optarg)
			       : -1;
	case OPT_KEEP:
		o->keep_owner = true;
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

int verb_build(int argc, char **argv)
{
	static const struct option options[] = { { "output", required_argument, NULL, 'o' },
						 { "level", required_argument, NULL, 'l' },
						 { "frame", required_argument, NULL, 'f' },
						 { "keep-owner", no_argument, NULL, OPT_KEEP },
						 { "state", required_argument, NULL, OPT_STATE },
						 { "help", no_argument, NULL, 'h' },
						 { NULL, 0, NULL, 0 } };
	struct options o = { .packing = PACKING_DEFAULT };
	struct err e = ERR_INIT;
	int c, rc;

	while ((c = getopt_long(argc, argv, "o:l:f:h", options, NULL)) != -1) {
		rc = take_option(&o, c);
		if (rc >= 0)
			return rc;
	}
	if (argc - optind < 1 || argc - optind > 2)
		return program_usage(&self, "a descriptor and a directory are wanted");
	o.descriptor = argv[optind];
	o.dir = argv[optind + 1];
	return build(&o, &e) ? program_fail(&self, &e) : program_end(&self);
}
