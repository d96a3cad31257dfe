/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An existing tardisk file, for the tools: header area in memory, data frames
 * on demand. Errors read "NAME: offset N: FIELD: what".
 */
#ifndef TARDISK_OPEN_H
#define TARDISK_OPEN_H

#include "err.h"
#include "tar.h"

struct tardisk_file {
	char *name;
	int fd;
	uint64_t file_size;
	struct tardisk_volume volume;
	unsigned char *headers; /* volume.headers bytes */
	unsigned char *table;
	struct tardisk_frame *frames;
	uint32_t n_frames;
	uint32_t header_frames; /* the first ones; data follow */
	unsigned char *list;	/* the digest list */
	struct tardisk_digests digests;
	char root_hash[65]; /* hexadecimal text */
	void *zstd;
};

/*
 * Opens and checks the container and the volume header; entries are not looked
 * at. fd must allow pread(2) and stays the caller's. On success the caller
 * ends with tardisk_file_close().
 */
int tardisk_file_open(struct tardisk_file *t, const char *name, int fd, struct err *e);

/*
 * Unpacks frame number n, frames[n].size bytes. Checks its digest, the rules for
 * frames and zstd's checksum.
 */
int tardisk_file_frame(struct tardisk_file *t, uint32_t n, void *buf, struct err *e);

/* Reads content by its offset from the start of the header area, in the data area only. */
struct tardisk_cursor {
	unsigned char *frame; /* volume.frame bytes; allocated at first use, freed by the caller */
	uint32_t n;	      /* which one it holds, 0 for none: no data frame has that number */
};

/*
 * Up to len content bytes from offset on, as *data in the cursor's frame.
 * Returns how many, at least 1. offset must be below volume.size.
 */
int tardisk_file_data(struct tardisk_file *t, struct tardisk_cursor *c, uint64_t offset,
		      uint64_t len, const unsigned char **data, struct err *e);

void tardisk_file_close(struct tardisk_file *t);

/* Turns a refusal of the parser into a struct err; returns -1. */
int tardisk_file_refuse(const struct tardisk_file *t, const struct tardisk_error *error,
			struct err *e);

/* SHA-256 of all content (both areas) as hexadecimal text. */
int tardisk_file_digest(struct tardisk_file *t, char hex[65], struct err *e);

#endif
