// SPDX-License-Identifier: Apache-2.0
#include "frames.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "cleanup.h"
#include "file.h"
#include "le.h"
#include "seal.h"
#include "sha256.h"

#define MAX_THREADS 16
#define SLOT_CHUNKS (TARDISK_FRAME / TARDISK_CHUNK)
#define TABLE_MAX (8 + TARDISK_MAX_FRAMES * 8 + TARDISK_SEEK_FOOTER)

struct slot {
	ZSTD_CCtx *zstd;
	unsigned char *in;
	unsigned char *out;
	size_t room;   /* bytes out has */
	size_t len;    /* bytes in in */
	size_t packed; /* bytes in out, or an error code of zstd */
	bool is_data;
	bool hashed;					   /* the digests are there */
	unsigned char digest[TARDISK_DIGEST];		   /* of out */
	unsigned char chunks[SLOT_CHUNKS][TARDISK_DIGEST]; /* of in, for data */
};

struct frames {
	int fd;
	const char *name;
	uint32_t frame; /* content bytes of a full frame */
	struct slot slots[MAX_THREADS];
	size_t n_slots;
	size_t current; /* slot that takes the next bytes */
	bool in_data;
	struct seal seal;
	unsigned char *table;
	size_t table_len;
};

static int set_up_slot(struct slot *slot, const struct packing *packing)
{
	int window = __builtin_ctz(packing->frame);

	slot->zstd = ZSTD_createCCtx();
	slot->room = TARDISK_PACKED(packing->frame);
	slot->in = malloc(packing->frame);
	slot->out = malloc(slot->room);
	if (!slot->zstd || !slot->in || !slot->out)
		return -1;
	if (ZSTD_isError(
		    ZSTD_CCtx_setParameter(slot->zstd, ZSTD_c_compressionLevel, packing->level)) ||
	    ZSTD_isError(ZSTD_CCtx_setParameter(slot->zstd, ZSTD_c_checksumFlag, 1)) ||
	    ZSTD_isError(ZSTD_CCtx_setParameter(slot->zstd, ZSTD_c_windowLog, window)))
		return -1;
	return 0;
}

int frames_open(struct frames **out, int fd, const char *name, const struct packing *packing,
		struct err *e)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct frames *f = calloc(1, sizeof(*f));

	if (!f)
		return err_sys(e, ENOMEM, "%s", name);
	f->fd = fd;
	f->name = name;
	f->frame = packing->frame;
	f->n_slots = cpus < 1 ? 1 : cpus > MAX_THREADS ? MAX_THREADS : (size_t)cpus;
	f->table = malloc(TABLE_MAX);
	f->table_len = 8;
	for (size_t i = 0; i < f->n_slots; i++) {
		if (!f->table || set_up_slot(&f->slots[i], packing)) {
			frames_close(f);
			return err_sys(e, ENOMEM, "%s: zstd", name);
		}
	}
	*out = f;
	return 0;
}

/* A frame of the data area begins where a chunk does. */
static bool hash_slot(struct slot *slot)
{
	for (size_t at = 0; slot->is_data && at < slot->len; at += TARDISK_CHUNK) {
		size_t left = slot->len - at;

		if (sha256_of(slot->in + at, left < TARDISK_CHUNK ? left : TARDISK_CHUNK,
			      slot->chunks[at / TARDISK_CHUNK]))
			return false;
	}
	return !sha256_of(slot->out, slot->packed, slot->digest);
}

static void *compress(void *arg)
{
	struct slot *slot = arg;

	slot->packed = ZSTD_compress2(slot->zstd, slot->out, slot->room, slot->in, slot->len);
	slot->hashed = !ZSTD_isError(slot->packed) && hash_slot(slot);
	return NULL;
}

/* Slots 0 to n - 1, each in a thread of its own; in this one if there can be no more threads. */
static void compress_all(struct frames *f, size_t n)
{
	pthread_t threads[MAX_THREADS];
	size_t started = 1;

	while (started < n &&
	       !pthread_create(&threads[started], NULL, compress, &f->slots[started]))
		started++;
	compress(&f->slots[0]);
	for (size_t i = started; i < n; i++)
		compress(&f->slots[i]);
	for (size_t i = 1; i < started; i++)
		pthread_join(threads[i], NULL);
}

static int seal_slot(struct frames *f, const struct slot *slot, struct err *e)
{
	if (!slot->hashed)
		return err_set(e, ERR_SYSTEM, "SHA-256 is not available in this OpenSSL");
	f->seal.packed += slot->packed;
	*(slot->is_data ? &f->seal.data : &f->seal.headers) += slot->len;
	if (seal_add(&f->seal.frames, slot->digest, e))
		return -1;
	for (size_t at = 0; slot->is_data && at < slot->len; at += TARDISK_CHUNK)
		if (seal_add(&f->seal.chunks, slot->chunks[at / TARDISK_CHUNK], e))
			return -1;
	return 0;
}

static int write_slot(struct frames *f, struct slot *slot, struct err *e)
{
	unsigned char *record = f->table + f->table_len;

	if (ZSTD_isError(slot->packed))
		return err_set(e, ERR_SYSTEM, "%s: zstd: %s", f->name,
			       ZSTD_getErrorName(slot->packed));
	if (f->table_len + 8 > TABLE_MAX - TARDISK_SEEK_FOOTER)
		return err_set(e, ERR_INVALID, "%s: contents are larger than a tardisk can be",
			       f->name);
	if (fd_write_all(f->fd, slot->out, slot->packed))
		return err_sys(e, errno, "%s", f->name);
	le_put32(record, (uint32_t)slot->packed);
	le_put32(record + 4, (uint32_t)slot->len);
	f->table_len += 8;
	if (seal_slot(f, slot, e))
		return -1;
	slot->len = 0;
	return 0;
}

static int flush(struct frames *f, struct err *e)
{
	size_t n = f->current + (f->slots[f->current].len > 0);

	if (n)
		compress_all(f, n);
	for (size_t i = 0; i < n; i++)
		if (write_slot(f, &f->slots[i], e))
			return -1;
	f->current = 0;
	return 0;
}

static int next_slot(struct frames *f, struct err *e)
{
	if (!f->slots[f->current].len)
		return 0;
	f->slots[f->current].is_data = f->in_data;
	if (f->current + 1 < f->n_slots) {
		f->current++;
		return 0;
	}
	return flush(f, e);
}

int frames_end_headers(struct frames *f, struct err *e)
{
	if (next_slot(f, e))
		return -1;
	f->in_data = true;
	return 0;
}

int frames_add(struct frames *f, const void *data, size_t len, struct err *e)
{
	const unsigned char *from = data;

	while (len) {
		struct slot *slot = &f->slots[f->current];
		size_t part = f->frame - slot->len;

		if (part > len)
			part = len;
		if (from)
			memcpy(slot->in + slot->len, from, part);
		else
			memset(slot->in + slot->len, 0, part);
		slot->len += part;
		from = from ? from + part : NULL;
		len -= part;
		if (slot->len == f->frame && next_slot(f, e))
			return -1;
	}
	return 0;
}

static int write_list(struct frames *f, struct err *e)
{
	size_t len;
	_cleanup_free_ unsigned char *list = seal_list(&f->seal, &len, e);

	if (!list)
		return -1;
	return fd_write_all(f->fd, list, len) ? err_sys(e, errno, "%s", f->name) : 0;
}

int frames_finish(struct frames *f, struct err *e)
{
	size_t bytes;

	if (next_slot(f, e) || flush(f, e) || write_list(f, e))
		return -1;
	bytes = f->table_len + TARDISK_SEEK_FOOTER;
	le_put32(f->table, 0x184D2A5E);
	le_put32(f->table + 4, (uint32_t)bytes - 8);
	le_put32(f->table + f->table_len, (uint32_t)(f->table_len / 8 - 1));
	f->table[f->table_len + 4] = 0;
	le_put32(f->table + f->table_len + 5, 0x8F92EAB1);
	return fd_write_all(f->fd, f->table, bytes) ? err_sys(e, errno, "%s", f->name) : 0;
}

void frames_close(struct frames *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n_slots; i++) {
		ZSTD_freeCCtx(f->slots[i].zstd);
		free(f->slots[i].in);
		free(f->slots[i].out);
	}
	seal_free(&f->seal);
	free(f->table);
	free(f);
}
