// SPDX-License-Identifier: Apache-2.0
#include "mender.h"

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

void mender_free(struct mender **m)
{
	if (*m)
		free((*m)->head);
	free(*m);
}

struct mender *mender_new(struct blkio *io, const struct bank_layout *l, struct err *e)
{
	_cleanup_(mender_free) struct mender *m = calloc(1, sizeof(*m));

	if (m)
		m->head = malloc(l->plan.data_at);
	if (!m || !m->head) {
		err_set(e, ERR_NO_SPACE, "out of memory");
		return NULL;
	}
	m->io = io;
	m->l = l;
	fat_head(&l->plan, l->files, l->n, (uint32_t)l->cfg.updated, m->head);
	return TAKE_PTR(m);
}

/* Any sector is enough to know that it is there; that both ends are damaged is not believed. */
static int is_there(struct mender *m, struct err *e)
{
	char sector[4096];

	if (blkio_read(m->io, sector, m->io->sector, 0, NULL) == 0)
		return 0;
	return blkio_read(m->io, sector, m->io->sector, m->io->size - m->io->sector, e);
}

/* One by one. What cannot be read has zeros, and is remembered. */
static int read_sectors(struct mender *m, size_t size, uint64_t at, struct err *e)
{
	const unsigned int sector = m->io->sector;

	for (size_t i = 0; i < size / sector; i++) {
		m->unreadable[i] =
			blkio_read(m->io, m->is + i * sector, sector, at + i * sector, NULL) < 0;
		if (m->unreadable[i])
			memset(m->is + i * sector, 0, sector);
	}
	return is_there(m, e);
}

int mender_read(struct mender *m, size_t len, uint64_t at, struct err *e)
{
	size_t size = (len + m->io->sector - 1) / m->io->sector * m->io->sector;

	memset(m->unreadable, 0, sizeof(m->unreadable));
	if (blkio_read(m->io, m->is, size, at, NULL) < 0 && read_sectors(m, size, at, e) < 0)
		return -1;
	return m->pace ? m->pace(m->context, size, e) : 0;
}

static bool any_unreadable(const struct mender *m)
{
	return memchr(m->unreadable, true, sizeof(m->unreadable)) != NULL;
}

static bool sector_differs(const struct mender *m, size_t i, size_t len)
{
	size_t at = i * m->io->sector;
	size_t n = len - at < m->io->sector ? len - at : m->io->sector;

	return m->unreadable[i] || memcmp(m->is + at, m->should + at, n) != 0;
}

int mender_write(struct mender *m, size_t len, uint64_t at, uint32_t *sectors, struct err *e)
{
	const unsigned int sector = m->io->sector;

	for (size_t i = 0; i * sector < len; i++) {
		size_t from = i * sector, n = len - from < sector ? len - from : sector;

		if (!sector_differs(m, i, len))
			continue;
		memcpy(m->is + from, m->should + from, n);
		if (blkio_write(m->io, m->is + from, sector, at + from, e) < 0)
			return -1;
		++*sectors;
	}
	return 0;
}

/*
 * What follows from boot.cfg: len bytes that should be at a place. Counts the sectors that differ,
 * and writes them if so asked.
 */
static int known_piece(struct mender *m, const void *bytes, size_t len, uint64_t at, bool write,
		       uint32_t *sectors, struct err *e)
{
	for (size_t done = 0, n; done < len; done += n) {
		n = len - done < MENDER_STEP ? len - done : MENDER_STEP;
		memcpy(m->should, (const char *)bytes + done, n);
		if (mender_read(m, n, at + done, e) < 0)
			return -1;
		if (write && mender_write(m, n, at + done, sectors, e) < 0)
			return -1;
		for (size_t i = 0; !write && i * m->io->sector < n; i++)
			*sectors += sector_differs(m, i, n);
	}
	return 0;
}

/* The text of boot.cfg that belongs there: a state that can be one is right, whichever it is. */
static int text_of(struct mender *m, char *text, struct err *e)
{
	uint64_t at = m->l->files[BANK_CFG].at;
	size_t digit = m->l->cfg.state_at;

	memcpy(text, m->l->text, m->l->text_len);
	if (mender_read(m, digit + 1, at, e) < 0)
		return -1;
	if (m->is[digit] >= '0' + BANK_VALID && m->is[digit] <= '0' + BANK_INVALID)
		text[digit] = m->is[digit];
	return 0;
}

/* The first sector of boot.cfg makes a bank of it: it is written when the others are there. */
static int config_piece(struct mender *m, bool write, uint32_t *sectors, struct err *e)
{
	_cleanup_free_ char *text = malloc(m->l->text_len);
	uint64_t at = m->l->files[BANK_CFG].at;
	size_t first = m->io->sector < m->l->text_len ? m->io->sector : m->l->text_len;

	if (!text)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (text_of(m, text, e) < 0 ||
	    known_piece(m, text + first, m->l->text_len - first, at + first, write, sectors, e) < 0)
		return -1;
	if (write && *sectors && blkio_flush(m->io, e) < 0)
		return -1;
	return known_piece(m, text, first, at, write, sectors, e);
}

int mender_known(struct mender *m, size_t part, bool write, uint32_t *sectors, struct err *e)
{
	const struct bank_layout *l = m->l;

	switch (part) {
	case BANK_HEAD:
		return known_piece(m, m->head, l->plan.data_at, 0, write, sectors, e);
	case BANK_CFG:
		return config_piece(m, write, sectors, e);
	default:
		return known_piece(m, l->sums, l->files[part].size, l->files[part].at, write,
				   sectors, e);
	}
}

bool mender_is_known(size_t part)
{
	return part < BANK_FIRST || part == BANK_HEAD;
}

/* 1: the file on the medium has its digest, and every sector of it can be read. */
static int file_is_good(struct mender *m, size_t file, struct err *e)
{
	const struct fat_new_file *f = &m->l->files[file];
	_cleanup_(sha256_free) struct sha256 sum = SHA256_INIT;
	char hex[SHA256_HEX];
	bool readable = true;

	if (sha256_start(&sum, e) < 0)
		return -1;
	for (uint32_t at = 0, n; at < f->size; at += n) {
		n = f->size - at < MENDER_STEP ? f->size - at : MENDER_STEP;
		if (mender_read(m, n, f->at + at, e) < 0 || sha256_add(&sum, m->is, n, e) < 0)
			return -1;
		readable = readable && !any_unreadable(m);
	}
	if (sha256_end(&sum, hex, e) < 0)
		return -1;
	return readable && strcmp(hex, bank_layout_digest(m->l, file)) == 0;
}

int mender_is_good(struct mender *m, size_t part, struct err *e)
{
	uint32_t sectors = 0;

	if (!mender_is_known(part))
		return file_is_good(m, part, e);
	return mender_known(m, part, false, &sectors, e) < 0 ? -1 : sectors == 0;
}
