// SPDX-License-Identifier: Apache-2.0
#include "mend.h"

#include <string.h>

#include "cleanup.h"
#include "mender.h"

const char *bank_part_name(const struct bank_layout *l, size_t part)
{
	return part == BANK_HEAD ? "file system" : l->files[part].name;
}

static void count(struct bank_report *r)
{
	r->damaged = r->mended = 0;
	for (size_t i = 0; i < BANK_PARTS; i++) {
		r->damaged += r->part[i].health == BANK_DAMAGED;
		r->mended += r->part[i].health == BANK_MENDED;
	}
}

int bank_examine(struct blkio *io, const struct bank_layout *l, struct bank_report *r,
		 bank_pace_fn *pace, void *context, struct err *e)
{
	_cleanup_(mender_free) struct mender *m = mender_new(io, l, e);

	memset(r, 0, sizeof(*r));
	if (!m)
		return -1;
	m->pace = pace;
	m->context = context;
	for (size_t i = 0; i < BANK_PARTS; i++) {
		int rc = bank_has_part(l, i) ? mender_is_good(m, i, e) : 1;

		if (rc < 0)
			return -1;
		r->part[i].health = rc ? BANK_GOOD : BANK_DAMAGED;
	}
	count(r);
	return 0;
}

/* Does the source have all of the file, and nothing else? */
static bool source_has(struct mender *m, const struct bank_source *s, size_t file)
{
	const struct fat_new_file *f = &m->l->files[file];
	const char *digest = bank_layout_digest(m->l, file);
	_cleanup_(sha256_free) struct sha256 sum = SHA256_INIT;
	char hex[SHA256_HEX];

	if (sha256_start(&sum, NULL) < 0)
		return false;
	for (uint32_t at = 0, n; at < f->size; at += n) {
		n = f->size - at < MENDER_STEP ? f->size - at : MENDER_STEP;
		if (s->read(s->context, digest, m->should, n, at, NULL) < 0 ||
		    sha256_add(&sum, m->should, n, NULL) < 0)
			return false;
	}
	return sha256_end(&sum, hex, NULL) == 0 && strcmp(hex, digest) == 0;
}

static int copy_file(struct mender *m, const struct bank_source *s, size_t file, uint32_t *sectors,
		     struct err *e)
{
	const struct fat_new_file *f = &m->l->files[file];

	for (uint32_t at = 0, n; at < f->size; at += n) {
		n = f->size - at < MENDER_STEP ? f->size - at : MENDER_STEP;
		if (s->read(s->context, bank_layout_digest(m->l, file), m->should, n, at, e) < 0 ||
		    mender_read(m, n, f->at + at, e) < 0 ||
		    mender_write(m, n, f->at + at, sectors, e) < 0)
			return -1;
	}
	return 0;
}

/* From the first source that has it. */
static int mend_file(struct mender *m, size_t file, const struct bank_source *sources, size_t n,
		     struct bank_part *p, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (source_has(m, &sources[i], file)) {
			p->from = sources[i].name;
			return copy_file(m, &sources[i], file, &p->sectors, e);
		}
	return 0;
}

/* Only what was written can have become good; what a source did not have stays damaged. */
static int mend_part(struct mender *m, size_t part, const struct bank_source *sources, size_t n,
		     struct bank_report *r, struct err *e)
{
	struct bank_part *p = &r->part[part];
	int rc = mender_is_good(m, part, e);

	if (rc != 0) {
		p->health = rc > 0 ? BANK_GOOD : p->health;
		return rc < 0 ? -1 : 0;
	}
	rc = mender_is_known(part) ? mender_known(m, part, true, &p->sectors, e)
				   : mend_file(m, part, sources, n, p, e);
	if (rc < 0 || (p->sectors && blkio_flush(m->io, e) < 0))
		return -1;
	rc = p->sectors ? mender_is_good(m, part, e) : 0;
	if (rc > 0)
		p->health = BANK_MENDED;
	return rc < 0 ? -1 : 0;
}

int bank_mend(struct blkio *io, const struct bank_layout *l, const struct bank_source *sources,
	      size_t n, struct bank_report *r, struct err *e)
{
	_cleanup_(mender_free) struct mender *m = mender_new(io, l, e);
	int rc = 0;

	if (!m)
		return -1;
	for (size_t i = BANK_SUMS; rc == 0 && i < BANK_PARTS; i++)
		if (r->part[i].health == BANK_DAMAGED)
			rc = mend_part(m, i, sources, n, r, e);
	count(r);
	if (rc == 0 && r->damaged == 1 && r->part[BANK_CFG].health == BANK_DAMAGED)
		rc = mend_part(m, BANK_CFG, sources, n, r, e);
	count(r);
	return rc;
}

int bank_beside_read(void *context, const char *digest, void *buf, size_t len, uint32_t at,
		     struct err *e)
{
	const struct bank_beside *b = context;
	const struct fat_new_file *f = bank_layout_find(b->layout, digest);

	if (!f)
		return err_set(e, ERR_NOT_FOUND, "%s: has no such file", b->io->name);
	if (at > f->size || len > f->size - at)
		return err_set(e, ERR_INVALID, "%s: %s is shorter", b->io->name, f->name);
	return blkio_read(b->io, buf, len, f->at + at, e);
}
