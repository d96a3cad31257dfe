// SPDX-License-Identifier: Apache-2.0
/*
 * A bank on any medium: its file system, boot.cfg, the files and the record of a trial. An input is
 * a disk with holes: kibibytes of the device (2 bytes), then pieces, each at a sector (3 bytes)
 * with a length (2 bytes); numbers are little endian. Everything else on it is zero, and takes no
 * writes.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "userworld/bank/bank.h"
#include "userworld/bank/trial.h"

#include "tardisk/le.h"

#define PIECES 32
#define SECTOR 512
#define VERIFIED (1u << 20) /* larger files are not read: they would be zeros */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct piece {
	uint64_t at;
	size_t len;
	uint8_t *bytes;
};

struct disk {
	struct blkio io;
	struct piece pieces[PIECES];
	size_t n;
};

/* Copies between a buffer and what the pieces have of it: later ones lie over earlier ones. */
static void overlay(struct disk *d, uint8_t *buf, size_t len, uint64_t at, int to_disk)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct piece *p = &d->pieces[i];
		uint64_t begin = at > p->at ? at : p->at;
		uint64_t end = at + len < p->at + p->len ? at + len : p->at + p->len;

		if (begin >= end)
			continue;
		if (to_disk)
			memcpy(p->bytes + (begin - p->at), buf + (begin - at), end - begin);
		else
			memcpy(buf + (begin - at), p->bytes + (begin - p->at), end - begin);
	}
}

static int disk_read(struct blkio *io, void *buf, size_t len, uint64_t at, struct err *e)
{
	(void)e;
	memset(buf, 0, len);
	overlay((struct disk *)io, buf, len, at, 0);
	return 0;
}

static int disk_write(struct blkio *io, const void *buf, size_t len, uint64_t at, struct err *e)
{
	(void)e;
	overlay((struct disk *)io, (uint8_t *)(uintptr_t)buf, len, at, 1);
	return 0;
}

static int disk_flush(struct blkio *io, struct err *e)
{
	(void)io, (void)e;
	return 0;
}

static const struct blkio_ops ops = { disk_read, disk_write, disk_flush, NULL };

static void make_disk(struct disk *d, uint8_t *data, size_t size)
{
	*d = (struct disk){ .io = { &ops, "disk", (uint64_t)le_get16(data) << 10, SECTOR } };
	data += 2;
	size -= 2;
	while (size > 5 && d->n < PIECES) {
		struct piece *p = &d->pieces[d->n++];

		p->at = (le_get16(data) | (uint64_t)data[2] << 16) * SECTOR;
		p->len = le_get16(data + 3);
		p->bytes = data + 5;
		size -= 5;
		if (p->len > size)
			p->len = size;
		data += 5 + p->len;
		size -= p->len;
	}
}

/* What is shown on a console must not have control characters in it. */
static void check_text(const char *text, size_t room)
{
	if (strnlen(text, room) == room)
		abort();
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			abort();
}

/* A message may quote what is UTF-8. */
static void check_message(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			abort();
}

static void check_err(const struct err *e)
{
	if (e->kind == ERR_NONE || !e->text[0])
		abort();
	check_message(e->text);
}

static int judged(void *context, const char *name, uint64_t size, enum bank_damage d, struct err *e)
{
	(void)e;
	(void)size;
	check_text(name, FAT_NAME);
	if (!bank_damage_name(d))
		abort();
	++*(size_t *)context;
	return 0;
}

static int small(void *context, const struct fat_file *file, struct err *e)
{
	(void)e;
	check_text(file->name, FAT_NAME);
	if (file->size > VERIFIED)
		*(bool *)context = false;
	return 0;
}

/* boot.cfg as it was read can be written, and is the same again. */
static void print_again(const struct bootcfg *cfg)
{
	static char text[BOOTCFG_MAX];
	struct bootcfg copy = *cfg, again;
	struct err e = ERR_INIT;
	int len;

	if (copy.state == BANK_UNKNOWN || !copy.kernel[0])
		return;
	len = bootcfg_print(&copy, text, sizeof(text), &e);
	if (len < 0) {
		check_err(&e);
		return;
	}
	if (len % BOOTCFG_BLOCK || bootcfg_parse(text, (size_t)len, &again, NULL) < 0)
		abort();
	if (again.state != cfg->state || again.updated != cfg->updated ||
	    strcmp(again.build, cfg->build) != 0 || strcmp(again.options, cfg->options) != 0 ||
	    again.n_modules != cfg->n_modules || again.has_digests != cfg->has_digests ||
	    again.has_self != cfg->has_self || again.self_bad)
		abort();
}

static void use_bank(struct disk *d, struct bank *b)
{
	struct err e = ERR_INIT;
	size_t files = 0;
	int bad;

	check_text(b->cfg.build, sizeof(b->cfg.build));
	check_text(b->cfg.options, sizeof(b->cfg.options));
	print_again(&b->cfg);
	bad = bank_verify(&d->io, b, judged, &files, &e);
	if (bad < 0)
		check_err(&e);
	else if (files < b->cfg.n_modules + 1 || (size_t)bad > files)
		abort();
	if (b->cfg.state == BANK_UNKNOWN)
		return;
	if (bank_set_state(&d->io, b, BANK_INVALID, &e) < 0) {
		check_err(&e);
		return;
	}
	/* Files of a broken file system may lie over each other; the byte is there all the same. */
	if (b->cfg.state != BANK_INVALID)
		abort();
}

static void use_trial(struct disk *d)
{
	static struct trial t, again;
	struct err e = ERR_INIT;

	if (trial_read(&d->io, &t, &e) == 0) {
		check_text(t.build, sizeof(t.build));
		check_text(t.reason, sizeof(t.reason));
		if (t.len > sizeof(t.text) || !trial_outcome_name(t.outcome))
			abort();
	} else {
		check_err(&e);
	}
	memset(&t, 0, sizeof(t));
	t.outcome = TRIAL_FAILED;
	if (trial_write(&d->io, &t, &e) < 0)
		check_err(&e);
	else
		trial_read(&d->io, &again, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bank b;
	struct err e = ERR_INIT;
	struct disk d;
	struct fat fat;
	uint8_t *copy;
	uint64_t left;
	bool read = true;

	if (size < 2)
		return 0;
	copy = malloc(size);
	if (!copy)
		abort();
	memcpy(copy, data, size);
	make_disk(&d, copy, size);
	/* Nothing on a disk that answers is a failure. */
	if (bank_look(&d.io, &b, &e) < 0)
		abort();
	check_message(b.why_not);
	if (bank_free(&d.io, &left, &e) < 0)
		check_err(&e);
	else if (left > d.io.size)
		abort();
	if (fat_open(&fat, &d.io, NULL) == 0)
		fat_each(&fat, small, &read, NULL);
	if (b.there && read)
		use_bank(&d, &b);
	use_trial(&d);
	free(copy);
	return 0;
}
