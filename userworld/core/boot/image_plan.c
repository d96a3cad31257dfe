// SPDX-License-Identifier: Apache-2.0
#include "image_plan.h"

#include <stdio.h>
#include <string.h>

#include "bank_keep.h"

static int take_file(struct image_plan *p, size_t i, const struct bundle_payload *payload,
		     struct err *e)
{
	char *name = i ? p->cfg.modules[i - 1] : p->cfg.kernel;

	if (snprintf(name, FAT_NAME, "%s", payload->name) >= FAT_NAME)
		return err_set(e, ERR_INVALID, "%s: no name for a file of a bank", payload->name);
	memcpy(p->cfg.digests[i], payload->sha256, SHA256_HEX);
	p->sizes[i] = (uint32_t)payload->size;
	p->bytes += payload->size;
	p->cfg.n_modules = i;
	return 0;
}

int image_plan(const struct bundle_descriptor *d, unsigned long updated, struct image_plan *p,
	       struct err *e)
{
	memset(p, 0, sizeof(*p));
	if (d->type != BUNDLE_IMAGE)
		return err_set(
			e, ERR_INVALID,
			"bundle %s is no image, but of type %s: it is installed by 'software "
			"bundle install'",
			d->name, bundle_type_name(d->type));
	if (d->n_payloads > 1 + BOOTCFG_MODULES)
		return err_set(e, ERR_INVALID, "image %s: more than %d modules", d->name,
			       BOOTCFG_MODULES);
	p->cfg.state = BANK_INVALID;
	p->cfg.updated = updated;
	p->cfg.has_digests = p->cfg.has_self = true;
	snprintf(p->cfg.build, sizeof(p->cfg.build), "%s", d->boot.build);
	snprintf(p->cfg.options, sizeof(p->cfg.options), "%s", d->boot.options);
	for (size_t i = 0; i < d->n_payloads; i++)
		if (take_file(p, i, &d->payloads[i], e) < 0)
			return -1;
	return 0;
}

int image_plan_bundles(struct image_plan *p, uint64_t size, const char *sha256, struct err *e)
{
	if (bank_keep_add(&p->cfg, p->sizes, size, sha256, e) < 0)
		return -1;
	p->bytes += size;
	return 0;
}

bool image_is_older(const struct bundle_descriptor *d, const struct image_facts *f)
{
	return bundle_version_compare(d->version, f->version) < 0;
}

bool image_has_failed(const struct bundle_descriptor *d, const struct image_facts *f)
{
	return f->failed && !strcmp(f->failed, d->boot.build);
}

int image_admit(const struct bundle_descriptor *d, const struct image_facts *f, struct err *e)
{
	const struct bank_view *running = &f->views[f->running];

	if (!running->counts || running->state != BANK_VALID)
		return err_set(
			e, ERR_CONFLICT,
			"bank %u, which runs, is %s: the other one is what the host would go "
			"back to, and is not overwritten. 'system boot bank confirm' confirms "
			"the one that runs",
			f->running, running->counts ? bank_state_name(running->state) : "damaged");
	if (image_has_failed(d, f) && !f->force)
		return err_set(
			e, ERR_CONFLICT,
			"image %s failed on this host before (%.200s); it is tried again only "
			"with force",
			d->boot.build, f->reason);
	if (image_is_older(d, f) && !f->force)
		return err_set(
			e, ERR_CONFLICT,
			"image %s is version %s, older than %s, which runs; it is written only "
			"with force",
			d->boot.build, d->version, f->version);
	return 0;
}
