// SPDX-License-Identifier: Apache-2.0
/* The middle of an install: payloads into memory, then one switch of the namespace. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bundle_effect.h"
#include "bundle_install.h"
#include "bundle_plan.h"
#include "bundle_stage.h"
#include "cleanup.h"
#include "internal.h"
#include "residency.h"
#include "tardisk/bundle_content.h"

/* What they hold is looked at only when the whole bundle is known to be undamaged. */
static int check_content(struct install *in, struct err *e)
{
	struct bundle_content *c;
	int rc = 0;

	if (bundle_content_start(&c, in->d->name, in->d, e) < 0)
		return -1;
	for (size_t i = 0; i < in->d->n_payloads && rc == 0; i++)
		rc = bundle_content_add(c, i, in->files[i], false, e);
	if (rc == 0)
		rc = bundle_content_end(c, e);
	bundle_content_free(c);
	return rc;
}

static int stage_payloads(struct install *in, struct err *e)
{
	for (size_t i = 0; i < in->d->n_payloads; i++) {
		in->files[i] = bundle_stage_file(in->d->payloads[i].name, e);
		if (in->files[i] < 0 || bundle_copy_payload(in->bundle, in->files[i], e) < 0)
			return -1;
	}
	return bundle_finish(in->bundle, e) < 0 ? -1 : check_content(in, e);
}

int install_stage(struct install *in, struct err *e)
{
	in->files = malloc((in->d->n_payloads + 1) * sizeof(*in->files));
	if (!in->files)
		return core_nomem(e);
	for (size_t i = 0; i < in->d->n_payloads; i++)
		in->files[i] = -1;
	if (bundle_stage_make(in->d, e) < 0)
		return -1;
	return stage_payloads(in, e);
}

/* The record keeps all of its own: what the bundle has ends with the bundle. */
static int copy_signed(const struct install *in, struct bundle_record *r, struct err *e)
{
	const char *text = bundle_descriptor_text(in->bundle, &r->text_len);
	const void *signature = bundle_signature(in->bundle, &r->signature_len);

	r->text = strndup(text, r->text_len);
	r->signature = malloc(r->signature_len + 1);
	if (!r->text || !r->signature)
		return core_nomem(e);
	memcpy(r->signature, signature, r->signature_len);
	return bundle_descriptor_parse(r->text, r->text_len, &r->d, e);
}

static int make_record(struct install *in, struct err *e)
{
	_cleanup_free_ struct vfs_tardisk *taken = NULL;
	struct bundle_record *r = &in->record;
	size_t n;
	time_t now = time(NULL);
	struct tm tm;

	if (vfs_tardisk_list(core_prefix(CORE_SYSFS), &taken, &n, e) < 0 ||
	    copy_signed(in, r, e) < 0)
		return -1;
	strftime(r->install_date, sizeof(r->install_date), "%Y-%m-%d", gmtime_r(&now, &tm));
	r->tardisks = calloc(r->d->n_payloads + 1, sizeof(*r->tardisks));
	r->overrides = bundle_effect_overrides(in);
	if (!r->tardisks || !r->overrides)
		return core_nomem(e);
	for (size_t i = 0; i < r->d->n_payloads; i++) {
		struct vfs_tardisk *more = realloc(taken, (n + 1) * sizeof(*taken));

		if (!more)
			return core_nomem(e);
		taken = more;
		if (bundle_tardisk_name(r->d->name, taken, n, r->tardisks[i], e) < 0)
			return -1;
		memcpy(taken[n++].name, r->tardisks[i], sizeof(taken[0].name));
		r->n_tardisks++;
	}
	return 0;
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

static int do_switch(struct install *in, struct err *e)
{
	size_t n_detach = count_gone(in);
	_cleanup_free_ struct visorfs_attach *attach = NULL;
	_cleanup_free_ struct visorfs_detach *detach = NULL;
	__u32 flags = residency_compressed() ? VISORFS_ATTACH_COMPRESSED : 0;
	char mount[CORE_PATH_MAX];

	attach = calloc(in->record.n_tardisks + 1, sizeof(*attach));
	detach = calloc(n_detach + 1, sizeof(*detach));
	if (!attach || !detach)
		return core_nomem(e);
	for (size_t i = 0; i < in->record.n_tardisks; i++) {
		attach[i].fd = in->files[i];
		attach[i].flags = flags;
		memcpy(attach[i].name, in->record.tardisks[i], sizeof(attach[i].name));
	}
	fill_detach(in, detach);
	if (core_path(mount, e, CORE_ROOT, "/") < 0)
		return -1;
	return vfs_switch(mount, attach, in->record.n_tardisks, detach, n_detach, e);
}

int install_switch(struct install *in, struct err *e)
{
	if (make_record(in, e) < 0 || bundle_record_write_pending(&in->record, e) < 0)
		return -1;
	if (do_switch(in, e) < 0) {
		bundle_record_drop_pending(in->d->name, NULL);
		return -1;
	}
	return bundle_record_commit(in->d->name, e);
}

int install_drop_gone(const struct install *in, struct err *e)
{
	for (size_t i = 0; i < in->set.n; i++)
		/* The record of an older version has the same name and was replaced. */
		if (in->gone[i] && strcmp(in->set.items[i].d->name, in->d->name) != 0 &&
		    bundle_record_drop(in->set.items[i].d->name, e) < 0)
			return -1;
	return 0;
}
