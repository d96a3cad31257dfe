// SPDX-License-Identifier: Apache-2.0
#include "flip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "userworld/core/internal.h"
#include "userworld/core/visorfs/residency.h"

#define BUSY_MS 3000	    /* how long a switch waits for files in use */
#define BUSY_PAUSE_US 30000 /* between two tries */

static size_t count(const struct bundle_record *const *list, size_t n)
{
	size_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += list[i]->n_tardisks;
	return sum;
}

static void fill_attach(struct visorfs_attach *attach, const struct bundle_record *r,
			const int *files)
{
	for (size_t t = 0; t < r->n_tardisks; t++) {
		attach[t].fd = files[t];
		attach[t].flags = residency_compressed() ? VISORFS_ATTACH_COMPRESSED : 0;
		memcpy(attach[t].name, r->tardisks[t], sizeof(attach[t].name));
	}
}

static void fill_detach(struct visorfs_detach *detach, const struct bundle_record *r, bool force)
{
	for (size_t t = 0; t < r->n_tardisks; t++) {
		detach[t].flags = VISORFS_DETACH_DISCARD | (force ? VISORFS_DETACH_FORCE : 0);
		memcpy(detach[t].name, r->tardisks[t], sizeof(detach[t].name));
	}
}

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Whoever only reads a file for a moment does not keep an update away. */
static int switch_patiently(const char *mount, const struct visorfs_attach *attach, size_t n_attach,
			    const struct visorfs_detach *detach, size_t n_detach, struct err *e)
{
	uint64_t end = now_ms() + BUSY_MS;
	struct err fault = ERR_INIT;

	while (vfs_switch(mount, attach, n_attach, detach, n_detach, &fault) < 0) {
		if (fault.num != EBUSY || now_ms() >= end) {
			if (e)
				*e = fault;
			return -1;
		}
		usleep(BUSY_PAUSE_US);
	}
	return 0;
}

int bundle_flip(const struct bundle_record *const *in, size_t n_in, const int *const *files,
		const struct bundle_record *const *out, size_t n_out, bool force, struct err *e)
{
	size_t n_attach = count(in, n_in), n_detach = count(out, n_out), at = 0;
	_cleanup_free_ struct visorfs_attach *attach = calloc(n_attach + 1, sizeof(*attach));
	_cleanup_free_ struct visorfs_detach *detach = calloc(n_detach + 1, sizeof(*detach));
	char mount[CORE_PATH_MAX];

	if (!attach || !detach)
		return core_nomem(e);
	for (size_t i = 0; i < n_in; at += in[i++]->n_tardisks)
		fill_attach(attach + at, in[i], files[i]);
	at = 0;
	for (size_t i = 0; i < n_out; at += out[i++]->n_tardisks)
		fill_detach(detach + at, out[i], force);
	if (n_attach + n_detach == 0)
		return 0; /* only relations come and go */
	if (core_path(mount, e, CORE_ROOT, "/") < 0)
		return -1;
	return switch_patiently(mount, attach, n_attach, detach, n_detach, e);
}
