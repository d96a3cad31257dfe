/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * The manifest of a tardisk and the signature over it, which may stand behind
 * its digest list (docs/tardisk-format.md). Freestanding, as tar.h: the same
 * files are in the kernel module, the tools and the fuzzers.
 */
#ifndef TARDISK_MANIFEST_H
#define TARDISK_MANIFEST_H

#include "tar.h"

#define TARDISK_MANIFEST_MAGIC 0x184D2A5Cu /* of the skippable frame */
#define TARDISK_MANIFEST_WRAP TARDISK_DIGESTS_WRAP
#define TARDISK_MANIFEST_TEXT 64u /* bytes of a name or version, NUL included */

/* Who vouches for it, in rising order (docs/trust.md). */
enum tardisk_acceptance {
	TARDISK_UNSIGNED,
	TARDISK_COMMUNITY,
	TARDISK_PARTNER,
	TARDISK_ACCEPTED,
	TARDISK_CERTIFIED,
};

#define TARDISK_LEVELS 5

/* What it may have. */
#define TARDISK_MAY_SETUID 0x1u	 /* files that run with other rights: modes, capabilities */
#define TARDISK_MAY_DEVICES 0x2u /* device nodes */
#define TARDISK_MAY_ALL 0x3u

/* All pointers are into the frame that was parsed. */
struct tardisk_manifest {
	const unsigned char *bytes; /* TARDISK_MANIFEST of them: what is signed */
	const unsigned char *signature;
	uint32_t signature_len; /* 1 to TARDISK_SIGNATURE_MAX */
	uint32_t level;		/* enum tardisk_acceptance that its signer claims, never unsigned */
	uint32_t may;		/* TARDISK_MAY_* */
	uint32_t headers;	/* as in the digest list, and the next three */
	uint64_t packed;
	uint64_t size;
	const unsigned char *root; /* TARDISK_DIGEST bytes */
	const char *name;	   /* NUL behind both; of printable ASCII, no '/' or space */
	const char *version;
};

/*
 * Takes the skippable frame of len bytes apart: manifest and signature, each
 * field in its range and nothing without meaning. Offsets in errors count from at.
 * Whether the signature is good is not asked. 0 or -1.
 */
int tardisk_manifest_init(struct tardisk_manifest *m, const void *frame, uint32_t len, uint64_t at,
			  struct tardisk_error *error);

/* Is it of the tardisk that has these digests? NULL, or what differs. */
const char *tardisk_manifest_fault(const struct tardisk_manifest *m,
				   const struct tardisk_digests *digests,
				   const struct tardisk_seek *seek);

/* May it be attached under that name: the manifest's own, or with ".v00" to ".v99" behind? */
bool tardisk_manifest_names(const struct tardisk_manifest *m, const char *name);

/* What an entry needs of that: TARDISK_MAY_*, 0 for most. */
uint32_t tardisk_entry_needs(const struct tardisk_entry *entry);

/* "unsigned", "community" ... */
const char *tardisk_level_name(uint32_t level);

/* A field's text is good: 1 to TARDISK_MANIFEST_TEXT - 1 bytes, as in struct tardisk_manifest. */
bool tardisk_manifest_text_ok(const char *text);

#endif
