// SPDX-License-Identifier: Apache-2.0
#include "write.h"

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "userworld/medium/blkio_part.h"

#define STEP 65536u /* bytes written and read at once */

struct writer {
	struct blkio *disk;
	const struct install_plan *plan;
	const struct install_image *image;
	uint8_t sector[GPT_SECTOR]; /* the boot sector, without its signature */
	uint8_t primary[GPT_COPY], backup[GPT_COPY];
	uint8_t buf[STEP], again[STEP];
};

static uint64_t backup_at(const struct writer *w)
{
	return w->plan->disk - GPT_COPY;
}

static int zero(struct writer *w, uint64_t at, uint64_t size, struct err *e)
{
	memset(w->buf, 0, sizeof(w->buf));
	while (size > 0) {
		size_t n = size < STEP ? (size_t)size : STEP;

		if (blkio_write(w->disk, w->buf, n, at, e) < 0)
			return -1;
		at += n;
		size -= n;
	}
	return 0;
}

/*
 * Whatever was there: after the first of these flushes no firmware takes it for a table. Then go
 * the table and what else says whose disk it was, of RAID and volume managers for one: it is
 * beside the table or at the end.
 */
static int forget(struct writer *w, struct err *e)
{
	static const uint8_t none[2];

	if (blkio_write(w->disk, none, sizeof(none), GPT_MBR_SIGNATURE, e) < 0 ||
	    blkio_flush(w->disk, e) < 0)
		return -1;
	if (zero(w, 0, w->plan->edge, e) < 0 ||
	    zero(w, w->plan->disk - w->plan->edge, w->plan->edge, e) < 0)
		return -1;
	return blkio_flush(w->disk, e);
}

/* The next bytes of the skeleton to a partition, with their digest. */
static int fill(struct writer *w, enum medium_part part, char hex[static SHA256_HEX], struct err *e)
{
	_cleanup_(sha256_free) struct sha256 sum = SHA256_INIT;
	uint64_t at = w->plan->part[part].at, left = w->plan->part[part].size;

	if (sha256_start(&sum, e) < 0)
		return -1;
	while (left > 0) {
		size_t n = left < STEP ? (size_t)left : STEP;

		if (w->image->skeleton(w->image->context, w->buf, n, e) < 0 ||
		    sha256_add(&sum, w->buf, n, e) < 0 ||
		    blkio_write(w->disk, w->buf, n, at, e) < 0)
			return -1;
		at += n;
		left -= n;
	}
	return sha256_end(&sum, hex, e);
}

static int differs(const struct writer *w, const char *what, struct err *e)
{
	return err_set(e, ERR_INVALID, "%s: %s is not what was written: the disk is broken",
		       w->disk->name, what);
}

static int check(struct writer *w, enum medium_part part, const char *hex, struct err *e)
{
	_cleanup_(sha256_free) struct sha256 sum = SHA256_INIT;
	uint64_t at = w->plan->part[part].at, left = w->plan->part[part].size;
	char now[SHA256_HEX];

	if (sha256_start(&sum, e) < 0)
		return -1;
	while (left > 0) {
		size_t n = left < STEP ? (size_t)left : STEP;

		if (blkio_read(w->disk, w->buf, n, at, e) < 0 || sha256_add(&sum, w->buf, n, e) < 0)
			return -1;
		at += n;
		left -= n;
	}
	if (sha256_end(&sum, now, e) < 0)
		return -1;
	return strcmp(now, hex) == 0 ? 0 : differs(w, medium_part_name(part), e);
}

static int check_bytes(struct writer *w, const uint8_t *bytes, size_t len, uint64_t at,
		       const char *what, struct err *e)
{
	if (blkio_read(w->disk, w->again, len, at, e) < 0)
		return -1;
	return memcmp(w->again, bytes, len) == 0 ? 0 : differs(w, what, e);
}

static int check_zero(struct writer *w, enum medium_part part, struct err *e)
{
	uint64_t at = w->plan->part[part].at, left = w->plan->part[part].size;

	memset(w->buf, 0, sizeof(w->buf));
	while (left > 0) {
		size_t n = left < STEP ? (size_t)left : STEP;

		if (check_bytes(w, w->buf, n, at, medium_part_name(part), e) < 0)
			return -1;
		at += n;
		left -= n;
	}
	return 0;
}

static enum medium_part bank_part(const struct writer *w, bool other)
{
	return (enum medium_part)(MEDIUM_BANK0 + (other ? 1 - w->image->bank : w->image->bank));
}

/* All partitions but the image's bank. The skeleton begins with the boot sector, which is kept for
 * later. */
static int fill_parts(struct writer *w, struct err *e)
{
	char bios[SHA256_HEX], esp[SHA256_HEX];

	if (w->image->skeleton(w->image->context, w->sector, GPT_SECTOR, e) < 0 ||
	    fill(w, MEDIUM_BIOS, bios, e) < 0 || fill(w, MEDIUM_ESP, esp, e) < 0 ||
	    zero(w, w->plan->part[MEDIUM_STATE].at, w->plan->part[MEDIUM_STATE].size, e) < 0 ||
	    zero(w, w->plan->part[bank_part(w, true)].at, GPT_SECTOR, e) < 0 ||
	    blkio_flush(w->disk, e) < 0)
		return -1;
	memset(w->sector + INSTALL_CODE, 0, GPT_SECTOR - INSTALL_CODE);
	if (check(w, MEDIUM_BIOS, bios, e) < 0 || check(w, MEDIUM_ESP, esp, e) < 0)
		return -1;
	return check_zero(w, MEDIUM_STATE, e);
}

static struct blkio *part_of(struct writer *w, enum medium_part part, struct blkio_part *piece)
{
	return blkio_part(piece, w->disk, medium_part_name(part), w->plan->part[part].at,
			  w->plan->part[part].size);
}

static int fill_state(struct writer *w, struct err *e)
{
	struct blkio_part part;

	if (!w->image->state)
		return 0;
	return w->image->state(w->image->context, part_of(w, MEDIUM_STATE, &part), e);
}

static int fill_bank(struct writer *w, struct err *e)
{
	struct blkio_part part;
	struct blkio *io = part_of(w, bank_part(w, false), &part);
	struct bootcfg *cfg = malloc(sizeof(*cfg));
	struct bank_write *bank;
	int rc;

	if (!cfg)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	*cfg = *w->image->cfg;
	cfg->updated = w->image->updated;
	rc = bank_write_start(&bank, io, cfg, w->image->sizes, e);
	free(cfg);
	if (rc < 0)
		return -1;
	rc = w->image->files(w->image->context, bank, e);
	if (rc == 0)
		rc = bank_write_end(bank, BANK_VALID, e);
	bank_write_free(bank);
	return rc;
}

static int make_table(struct writer *w, const struct install_guids *guids, struct err *e)
{
	static const char *const types[MEDIUM_PARTS] = {
		[MEDIUM_BIOS] = "21686148-6449-6e6f-744e-656564454649",
		[MEDIUM_ESP] = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b",
		[MEDIUM_STATE] = "6f0e8a52-4c1b-4f0a-9d0e-5649534f5253",
		[MEDIUM_BANK0] = "0fc63daf-8483-4772-8e79-3d69d8477de4",
		[MEDIUM_BANK1] = "0fc63daf-8483-4772-8e79-3d69d8477de4",
	};
	struct gpt_part parts[MEDIUM_PARTS];
	struct gpt gpt = { .sectors = w->plan->disk / GPT_SECTOR,
			   .n = MEDIUM_PARTS,
			   .parts = parts };

	memcpy(gpt.guid, guids->disk, GPT_GUID);
	for (int i = 0; i < MEDIUM_PARTS; i++) {
		parts[i].name = medium_part_name((enum medium_part)i);
		parts[i].first = w->plan->part[i].at / GPT_SECTOR;
		parts[i].sectors = w->plan->part[i].size / GPT_SECTOR;
		memcpy(parts[i].guid, guids->part[i], GPT_GUID);
		if (gpt_guid_parse(types[i], parts[i].type) < 0)
			return err_set(e, ERR_INVALID, "%s is no GUID", types[i]);
	}
	gpt_primary(&gpt, w->primary);
	gpt_backup(&gpt, w->backup);
	gpt_protect(gpt.sectors, w->sector + GPT_MBR_ENTRY);
	return 0;
}

static int write_table(struct writer *w, struct err *e)
{
	if (blkio_write(w->disk, w->sector, GPT_SECTOR, 0, e) < 0 ||
	    blkio_write(w->disk, w->primary, GPT_COPY, GPT_SECTOR, e) < 0 ||
	    blkio_write(w->disk, w->backup, GPT_COPY, backup_at(w), e) < 0 ||
	    blkio_flush(w->disk, e) < 0)
		return -1;
	if (check_bytes(w, w->sector, GPT_SECTOR, 0, "the boot sector", e) < 0 ||
	    check_bytes(w, w->primary, GPT_COPY, GPT_SECTOR, "the partition table", e) < 0)
		return -1;
	return check_bytes(w, w->backup, GPT_COPY, backup_at(w),
			   "the second copy of the partition table", e);
}

/* Two bytes make a medium of it. */
static int sign(struct writer *w, struct err *e)
{
	static const uint8_t signature[] = { 0x55, 0xaa };

	if (blkio_write(w->disk, signature, sizeof(signature), GPT_MBR_SIGNATURE, e) < 0 ||
	    blkio_flush(w->disk, e) < 0)
		return -1;
	return check_bytes(w, signature, sizeof(signature), GPT_MBR_SIGNATURE, "the boot sector",
			   e);
}

int install_write(struct blkio *disk, const struct install_plan *plan,
		  const struct install_image *image, const struct install_guids *guids,
		  struct err *e)
{
	_cleanup_free_ struct writer *w = calloc(1, sizeof(*w));

	if (!w)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	w->disk = disk;
	w->plan = plan;
	w->image = image;
	if (forget(w, e) < 0 || fill_parts(w, e) < 0 || fill_state(w, e) < 0 ||
	    fill_bank(w, e) < 0 || make_table(w, guids, e) < 0 || write_table(w, e) < 0)
		return -1;
	return sign(w, e);
}
