// SPDX-License-Identifier: Apache-2.0
/* bundle(1): makes bundles and looks into them. */
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "program.h"
#include "verbs.h"
#include "version.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} verbs[] = {
	/* clang-format off */
	{ "build", verb_build },
	{ "depot", verb_depot },
	{ "diff", verb_diff },
	{ "extract", verb_extract },
	{ "init", verb_init },
	{ "inspect", verb_inspect },
	{ "lint", verb_lint },
	{ "manifest", verb_manifest },
	{ "revoke", verb_revoke },
	{ "sign", verb_sign },
	{ "verify", verb_verify },
	/* clang-format on */
};

static const struct program self = {
	.name = "bundle",
	.usage = "VERB [OPTION]... ARGUMENT...",
	.help = "  build    make a bundle from a directory or from Debian packages\n"
		"  depot    make the index of a folder of bundles\n"
		"  diff     tell what two bundles have different\n"
		"  extract  take a bundle apart into a directory\n"
		"  init     begin a new bundle\n"
		"  inspect  print what a bundle says about itself\n"
		"  lint     check bundles or descriptors, and warn of what is seldom meant\n"
		"  manifest sign a tardisk that is not in a bundle\n"
		"  revoke   sign a list of what is trusted no longer\n"
		"  sign     sign a bundle, or sign it anew\n"
		"  verify   check bundles and their contents completely\n"
		"'bundle VERB --help' tells the options of a verb.\n",
};

int main(int argc, char **argv)
{
	if (argc < 2)
		return program_usage(&self, "a verb is missing");
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return program_help(&self);
	if (!strcmp(argv[1], "--version"))
		return program_version(&self, PROGRAM_VERSION);
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(argv[1], verbs[i].name))
			return verbs[i].run(argc - 1, argv + 1);
	return program_usage(&self, "%s: no such verb", argv[1]);
}
