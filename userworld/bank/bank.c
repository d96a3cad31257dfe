// SPDX-License-Identifier: Apache-2.0
#include "bank.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

/* The device is gone: no statement about what is on it. */
static bool gone(const struct err *e)
{
	return e->kind == ERR_UNAVAILABLE || e->kind == ERR_SYSTEM || e->kind == ERR_DENIED;
}

static int read_cfg(struct fat *fat, struct bank *b, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	struct fat_file file;
	uint32_t run;

	if (fat_find(fat, BOOTCFG_FILE, &file, e) < 0)
		return -1;
	if (file.size == 0 || file.size > BOOTCFG_MAX)
		return err_set(e, ERR_INVALID, BOOTCFG_FILE ": it cannot have %u bytes", file.size);
	text = malloc(file.size);
	if (!text)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (fat_read(fat, &file, 0, text, file.size, e) < 0 ||
	    bootcfg_parse(text, file.size, &b->cfg, e) < 0)
		return -1;
	return fat_where(fat, &file, (uint32_t)b->cfg.state_at, &b->state_at, &run, e);
}

static int look_inside(struct blkio *io, struct bank *b, struct err *e)
{
	struct fat_file kernel;
	struct fat fat;

	if (fat_open(&fat, io, e) < 0)
		return -1;
	if (read_cfg(&fat, b, e) < 0)
		return -1;
	b->there = true;
	b->has_kernel = b->cfg.kernel[0] && fat_find(&fat, b->cfg.kernel, &kernel, NULL) == 0;
	return 0;
}

int bank_free(struct blkio *io, uint64_t *bytes, struct err *e)
{
	struct fat fat;

	return fat_open(&fat, io, e) < 0 ? -1 : fat_free_bytes(&fat, bytes, e);
}

int bank_end(struct blkio *io, uint64_t *bytes, struct err *e)
{
	struct fat fat;

	return fat_open(&fat, io, e) < 0 ? -1 : fat_end(&fat, bytes, e);
}

/* A new medium has zeros or an empty file system in its second bank: that is no damage. */
static bool is_blank(struct blkio *io)
{
	char first[512] = "", zero[512] = "";

	return blkio_read(io, first, sizeof(first), 0, NULL) == 0 &&
	       memcmp(first, zero, sizeof(zero)) == 0;
}

int bank_look(struct blkio *io, struct bank *b, struct err *e)
{
	struct err own = ERR_INIT;

	memset(b, 0, sizeof(*b));
	b->size = io->size;
	if (look_inside(io, b, &own) == 0)
		return 0;
	if (gone(&own)) {
		if (e)
			*e = own;
		return -1;
	}
	if (!b->there && own.kind != ERR_NOT_FOUND && !is_blank(io))
		snprintf(b->why_not, sizeof(b->why_not), "%.199s", own.text);
	return 0;
}

void bank_view(const struct bank *b, struct bank_view *view)
{
	*view = (struct bank_view){
		.counts = b->there && b->has_kernel && b->cfg.updated > 0 && b->cfg.build[0],
		/* What the loader does not know it takes for invalid. */
		.state = b->there && b->cfg.state != BANK_UNKNOWN ? b->cfg.state : BANK_INVALID,
		.updated = b->there ? b->cfg.updated : 0,
	};
}

static int expect_digit(struct blkio *io, const struct bank *b, int state, struct err *e)
{
	char digit;

	if (blkio_read(io, &digit, 1, b->state_at, e) < 0)
		return -1;
	if (digit == '0' + state)
		return 0;
	return err_set(e, ERR_CONFLICT, "%s: the bank's state is not %d, as it was", io->name,
		       state);
}

int bank_set_state(struct blkio *io, struct bank *b, int to, struct err *e)
{
	char digit = (char)('0' + to);

	if (!b->there || b->cfg.state == BANK_UNKNOWN)
		return err_set(e, ERR_CONFLICT,
			       "%s: no image is in this bank, or none with a state", io->name);
	if (b->cfg.state == to)
		return 0;
	if (expect_digit(io, b, b->cfg.state, e) < 0 ||
	    blkio_write(io, &digit, 1, b->state_at, e) < 0 || blkio_flush(io, e) < 0 ||
	    expect_digit(io, b, to, e) < 0)
		return -1;
	b->cfg.state = to;
	return 0;
}
