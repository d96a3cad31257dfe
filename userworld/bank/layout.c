// SPDX-License-Identifier: Apache-2.0
#include "layout.h"

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "copy.h"
#include "trial.h"

static int list_files(struct bank_layout *l, const uint32_t *sizes, struct err *e)
{
	int len = bootcfg_print(&l->cfg, l->text, sizeof(l->text), e);

	if (len < 0)
		return -1;
	l->text_len = (size_t)len;
	l->files[BANK_CFG] = (struct fat_new_file){ .name = BOOTCFG_FILE, .size = (uint32_t)len };
	l->files[BANK_SUMS] =
		(struct fat_new_file){ .name = BOOTCFG_SUMS,
				       .size = (uint32_t)bootcfg_sums(&l->cfg, l->sums) };
	l->files[BANK_TRIAL] = (struct fat_new_file){ .name = TRIAL_FILE, .size = TRIAL_SIZE };
	for (l->n = BANK_FIRST; bootcfg_file(&l->cfg, l->n - BANK_FIRST); l->n++) {
		memcpy(l->files[l->n].name, bootcfg_file(&l->cfg, l->n - BANK_FIRST), FAT_NAME);
		l->files[l->n].size = sizes[l->n - BANK_FIRST];
	}
	return 0;
}

int bank_layout_make(struct bank_layout *l, uint64_t size, unsigned int sector,
		     const struct bootcfg *cfg, int state, const uint32_t *sizes, struct err *e)
{
	memset(l, 0, sizeof(*l));
	l->cfg = *cfg;
	l->cfg.state = state;
	if (list_files(l, sizes, e) < 0)
		return -1;
	return fat_plan(&l->plan, size, sector, l->files, l->n, e);
}

/* Do the entries of the root folder say the same? */
static int same_places(const struct bank_layout *l, struct fat *fat, struct err *e)
{
	for (size_t i = 0; i < l->n; i++) {
		struct fat_file file;

		if (fat_find(fat, l->files[i].name, &file, e) < 0)
			return -1;
		if (file.size != l->files[i].size || file.first != l->files[i].cluster)
			return 0;
	}
	return fat->data_at == l->plan.data_at && fat->cluster == l->plan.cluster;
}

/* boot.cfg as it was before one of its bits turned around: by its own digest. 1 or 0, or -1. */
static int read_fixed(struct fat *fat, struct bootcfg *cfg, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	struct fat_file file;

	if (fat_find(fat, BOOTCFG_FILE, &file, e) < 0)
		return -1;
	if (file.size == 0 || file.size > BOOTCFG_MAX)
		return 0;
	text = malloc(file.size);
	if (!text)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (fat_read(fat, &file, 0, text, file.size, e) < 0)
		return -1;
	return bootcfg_fix(text, file.size) && bootcfg_parse(text, file.size, cfg, e) == 0;
}

static int learn(struct bank_layout *l, struct blkio *io, const struct bootcfg *cfg,
		 struct fat *fat, struct err *e)
{
	uint32_t sizes[1 + BOOTCFG_MODULES] = { 0 };

	if (!cfg->has_digests || cfg->state == BANK_UNKNOWN)
		return 0;
	if (bank_copy_sizes(fat, cfg, 1 + cfg->n_modules, sizes, e) < 0 ||
	    bank_layout_make(l, io->size, io->sector, cfg, cfg->state, sizes, e) < 0)
		return -1;
	return same_places(l, fat, e);
}

static int learn_any(struct bank_layout *l, struct blkio *io, const struct bank *b, struct fat *fat,
		     struct err *e)
{
	_cleanup_free_ struct bootcfg *fixed = malloc(sizeof(*fixed));
	int rc;

	if (!fixed)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (fat_open(fat, io, e) < 0)
		return -1;
	if (b->there && !b->cfg.self_bad)
		return learn(l, io, &b->cfg, fat, e);
	rc = read_fixed(fat, fixed, e);
	return rc > 0 ? learn(l, io, fixed, fat, e) : rc;
}

int bank_layout_learn(struct bank_layout *l, struct blkio *io, const struct bank *b, struct err *e)
{
	_cleanup_free_ struct fat *fat = malloc(sizeof(*fat));
	struct err own = ERR_INIT;
	int rc;

	if (!fat)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	/* An empty bank has no layout. */
	if (!b->there && !b->why_not[0])
		return 0;
	rc = learn_any(l, io, b, fat, &own);
	if (rc >= 0)
		return rc;
	/* Whatever does not fit together; a size may be damaged, too. */
	if (own.kind == ERR_NOT_FOUND || own.kind == ERR_INVALID || own.kind == ERR_NO_SPACE)
		return 0;
	if (e)
		*e = own;
	return -1;
}

void bank_layout_sizes(const struct bank_layout *l, uint32_t sizes[static 1 + BOOTCFG_MODULES])
{
	for (size_t i = BANK_FIRST; i < l->n; i++)
		sizes[i - BANK_FIRST] = l->files[i].size;
}

const struct fat_new_file *bank_layout_find(const struct bank_layout *l, const char *digest)
{
	for (size_t i = BANK_FIRST; i < l->n; i++)
		if (strcmp(bank_layout_digest(l, i), digest) == 0)
			return &l->files[i];
	return NULL;
}
