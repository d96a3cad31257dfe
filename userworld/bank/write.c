// SPDX-License-Identifier: Apache-2.0
#include "write.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "layout.h"
#include "trial.h"

struct bank_write {
	struct blkio *io;
	struct bank_layout layout;
	size_t file;   /* that is being written */
	uint32_t done; /* bytes of it */
	size_t fill;   /* bytes in buffer, which belong behind done */
	char buffer[BLKIO_BUFFER];
};

static int make_plan(struct bank_write **out, uint64_t size, unsigned int sector,
		     const struct bootcfg *cfg, const uint32_t *sizes, struct err *e)
{
	struct bank_write *w = calloc(1, sizeof(*w));

	if (!w)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	w->file = BANK_FIRST;
	if (bank_layout_make(&w->layout, size, sector, cfg, BANK_INVALID, sizes, e) < 0) {
		free(w);
		return -1;
	}
	*out = w;
	return 0;
}

int bank_write_fits(uint64_t size, unsigned int sector, const struct bootcfg *cfg,
		    const uint32_t *sizes, struct err *e)
{
	struct bank_write *w;

	if (make_plan(&w, size, sector, cfg, sizes, e) < 0)
		return -1;
	bank_write_free(w);
	return 0;
}

/*
 * From here on no loader starts what is in the bank: its state is 3, or if there is no state that
 * can be found, it is no file system any more.
 */
static int make_invalid(struct blkio *io, struct err *e)
{
	static const char zero[4096];
	_cleanup_free_ struct bank *b = malloc(sizeof(*b));

	if (!b)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (bank_look(io, b, e) < 0)
		return -1;
	if (b->there && b->cfg.state != BANK_UNKNOWN)
		return bank_set_state(io, b, BANK_INVALID, e);
	if (blkio_write(io, zero, io->sector, 0, e) < 0)
		return -1;
	return blkio_flush(io, e);
}

int bank_write_start(struct bank_write **out, struct blkio *io, const struct bootcfg *cfg,
		     const uint32_t *sizes, struct err *e)
{
	struct bank_write *w;

	if (!cfg->has_digests)
		return err_set(e, ERR_INVALID, "%s: an image without digests", io->name);
	if (make_plan(&w, io->size, io->sector, cfg, sizes, e) < 0)
		return -1;
	w->io = io;
	if (make_invalid(io, e) < 0) {
		bank_write_free(w);
		return -1;
	}
	*out = w;
	return 0;
}

void bank_write_free(struct bank_write *w)
{
	free(w);
}

static int empty_buffer(struct bank_write *w, struct err *e)
{
	const struct fat_new_file *f = &w->layout.files[w->file];

	if (w->fill && blkio_write(w->io, w->buffer, w->fill, f->at + w->done, e) < 0)
		return -1;
	w->done += (uint32_t)w->fill;
	w->fill = 0;
	return 0;
}

/* Goes to the file that the next byte belongs to. */
static int next_file(struct bank_write *w, struct err *e)
{
	while (w->file < w->layout.n && w->done + w->fill == w->layout.files[w->file].size) {
		if (empty_buffer(w, e) < 0)
			return -1;
		w->file++;
		w->done = 0;
	}
	return 0;
}

int bank_write_add(struct bank_write *w, const void *data, size_t len, struct err *e)
{
	while (len > 0) {
		size_t room, left;

		if (next_file(w, e) < 0)
			return -1;
		if (w->file == w->layout.n)
			return err_set(e, ERR_INVALID, "the image is longer than it says");
		left = w->layout.files[w->file].size - w->done - w->fill;
		room = sizeof(w->buffer) - w->fill;
		if (room > left)
			room = left;
		if (room > len)
			room = len;
		memcpy(w->buffer + w->fill, data, room);
		w->fill += room;
		data = (const char *)data + room;
		len -= room;
		if (w->fill == sizeof(w->buffer) && empty_buffer(w, e) < 0)
			return -1;
	}
	return 0;
}

/* What a loader will find, not what was meant: the device is asked for all of it. */
static int read_back(struct bank_write *w, struct bank *b, struct err *e)
{
	int bad;

	if (bank_look(w->io, b, e) < 0)
		return -1;
	if (!b->there || b->cfg.state != BANK_INVALID || b->cfg.updated != w->layout.cfg.updated)
		return err_set(e, ERR_INVALID, "%s: " BOOTCFG_FILE " is not what was written: %s",
			       w->io->name, b->why_not);
	bad = bank_verify(w->io, b, NULL, NULL, e);
	if (bad > 0)
		return err_set(
			e, ERR_INVALID,
			"%s: %d files are not what was written: the medium is broken, or the "
			"image is not what it says",
			w->io->name, bad);
	return bad;
}

/*
 * No record of another image's trial must be left where this one's will be. Until the flip there
 * is one that says so, as a loader makes the same 3 of an image that does not start.
 */
static int write_trial(struct bank_write *w, bool done, struct err *e)
{
	_cleanup_free_ struct trial *t = calloc(1, sizeof(*t));

	if (!t)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	memset(w->buffer, 0, TRIAL_SIZE);
	if (!done) {
		t->sequence = 1;
		t->outcome = TRIAL_GIVEN_UP;
		memcpy(t->build, w->layout.cfg.build, sizeof(t->build));
		snprintf(t->reason, sizeof(t->reason), "it was not written to its end");
		trial_pack(t, (unsigned char *)w->buffer);
	}
	return blkio_write(w->io, w->buffer, TRIAL_SIZE, w->layout.files[BANK_TRIAL].at, e);
}

static int flip(struct bank_write *w, struct bank *b, int to, struct err *e)
{
	if (bank_set_state(w->io, b, to, e) < 0)
		return -1;
	/* The image can be started; what is not cleared here bootwatch writes over. */
	if (write_trial(w, true, NULL) == 0)
		blkio_flush(w->io, NULL);
	return 0;
}

int bank_write_end(struct bank_write *w, int to, struct err *e)
{
	_cleanup_free_ struct bank *b = malloc(sizeof(*b));
	const struct bank_layout *l = &w->layout;

	if (!b)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (next_file(w, e) < 0)
		return -1;
	if (w->file < w->layout.n)
		return err_set(e, ERR_INVALID, "the image ends within %s",
			       w->layout.files[w->file].name);
	if (write_trial(w, false, e) < 0 ||
	    blkio_write(w->io, l->text, l->text_len, l->files[BANK_CFG].at, e) < 0 ||
	    blkio_write(w->io, l->sums, l->files[BANK_SUMS].size, l->files[BANK_SUMS].at, e) < 0 ||
	    blkio_flush(w->io, e) < 0)
		return -1;
	if (fat_make(&l->plan, l->files, l->n, (uint32_t)l->cfg.updated, w->io, e) < 0 ||
	    read_back(w, b, e) < 0)
		return -1;
	return flip(w, b, to, e);
}
