/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * Reader of a tardisk's header area, digest list and seek table
 * (docs/tardisk-format.md).
 *
 * Freestanding: no allocation, no I/O, no library; the same file is compiled
 * into the kernel module, the tools and the fuzzers. The caller gives one
 * contiguous buffer; strings that come back point into it and are not
 * terminated. Input is hostile: nothing outside the buffer is read, and
 * what an entry states has been checked when it is handed out.
 *
 * The reader checks each entry by itself, its place in the order of paths (so
 * no path comes twice) and against the running offset of contents. What needs
 * a tree (parents listed and directories, hard link targets) is checked by
 * whoever builds the tree.
 */
#ifndef TARDISK_TAR_H
#define TARDISK_TAR_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>
#endif

#define TARDISK_VERSION 1
#define TARDISK_PAGE 4096u
#define TARDISK_FRAME (1u << 20) /* content bytes of a full frame, at most and usually */
#define TARDISK_FRAME_MIN (64u << 10)
#define TARDISK_MAX_SIZE 0xfffff000ull
#define TARDISK_MAX_HEADERS (1u << 30)
#define TARDISK_MAX_ENTRIES (1u << 20)
#define TARDISK_PATH_MAX 4095u
#define TARDISK_COMPONENT_MAX 255u
#define TARDISK_MAX_PAX (1u << 20) /* bytes of the records of one entry */
#define TARDISK_XATTR_NAME_MAX 255u
#define TARDISK_XATTR_SIZE_MAX 65536u
#define TARDISK_VOLUME_MIN 1024u /* bytes that hold the volume header and its records */

/* Where a refusal lies. field and what are static strings. */
struct tardisk_error {
	uint64_t offset;   /* byte in the header area, or in the file for what is no header */
	const char *field; /* "chksum", "path", "seek table" ... */
	const char *what;  /* "wrong", "leaves its parent", "version is not 1" ... */
};

struct tardisk_volume {
	uint32_t entries;
	uint32_t headers; /* bytes of the header area, a multiple of TARDISK_PAGE */
	uint64_t size;	  /* bytes of both areas, a multiple of TARDISK_PAGE */
	uint32_t frame;	  /* content bytes of a full frame: TARDISK_FRAME_MIN to TARDISK_FRAME */
};

enum tardisk_type {
	TARDISK_FILE = '0',
	TARDISK_HARDLINK = '1',
	TARDISK_SYMLINK = '2',
	TARDISK_CHAR = '3',
	TARDISK_BLOCK = '4',
	TARDISK_DIR = '5',
	TARDISK_FIFO = '6',
};

struct tardisk_entry {
	uint64_t at; /* offset of its header, for messages */
	enum tardisk_type type;
	uint32_t mode; /* 07777 */
	uint32_t uid;
	uint32_t gid;
	uint64_t size; /* bytes of content */
	uint64_t data; /* offset of the content from the start of the header area; 0 if empty */
	int64_t mtime; /* seconds */
	uint32_t mtime_ns;
	uint32_t major;
	uint32_t minor;
	const char *path;
	uint32_t path_len;
	const char *link; /* target of a hard link or symlink */
	uint32_t link_len;
	const char *pax; /* the records of its pax header, for tardisk_next_xattr() */
	uint32_t pax_len;
};

struct tardisk_xattr {
	const char *name; /* without "SCHILY.xattr." */
	uint32_t name_len;
	const char *value;
	uint32_t value_len;
};

struct tardisk_reader {
	const unsigned char *base;
	uint32_t len;
	uint32_t pos;
	uint32_t left;	  /* entries not read yet */
	uint64_t data;	  /* where the next content must begin */
	const char *last; /* path of the entry before, NULL at the start */
	uint32_t last_len;
	struct tardisk_volume volume;
	struct tardisk_error error;
};

/*
 * Reads the volume header in the first bytes of the header area (at least
 * TARDISK_VOLUME_MIN of them). 0, or -1 with *error.
 */
int tardisk_read_volume(const void *base, uint32_t len, struct tardisk_volume *volume,
			struct tardisk_error *error);

/* Starts reading a whole header area; len must be what its volume header says. 0 or -1. */
int tardisk_reader_init(struct tardisk_reader *r, const void *base, uint32_t len);

/* Next entry: 1 with *entry, 0 at a correct end, -1 with r->error. */
int tardisk_next(struct tardisk_reader *r, struct tardisk_entry *entry);

/* The rule for paths (TARDISK_PATH_MAX and so on): NULL if it holds, else what is wrong. */
const char *tardisk_path_fault(const char *path, uint32_t len);

/* Next xattr of an entry: 1, or 0 at the end. Start with *cursor = 0. Cannot fail. */
int tardisk_next_xattr(const struct tardisk_entry *entry, uint32_t *cursor,
		       struct tardisk_xattr *xattr);

/* The seek table at the end of a tardisk file. */
#define TARDISK_SEEK_FOOTER 9u	  /* bytes: frame count, descriptor, magic */
#define TARDISK_MAX_FRAMES 65537u /* TARDISK_MAX_SIZE in the smallest frames */
#define TARDISK_PACKED(frame) ((frame) + ((frame) >> 8)) /* bytes of one frame, at most */
#define TARDISK_MAX_PACKED TARDISK_PACKED(TARDISK_FRAME)

struct tardisk_frame {
	uint64_t offset; /* in the file */
	uint32_t packed; /* compressed bytes, 1 to TARDISK_MAX_PACKED */
	uint32_t size;	 /* content bytes, 1 to TARDISK_FRAME */
};

struct tardisk_seek {
	const unsigned char *table; /* first record */
	uint32_t frames;
	uint32_t bytes;	  /* of the whole skippable frame, header and footer included */
	uint64_t packed;  /* bytes of all frames: where the digest list begins */
	uint32_t digests; /* bytes between the frames and the table: digest list, manifest */
};

/* From the last TARDISK_SEEK_FOOTER bytes: how many bytes the table has. 0 and *bytes, or -1. */
int tardisk_seek_size(const void *footer, uint64_t file_size, uint32_t *bytes,
		      struct tardisk_error *error);

/*
 * Checks the whole table (bytes from tardisk_seek_size()) against the file's
 * size. 0 or -1. Then frames are walked with *cursor = 0 and a zeroed *frame: 1, or 0 at
 * the end; *frame must be kept between the calls.
 */
int tardisk_seek_init(struct tardisk_seek *seek, const void *table, uint32_t bytes,
		      uint64_t file_size, struct tardisk_error *error);
int tardisk_seek_next(const struct tardisk_seek *seek, uint32_t *cursor,
		      struct tardisk_frame *frame);

/*
 * Checks the frames against the volume header: each area is in frames of its
 * own, all of them full but the last of an area, none packed to more than
 * TARDISK_PACKED(volume->frame). 0 and how many frames the header area has, or -1.
 */
int tardisk_seek_match(const struct tardisk_seek *seek, const struct tardisk_volume *volume,
		       uint32_t *header_frames, struct tardisk_error *error);

/*
 * The digest list between the frames and the seek table. The parser computes
 * no digests: whoever reads a tardisk has a SHA-256 of his own, and compares
 * that of what is covered with the stated root hash.
 */
#define TARDISK_DIGEST 32u	  /* bytes of a SHA-256 */
#define TARDISK_CHUNK (64u << 10) /* bytes of the data area that one digest is for */
#define TARDISK_DIGESTS_WRAP 8u	  /* bytes of the skippable frame's header */
#define TARDISK_DIGESTS_HEADER 48u
#define TARDISK_MAX_CHUNKS 65536u
#define TARDISK_MANIFEST 208u /* bytes of a manifest, and the most that a signature has: */
#define TARDISK_SIGNATURE_MAX (16u << 10)
#define TARDISK_SIGNED_MAX (TARDISK_DIGESTS_WRAP + TARDISK_MANIFEST + TARDISK_SIGNATURE_MAX)
#define TARDISK_MAX_DIGESTS /* the list, and what stands behind it */ \
	(TARDISK_DIGESTS_WRAP + TARDISK_DIGESTS_HEADER +              \
	 (TARDISK_MAX_FRAMES + TARDISK_MAX_CHUNKS + 1) * TARDISK_DIGEST + TARDISK_SIGNED_MAX)

struct tardisk_digests {
	const unsigned char *covered; /* header and both lists: the root hash is over these */
	uint32_t covered_len;
	uint32_t frames;
	uint32_t chunks;
	const unsigned char *frame; /* digests of the packed frames, TARDISK_DIGEST bytes each */
	const unsigned char *chunk; /* of the chunks of the data area */
	const unsigned char *root;  /* root hash as stated */
	uint32_t headers;	    /* bytes of the header area */
	uint64_t size;		    /* bytes of both areas */
	/* The skippable frame of manifest and signature (manifest.h), not looked into. */
	const unsigned char *manifest;
	uint32_t manifest_len; /* 0: the tardisk is not signed */
};

/*
 * Checks the list against the seek table. The seek->digests bytes from offset
 * seek->packed of the file on are the list, and behind it the manifest, if
 * there is one. 0 or -1.
 */
int tardisk_digests_init(struct tardisk_digests *digests, const void *list,
			 const struct tardisk_seek *seek, struct tardisk_error *error);

/* Checks what the list says about sizes against the volume header. 0 or -1. */
int tardisk_digests_match(const struct tardisk_digests *digests, const struct tardisk_seek *seek,
			  const struct tardisk_volume *volume, struct tardisk_error *error);

/* Bytes of chunk number n: the last one may be shorter. n must be below digests->chunks. */
uint32_t tardisk_chunk_size(const struct tardisk_digests *digests, uint32_t n);

#endif
