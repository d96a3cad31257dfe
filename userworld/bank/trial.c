// SPDX-License-Identifier: Apache-2.0
/*
 * A record: magic, version, sequence, outcome, length (4 bytes each, little endian), time (8),
 * SHA-256 of the whole slot with zeros in its place, build, reason; the text begins at 512.
 */
#include "trial.h"

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "fat.h"
#include "fat_raw.h"

#define MAGIC "VOSTRIAL"

enum {
	AT_VERSION = 8,
	AT_SEQUENCE = 12,
	AT_OUTCOME = 16,
	AT_LENGTH = 20,
	AT_TIME = 24,
	AT_DIGEST = 32,
	AT_BUILD = 64,
	AT_REASON = 128,
	AT_TEXT = 512,
};

const char *trial_outcome_name(enum trial_outcome outcome)
{
	static const char *const names[] = { "running", "confirmed", "failed", "rolled back" };

	return names[outcome];
}

static int find(struct blkio *io, struct fat *fat, struct fat_file *file, struct err *e)
{
	if (fat_open(fat, io, e) < 0 || fat_find(fat, TRIAL_FILE, file, e) < 0)
		return -1;
	if (file->size != TRIAL_SIZE)
		return err_set(e, ERR_NOT_FOUND, "%s: " TRIAL_FILE " has %u bytes", io->name,
			       file->size);
	return 0;
}

static int digest_of(unsigned char *slot, unsigned char digest[SHA256_SIZE])
{
	memset(slot + AT_DIGEST, 0, SHA256_SIZE);
	return sha256_of(slot, TRIAL_SLOT, digest);
}

/* The sequence of the record in slot, 0 if there is none. */
static uint32_t sequence_of(unsigned char *slot)
{
	unsigned char is[SHA256_SIZE], should[SHA256_SIZE];

	if (memcmp(slot, MAGIC, 8) != 0 || le_get32(slot + AT_VERSION) != 1 ||
	    le_get32(slot + AT_LENGTH) > TRIAL_TEXT_MAX ||
	    le_get32(slot + AT_OUTCOME) > TRIAL_GIVEN_UP)
		return 0;
	memcpy(should, slot + AT_DIGEST, sizeof(should));
	if (digest_of(slot, is) < 0 || memcmp(is, should, sizeof(is)) != 0)
		return 0;
	return le_get32(slot + AT_SEQUENCE);
}

static void unpack(const unsigned char *slot, struct trial *t)
{
	memset(t, 0, sizeof(*t));
	t->sequence = le_get32(slot + AT_SEQUENCE);
	t->outcome = (enum trial_outcome)le_get32(slot + AT_OUTCOME);
	t->time = le_get64(slot + AT_TIME);
	t->len = le_get32(slot + AT_LENGTH);
	memcpy(t->build, slot + AT_BUILD, sizeof(t->build) - 1);
	memcpy(t->reason, slot + AT_REASON, sizeof(t->reason) - 1);
	memcpy(t->text, slot + AT_TEXT, t->len);
}

void trial_pack(const struct trial *t, unsigned char slot[static TRIAL_SLOT])
{
	unsigned char digest[SHA256_SIZE];

	memset(slot, 0, TRIAL_SLOT);
	memcpy(slot, MAGIC, 8);
	le_put32(slot + AT_VERSION, 1);
	le_put32(slot + AT_SEQUENCE, t->sequence);
	le_put32(slot + AT_OUTCOME, t->outcome);
	le_put32(slot + AT_LENGTH, (uint32_t)t->len);
	le_put64(slot + AT_TIME, t->time);
	memcpy(slot + AT_BUILD, t->build, sizeof(t->build));
	memcpy(slot + AT_REASON, t->reason, sizeof(t->reason));
	memcpy(slot + AT_TEXT, t->text, t->len);
	if (digest_of(slot, digest) == 0)
		memcpy(slot + AT_DIGEST, digest, sizeof(digest));
}

/* Reads both slots; *newest is the one that counts, -1 if none does. */
static int look(struct fat *fat, struct fat_file *file, unsigned char *slots, int *newest,
		uint32_t *sequence, struct err *e)
{
	*newest = -1;
	*sequence = 0;
	if (fat_read(fat, file, 0, slots, TRIAL_SIZE, e) < 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		uint32_t is = sequence_of(slots + (size_t)i * TRIAL_SLOT);

		if (is > *sequence) {
			*sequence = is;
			*newest = i;
		}
	}
	return 0;
}

/* Finds the file of a bank and reads its slots; they are the caller's to free. */
static unsigned char *open_slots(struct blkio *io, struct fat *fat, struct fat_file *file,
				 int *newest, uint32_t *sequence, struct err *e)
{
	_cleanup_free_ unsigned char *slots = malloc(TRIAL_SIZE);

	if (!slots) {
		err_set(e, ERR_NO_SPACE, "out of memory");
		return NULL;
	}
	if (find(io, fat, file, e) < 0 || look(fat, file, slots, newest, sequence, e) < 0)
		return NULL;
	return TAKE_PTR(slots);
}

int trial_read(struct blkio *io, struct trial *t, struct err *e)
{
	_cleanup_free_ unsigned char *slots = NULL;
	struct fat_file file;
	uint32_t sequence;
	struct fat fat;
	int newest;

	slots = open_slots(io, &fat, &file, &newest, &sequence, e);
	if (!slots)
		return -1;
	if (newest < 0)
		return err_set(e, ERR_NOT_FOUND, "%s: its image was never on trial", io->name);
	unpack(slots + (size_t)newest * TRIAL_SLOT, t);
	return 0;
}

/* Into the clusters that the file has. */
static int write_slot(struct fat *fat, struct fat_file *file, uint32_t at,
		      const unsigned char *slot, struct err *e)
{
	for (uint32_t done = 0; done < TRIAL_SLOT;) {
		uint64_t where;
		uint32_t run;

		if (fat_where(fat, file, at + done, &where, &run, e) < 0)
			return -1;
		if (run > TRIAL_SLOT - done)
			run = TRIAL_SLOT - done;
		if (blkio_write(fat->io, slot + done, run, where, e) < 0)
			return -1;
		done += run;
	}
	return blkio_flush(fat->io, e);
}

int trial_write(struct blkio *io, struct trial *t, struct err *e)
{
	_cleanup_free_ unsigned char *slots = NULL;
	struct fat_file file;
	uint32_t sequence;
	struct fat fat;
	int newest;

	slots = open_slots(io, &fat, &file, &newest, &sequence, e);
	if (!slots)
		return -1;
	t->sequence = sequence + 1;
	trial_pack(t, slots);
	return write_slot(&fat, &file, newest == 0 ? TRIAL_SLOT : 0, slots, e);
}
