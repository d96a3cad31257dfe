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
	.usage = "[OPTION]... IMAGE LOG...",
	.help = "Makes every disk that a cut of the power could have left, and says what would "
		"start\n"
		"from it. IMAGE is the disk before, each LOG what QEMU's blklogwrites recorded of\n"
		"one run, in their order.\n\n"
		"  --sets N          random sets of writes between two flushes (64)\n"
		"  --tears N         places at which each write is torn (3)\n"
		"  --seed N          of the random numbers (1)\n"
		"  --ignore-flushes  a disk whose flushes do nothing: this has to fail\n"
		"  --keep N=FILE     writes disk number N to a file; up to 64 times\n"
		"  --table FILE      IMAGE has no partitions yet: it gets those of this one\n"
		"  --help            this text\n"
		"  --version         version and build\n\n"
		"Status 0: all disks start the old or the new; 1: some do not; 2: usage; more: no\n"
		"statement. The answer is one line of JSON.\n",
};

#define KEEPS 64

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
	struct cutkeep *k = &o->keep[o->keeps];
	char *end;

	if (o->keeps == KEEPS)
		return false;
	k->disk = strtoul(text, &end, 10);
	k->file = end + 1;
	o->keeps++;
	return k->disk && *end == '=' && end[1];
}

/* What cutsweep says of a disk that is kept; how many were not written. */
static unsigned int print_kept(const struct cutsweep_options *o)
{
	unsigned int lost = 0;

	for (unsigned int i = 0; i < o->keeps; i++) {
		const struct cutkeep *k = &o->keep[i];

		printf("%s{\"disk\": %lu, \"nothing\": %s, \"bank\": %u, \"number\": %lu, "
		       "\"generation\": %llu}",
		       i ? ", " : "", k->disk, k->view.nothing ? "true" : "false", k->view.bank,
		       k->view.updated, (unsigned long long)k->view.generation);
		if (!k->kept) {
			fprintf(stderr, "cutsweep: disk %lu was not written to %s\n", k->disk,
				k->file);
			lost++;
		}
	}
	return lost;
}

static int print(const struct cutsweep_options *o, const struct cutlog *log,
		 const struct cutsweep_result *r)
{
	unsigned int lost;

	printf("{\"disks\": %lu, \"failures\": %lu, \"nothing\": %lu, \"writes\": %zu, "
	       "\"flushes\": %zu, \"generations\": [%llu, %llu], \"bank_changes\": %u, "
	       "\"banks_read\": %lu, \"states_read\": %lu, \"runs\": [",
	       r->disks, r->failures, r->nothing, r->writes, r->flushes,
	       (unsigned long long)r->first_generation, (unsigned long long)r->last_generation,
	       r->changes, cutview_verified, cutview_loaded);
	for (unsigned int i = 0; i < log->runs; i++)
		printf("%s%lu", i ? ", " : "", r->run[i]);
	printf("], \"kept\": [");
	lost = print_kept(o);
	printf("]}\n");
	if (r->failures)
		fprintf(stderr, "cutsweep: %s\n", r->first);
	return r->failures > 0 ? 1 : lost ? 3 : 0;
}

static int open_logs(struct cutlog *log, char *const *paths, struct err *e)
{
	for (; *paths; paths++)
		if (cutlog_add(log, *paths, e) < 0)
			return -1;
	return 0;
}

static int sweep(char *const *paths, const char *table, const struct cutsweep_options *o)
{
	struct cutsweep_result r;
	struct err e = ERR_INIT;
	struct cutdisk d = { 0 };
	struct cutlog log = { 0 };
	int rc;

	if (cutdisk_open(&d, paths[0], table ? table : paths[0], &e) < 0 ||
	    open_logs(&log, paths + 1, &e) < 0) {
		rc = program_fail(&self, &e);
	} else {
		cutsweep(&d, &log, o, &r);
		rc = print(o, &log, &r);
	}
	cutlog_close(&log);
	cutdisk_close(&d);
	return rc;
}

static int take_count(const char *option, unsigned int *count)
{
	unsigned long n;

	if (!take_number(optarg, UINT_MAX, &n))
		return program_usage(&self, "--%s %s: not a number", option, optarg);
	*count = (unsigned int)n;
	return 0;
}

/* One option. 0: go on; -1: the program ends with *rc. */
static int take_option(int option, struct cutsweep_options *o, const char **table, int *rc)
{
	*rc = 0;
	switch (option) {
	case 's':
		*rc = take_count("sets", &o->sets);
		break;
	case 'e':
		*rc = take_count("tears", &o->tears);
		break;
	case 'r':
		if (!take_number(optarg, ULONG_MAX, &o->seed))
			*rc = program_usage(&self, "--seed %s: not a number", optarg);
		break;
	case 'i':
		o->ignore_flushes = true;
		break;
	case 'k':
		if (!take_keep(optarg, o))
			*rc = program_usage(&self, "--keep %s: not of the form 7=FILE, or too many",
					    optarg);
		break;
	case 't':
		*table = optarg;
		break;
	case 'h':
		*rc = program_help(&self);
		return -1;
	case 'v':
		*rc = program_version(&self, PROGRAM_VERSION);
		return -1;
	default:
		*rc = program_usage(&self, NULL);
	}
	return *rc ? -1 : 0;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "sets", required_argument, NULL, 's' },
		{ "tears", required_argument, NULL, 'e' },
		{ "seed", required_argument, NULL, 'r' },
		{ "ignore-flushes", no_argument, NULL, 'i' },
		{ "keep", required_argument, NULL, 'k' },
		{ "table", required_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	struct cutkeep keep[KEEPS] = { 0 };
	struct cutsweep_options o = { .sets = 64, .tears = 3, .seed = 1, .keep = keep };
	const char *table = NULL;
	int option, rc;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (take_option(option, &o, &table, &rc) < 0)
			return rc;
	if (argc - optind < 2)
		return program_usage(&self, "an image and a log are needed");
	return sweep(argv + optind, table, &o);
}
