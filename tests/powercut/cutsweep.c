// SPDX-License-Identifier: Apache-2.0
/* cutsweep: cuts the power at every point of a recorded run, and looks what would start. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "program.h"
#include "tests/powercut/sweep.h"
#include "tests/powercut/view.h"
#include "version.h"

static const struct program self = {
	.name = "cutsweep",
	.usage = "[OPTION]... IMAGE LOG",
	.help = "Makes every disk that a cut of the power could have left, and says what would "
		"start\n"
		"from it. IMAGE is the disk before, LOG what QEMU's blklogwrites recorded.\n\n"
		"  --sets N          random sets of writes between two flushes (64)\n"
		"  --seed N          of the random numbers (1)\n"
		"  --ignore-flushes  a disk whose flushes do nothing: this has to fail\n"
		"  --keep N=FILE     writes disk number N to a file\n"
		"  --help            this text\n"
		"  --version         version and build\n\n"
		"Status 0: all disks start the old or the new; 1: some do not; 2: usage; more: no\n"
		"statement. The answer is one line of JSON.\n",
};

static bool take_number(const char *text, unsigned long most, unsigned long *n)
{
	char *end;

	errno = 0;
	*n = strtoul(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end && !errno && *n <= most;
}

/* "7=disk.img" */
static bool take_keep(const char *text, struct cutsweep_options *o)
{
	char *end;

	o->keep = strtoul(text, &end, 10);
	o->file = end + 1;
	return o->keep && *end == '=' && end[1];
}

static int sweep(const char *image, const char *path, const struct cutsweep_options *o)
{
	struct cutsweep_result r;
	struct err e = ERR_INIT;
	struct cutdisk d = { 0 };
	struct cutlog log = { 0 };
	int rc;

	if (cutdisk_open(&d, image, &e) < 0 || cutlog_open(&log, path, &e) < 0) {
		rc = program_fail(&self, &e);
	} else {
		cutsweep(&d, &log, o, &r);
		printf("{\"disks\": %lu, \"failures\": %lu, \"writes\": %zu, \"flushes\": %zu, "
		       "\"generations\": [%llu, %llu], \"bank_changes\": %u, \"banks_read\": %lu, "
		       "\"states_read\": %lu}\n",
		       r.disks, r.failures, r.writes, r.flushes,
		       (unsigned long long)r.first_generation,
		       (unsigned long long)r.last_generation, r.changes, cutview_verified,
		       cutview_loaded);
		if (r.failures)
			fprintf(stderr, "cutsweep: %s\n", r.first);
		if (o->keep && !r.kept)
			fprintf(stderr, "cutsweep: disk %lu was not written to %s\n", o->keep,
				o->file);
		rc = r.failures > 0 ? 1 : o->keep && !r.kept ? 3 : 0;
	}
	cutlog_close(&log);
	cutdisk_close(&d);
	return rc;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "sets", required_argument, NULL, 's' },
		{ "seed", required_argument, NULL, 'r' },
		{ "ignore-flushes", no_argument, NULL, 'i' },
		{ "keep", required_argument, NULL, 'k' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	struct cutsweep_options o = { .sets = 64, .seed = 1 };
	unsigned long n;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 's':
			if (!take_number(optarg, UINT_MAX, &n))
				return program_usage(&self, "--sets %s: not a number", optarg);
			o.sets = (unsigned int)n;
			break;
		case 'r':
			if (!take_number(optarg, ULONG_MAX, &n))
				return program_usage(&self, "--seed %s: not a number", optarg);
			o.seed = n;
			break;
		case 'i':
			o.ignore_flushes = true;
			break;
		case 'k':
			if (!take_keep(optarg, &o))
				return program_usage(&self, "--keep %s: not of the form 7=FILE",
						     optarg);
			break;
		case 'h':
			return program_help(&self);
		case 'v':
			return program_version(&self, PROGRAM_VERSION);
		default:
			return program_usage(&self, NULL);
		}
	}
	if (argc - optind != 2)
		return program_usage(&self, "an image and a log are needed");
	return sweep(argv[optind], argv[optind + 1], &o);
}
