// SPDX-License-Identifier: Apache-2.0
/* The middle of an install: payloads into memory, then one switch of the namespace. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bundle_effect.h"
#include "bundle_install.h"
#include "bundle_plan.h"
#include "cleanup.h"
#include "internal.h"
#include "residency.h"

#define BUSY_MS 3000	    /* how long a switch waits for files in use */
#define BUSY_PAUSE_US 30000 /* between two tries */

/* The record keeps all of its own: what the bundle has ends with the bundle. */
static int copy_signed(const struct incoming *item, struct bundle_record *r, struct err *e)
{
	r->text_len = item->text_len;
	r->signature_len = item->signature_len;
	r->text = strndup(item->text, r->text_len);
	r->signature = malloc(r->signature_len + 1);
	if (!r->text || !r->signature)
		return core_nomem(e);
	if (r->signature_len)
		memcpy(r->signature, item->signature, r->signature_len);
	return bundle_descriptor_parse(r->text, r->text_len, &r->d, e);
}

/* Names of tardisks that are in use, those of records made before included. */
struct names {
	struct vfs_tardisk *taken;
	size_t n;
};

static void free_names(struct names *names)
{
	free(names->taken);
}

static int name_tardisks(struct names *names, struct bundle_record *r, struct err *e)
{
	for (size_t i = 0; i < r->d->n_payloads; i++) {
		struct vfs_tardisk *more =
			realloc(names->taken, (names->n + 1) * sizeof(*names->taken));

		if (!more)
			return core_nomem(e);
		names->taken = more;
		if (bundle_tardisk_name(r->d->name, more, names->n, r->tardisks[i], e) < 0)
			return -1;
		memcpy(more[names->n++].name, r->tardisks[i], sizeof(more[0].name));
		r->n_tardisks++;
	}
	return 0;
}

static int make_record(struct install *in, struct incoming *item, struct names *names,
		       struct err *e)
{
	struct bundle_record *r = &item->record;
	time_t now = time(NULL);
	struct tm tm;

	if (copy_signed(item, r, e) < 0)
		return -1;
	strftime(r->install_date, sizeof(r->install_date), "%Y-%m-%d", gmtime_r(&now, &tm));
	r->tardisks = calloc(r->d->n_payloads + 1, sizeof(*r->tardisks));
	r->overrides = bundle_effect_overrides(in, item->d);
	if (!r->tardisks || !r->overrides)
		return core_nomem(e);
	return name_tardisks(names, r, e);
}

static int make_records(struct install *in, struct err *e)
{
	_cleanup_(free_names) struct names names = { NULL, 0 };

	if (vfs_tardisk_list(core_prefix(CORE_SYSFS), &names.taken, &names.n, e) < 0)
		return -1;
	for (size_t i = 0; i < in->n; i++)
		if (make_record(in, &in->items[i], &names, e) < 0)
			return -1;
	return 0;
}

static size_t count_new(const struct install *in)
{
	size_t n = 0;

	for (size_t i = 0; i < in->n; i++)
		n += in->items[i].record.n_tardisks;
	return n;
}

static size_t count_gone(const struct install *in)
{
	size_t n = 0;

	for (size_t i = 0; i < in->set.n; i++)
		n += in->gone[i] ? in->set.items[i].n_tardisks : 0;
	return n;
}

static void fill_detach(const struct install *in, struct visorfs_detach *detach)
{
	for (size_t i = 0; i < in->set.n; i++) {
		const struct bundle_record *r = &in->set.items[i];

		for (size_t t = 0; in->gone[i] && t < r->n_tardisks; t++) {
			detach->flags = VISORFS_DETACH_DISCARD;
			memcpy(detach->name, r->tardisks[t], sizeof(detach->name));
			detach++;
		}
	}
}

static void fill_attach(const struct install *in, struct visorfs_attach *attach)
{
	__u32 flags = residency_compressed() ? VISORFS_ATTACH_COMPRESSED : 0;

	for (size_t i = 0; i < in->n; i++) {
		const struct bundle_record *r = &in->items[i].record;

		for (size_t t = 0; t < r->n_tardisks; t++) {
			attach->fd = in->items[i].files[t];
			attach->flags = flags;
			memcpy(attach->name, r->tardisks[t], sizeof(attach->name));
			attach++;
		}
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

static int do_switch(struct install *in, struct err *e)
{
	size_t n_attach = count_new(in), n_detach = count_gone(in);
	_cleanup_free_ struct visorfs_attach *attach = calloc(n_attach + 1, sizeof(*attach));
	_cleanup_free_ struct visorfs_detach *detach = calloc(n_detach + 1, sizeof(*detach));
	char mount[CORE_PATH_MAX];

	if (!attach || !detach)
		return core_nomem(e);
	fill_attach(in, attach);
	fill_detach(in, detach);
	if (core_path(mount, e, CORE_ROOT, "/") < 0)
		return -1;
	if (n_attach + n_detach == 0)
		return 0; /* only relations come and go */
	return switch_patiently(mount, attach, n_attach, detach, n_detach, e);
}

static int write_pending(const struct install *in, struct err *e)
{
	for (size_t i = 0; i < in->n; i++)
		if (bundle_record_write_pending(&in->items[i].record, e) < 0)
			return -1;
	return 0;
}

static int commit(const struct install *in, struct err *e)
{
	for (size_t i = 0; i < in->n; i++)
		if (bundle_record_commit(in->items[i].d->name, e) < 0)
			return -1;
	return 0;
}

int install_switch(struct install *in, struct err *e)
{
	if (make_records(in, e) < 0)
		return -1;
	if (write_pending(in, e) == 0 && do_switch(in, e) == 0)
		return commit(in, e);
	for (size_t i = 0; i < in->n; i++)
		bundle_record_drop_pending(in->items[i].d->name, NULL);
	return -1;
}

int install_drop_gone(const struct install *in, struct err *e)
{
	for (size_t i = 0; i < in->set.n; i++)
		/* The record of an older version has the same name and was replaced. */
		if (in->gone[i] && !install_updates(in, in->set.items[i].d->name) &&
		    bundle_record_drop(in->set.items[i].d->name, e) < 0)
			return -1;
	return 0;
}
