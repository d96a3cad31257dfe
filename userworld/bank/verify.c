// SPDX-License-Identifier: Apache-2.0
/* The files of a bank against their digests. */
#include <stdlib.h>
#include <string.h>

#include "bank.h"
#include "cleanup.h"

#define STEP 65536u /* bytes read at once */

const char *bank_damage_name(enum bank_damage d)
{
	static const char *const names[] = { "good", "damaged", "missing", "no digest" };

	return names[d];
}

static int digest_file(struct fat *fat, struct fat_file *file, char *buf, char hex[SHA256_HEX],
		       struct err *e)
{
	_cleanup_(sha256_free) struct sha256 sum = SHA256_INIT;

	if (sha256_start(&sum, e) < 0)
		return -1;
	for (uint32_t at = 0; at < file->size;) {
		uint32_t n = file->size - at < STEP ? file->size - at : STEP;

		if (fat_read(fat, file, at, buf, n, e) < 0 || sha256_add(&sum, buf, n, e) < 0)
			return -1;
		at += n;
	}
	return sha256_end(&sum, hex, e);
}

/*
 * should: its digest, NULL if there is none. A file whose sectors cannot be read is damaged; a
 * device that is gone says nothing of it.
 */
static int judge(struct fat *fat, const char *name, const char *should, char *buf, uint64_t *size,
		 enum bank_damage *d, struct err *e)
{
	char hex[SHA256_HEX];
	struct fat_file file;
	struct err own = ERR_INIT;

	*size = 0;
	*d = BANK_FILE_MISSING;
	if (fat_find(fat, name, &file, &own) == 0) {
		*size = file.size;
		if (digest_file(fat, &file, buf, hex, &own) == 0) {
			*d = !should			? BANK_FILE_UNKNOWN
			     : strcmp(hex, should) == 0 ? BANK_FILE_GOOD
							: BANK_FILE_BAD;
			return 0;
		}
		*d = BANK_FILE_BAD;
	}
	if (own.kind == ERR_NOT_FOUND || own.kind == ERR_INVALID)
		return 0;
	if (e)
		*e = own;
	return -1;
}

/* The loader's list of the digests. */
static int judge_sums(struct fat *fat, const struct bank *b, char *buf, uint64_t *size,
		      enum bank_damage *d, struct err *e)
{
	_cleanup_(sha256_free) struct sha256 sum = SHA256_INIT;
	char text[BOOTCFG_SUMS_MAX], hex[SHA256_HEX];

	if (sha256_start(&sum, e) < 0 ||
	    sha256_add(&sum, text, bootcfg_sums(&b->cfg, text), e) < 0 ||
	    sha256_end(&sum, hex, e) < 0)
		return -1;
	return judge(fat, BOOTCFG_SUMS, hex, buf, size, d, e);
}

int bank_verify(struct blkio *io, const struct bank *b, bank_verify_fn *fn, void *context,
		struct err *e)
{
	_cleanup_free_ struct fat *fat = malloc(sizeof(*fat));
	_cleanup_free_ char *buf = malloc(STEP);
	enum bank_damage d;
	uint64_t size;
	int bad = 0, rc = 0;

	if (!fat || !buf)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (fat_open(fat, io, e) < 0)
		return -1;
	for (size_t i = 0; bootcfg_file(&b->cfg, i); i++) {
		if (judge(fat, bootcfg_file(&b->cfg, i),
			  b->cfg.has_digests ? b->cfg.digests[i] : NULL, buf, &size, &d, e) < 0)
			return -1;
		bad += d != BANK_FILE_GOOD;
		rc = fn ? fn(context, bootcfg_file(&b->cfg, i), size, d, e) : 0;
		if (rc != 0)
			return rc;
	}
	if (b->cfg.self_bad) {
		bad++;
		rc = fn ? fn(context, BOOTCFG_FILE, 0, BANK_FILE_BAD, e) : 0;
		if (rc != 0)
			return rc;
	}
	/* A bank that was made without the list is not damaged. */
	if (b->cfg.has_digests && judge_sums(fat, b, buf, &size, &d, e) < 0)
		return -1;
	if (b->cfg.has_digests && d == BANK_FILE_BAD) {
		bad++;
		rc = fn ? fn(context, BOOTCFG_SUMS, size, d, e) : 0;
	}
	return rc != 0 ? rc : bad;
}
