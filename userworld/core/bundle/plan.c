// SPDX-License-Identifier: Apache-2.0
/* Decisions about an install: pure arithmetic and names. */
#include "plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "human.h"
#include "tardisk/tar.h"

#define PAGE 4096u
#define SLACK (64u << 10)
#define OOM_PERCENT 4
#define OOM_LEAST ((uint64_t)6 << 20)
#define SPARE ((uint64_t)6 << 20)

uint64_t bundle_stage_bytes(const struct bundle_descriptor *const *list, size_t n)
{
	uint64_t sum = SLACK;

	for (size_t k = 0; k < n; k++)
		for (size_t i = 0; i < list[k]->n_payloads; i++)
			/* A signed manifest goes into each. */
			sum += (list[k]->payloads[i].size + TARDISK_SIGNED_MAX + PAGE - 1) / PAGE *
			       PAGE;
	return sum;
}

uint64_t bundle_stage_inodes(const struct bundle_descriptor *const *list, size_t n)
{
	uint64_t sum = 8;

	for (size_t k = 0; k < n; k++)
		sum += list[k]->n_payloads;
	return sum;
}

uint64_t bundle_memory_margin(uint64_t total)
{
	uint64_t part = total / 100 * OOM_PERCENT;

	return (part > OOM_LEAST ? part : OOM_LEAST) + SPARE;
}

uint64_t bundle_reserved(const struct bundle_descriptor *d)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < d->n_contracts; i++)
		sum += d->contracts[i].memory_min;
	return sum;
}

int bundle_admit_machine(const struct bundle_descriptor *d, const char *machine, struct err *e)
{
	if (!strcmp(d->architecture, "all") || !strcmp(d->architecture, machine))
		return 0;
	return err_set(e, ERR_CONFLICT, "bundle %s is for %s, this host is %s", d->name,
		       d->architecture, machine);
}

/* What is attached of a bundle, and reserved by its userworlds. */
static uint64_t kept_bytes(const struct bundle_descriptor *d, bool compressed)
{
	uint64_t sum = bundle_reserved(d);

	for (size_t i = 0; i < d->n_payloads; i++)
		sum += compressed ? d->payloads[i].size : d->payloads[i].content_size;
	return sum;
}

/* need: beside the stage and the margin. */
static int admit_bytes(const struct bundle_descriptor *const *list, size_t n, uint64_t need,
		       uint64_t total, uint64_t available, struct err *e)
{
	char needed[HUMAN_MAX], have[HUMAN_MAX], more[32] = "";

	need += n ? bundle_stage_bytes(list, n) + bundle_memory_margin(total) : 0;
	if (need <= available)
		return 0;
	if (n > 1)
		snprintf(more, sizeof(more), " with %zu more", n - 1);
	return err_set(e, ERR_NO_SPACE,
		       "bundle %s%s needs %s of memory to install, %s are available; "
		       "stop services or remove bundles first",
		       list[n - 1]->name, more, human_size(need, needed),
		       human_size(available, have));
}

int bundle_admit_memory(const struct bundle_descriptor *const *list, size_t n, bool compressed,
			uint64_t total, uint64_t available, struct err *e)
{
	uint64_t need = 0;

	for (size_t i = 0; i < n; i++)
		need += kept_bytes(list[i], compressed);
	return admit_bytes(list, n, need, total, available, e);
}

int bundle_admit_stage(const struct bundle_descriptor *const *list, size_t n, uint64_t total,
		       uint64_t available, struct err *e)
{
	return admit_bytes(list, n, 0, total, available, e);
}

static int admit_mode(const struct bundle_descriptor *d, bool maintenance, struct err *e)
{
	if (maintenance || !d->maintenance_mode)
		return 0;
	return err_set(e, ERR_CONFLICT,
		       "bundle %s needs a host in maintenance mode; "
		       "enter it with 'system maintenanceMode set --enable true'",
		       d->name);
}

int bundle_admit_type(const struct bundle_descriptor *d, struct err *e)
{
	if (d->type != BUNDLE_IMAGE)
		return 0;
	return err_set(e, ERR_CONFLICT,
		       "bundle %s is an image of the whole host: it comes into the other "
		       "bank by 'system boot update'",
		       d->name);
}

int bundle_admit_live(const struct bundle_descriptor *d, bool maintenance, struct err *e)
{
	if (bundle_admit_type(d, e) < 0)
		return -1;
	if (!d->live_install_allowed)
		return err_set(e, ERR_CONFLICT,
			       "bundle %s may not be installed on a running host; "
			       "put it into the boot image",
			       d->name);
	return admit_mode(d, maintenance, e);
}

int bundle_admit_live_remove(const struct bundle_descriptor *d, bool maintenance, struct err *e)
{
	if (!d->live_remove_allowed)
		return err_set(e, ERR_CONFLICT, "bundle %s may not be removed from a running host",
			       d->name);
	return admit_mode(d, maintenance, e);
}

static bool is_taken(const char *name, const struct vfs_tardisk *taken, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(taken[i].name, name))
			return true;
	return false;
}

int bundle_tardisk_name(const char *bundle, const struct vfs_tardisk *taken, size_t n,
			char out[static VISORFS_NAME_MAX + 1], struct err *e)
{
	for (unsigned int i = 0; i < 100; i++) {
		/* The longest names are cut; the number tells them apart. */
		snprintf(out, VISORFS_NAME_MAX + 1, "%.59s.v%02u", bundle, i);
		if (!is_taken(out, taken, n))
			return 0;
	}
	return err_set(e, ERR_CONFLICT, "%.59s.v00 to v99: all tardisk names are in use", bundle);
}

char *bundle_id(const struct bundle_descriptor *d)
{
	char *id;

	if (asprintf(&id, "%s_%s_%s_%s", d->vendor, bundle_type_name(d->type), d->name,
		     d->version) < 0)
		return NULL;
	return id;
}
