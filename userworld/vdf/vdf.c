// SPDX-License-Identifier: Apache-2.0
/* What tardisks and ramdisks take; df does not know them. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

#include "table.h"
#include "userworld/lib/cleanup.h"
#include "userworld/lib/program.h"
#include "version.h"

static const struct program self = {
	.name = "vdf",
	.usage = "[-h] [--owners] [--sysfs DIR]",
	.help = "Shows the space of tardisks and ramdisks.\n"
		"  -h           sizes with units instead of KiB\n"
		"  --owners     what each pool holds of the ramdisks\n"
		"  --sysfs DIR  look below DIR for /sys/fs/visorfs\n"
		"  --help, --version\n",
};

enum { OPT_SYSFS = 256, OPT_OWNERS, OPT_HELP, OPT_VERSION };

static int run(const char *sysroot, bool human)
{
	_cleanup_free_ struct vfs_tardisk *tardisks = NULL;
	_cleanup_free_ struct vfs_ramdisk *ramdisks = NULL;
	struct err e = ERR_INIT;
	size_t nt, nr;

	if (vfs_tardisk_list(sysroot, &tardisks, &nt, &e) < 0 ||
	    vfs_ramdisk_list(sysroot, &ramdisks, &nr, &e) < 0)
		return program_fail(&self, &e);
	print_tardisks(stdout, tardisks, nt, human);
	puts("-----");
	print_ramdisks(stdout, ramdisks, nr, human);
	return program_end(&self);
}

static int run_owners(const char *sysroot, bool human)
{
	_cleanup_free_ struct vfs_ramdisk *ramdisks = NULL;
	_cleanup_free_ struct vdf_owners *list = NULL;
	struct err e = ERR_INIT;
	size_t n, i = 0;
	int ret = 0;

	if (vfs_ramdisk_list(sysroot, &ramdisks, &n, &e) < 0)
		return program_fail(&self, &e);
	list = calloc(n + 1, sizeof(*list));
	if (!list) {
		err_sys(&e, ENOMEM, "list of ramdisks");
		return program_fail(&self, &e);
	}
	for (; i < n && !ret; i++) {
		list[i].ramdisk = ramdisks[i].name;
		ret = vfs_owner_list(sysroot, ramdisks[i].name, &list[i].owners, &list[i].count,
				     &e);
	}
	if (!ret)
		print_owners(stdout, list, n, human);
	while (i--)
		free(list[i].owners);
	return ret ? program_fail(&self, &e) : program_end(&self);
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "human", no_argument, NULL, 'h' },
		{ "owners", no_argument, NULL, OPT_OWNERS },
		{ "sysfs", required_argument, NULL, OPT_SYSFS },
		{ "help", no_argument, NULL, OPT_HELP },
		{ "version", no_argument, NULL, OPT_VERSION },
		{ 0 },
	};
	const char *sysroot = "";
	bool human = false, owners = false;
	int c;

	while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		switch (c) {
		case 'h':
			human = true;
			break;
		case OPT_OWNERS:
			owners = true;
			break;
		case OPT_SYSFS:
			sysroot = optarg;
			break;
		case OPT_HELP:
			return program_help(&self);
		case OPT_VERSION:
			return program_version(&self, PROGRAM_VERSION);
		default:
			return program_usage(&self, NULL);
		}
	}
	if (optind < argc)
		return program_usage(&self, "unexpected '%s'", argv[optind]);
	return owners ? run_owners(sysroot, human) : run(sysroot, human);
}
