// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * Reader of a tardisk's manifest. It has one form only: 208 bytes, every bit
 * with a meaning, so that what was signed can be read in one way.
 */
#include "manifest.h"
#include "le.h"

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

#define MAGIC_TEXT "VISORMAN"
#define VERSION_NUMBER 1u
#define SETUID_BITS 06000u

/* Where the fields lie, from the start of the manifest. */
enum {
	MAGIC = 0,
	VERSION = 8,
	LEVEL = 12,
	MAY = 16,
	HEADERS = 20,
	PACKED = 24,
	SIZE = 32,
	UNUSED = 40,
	ROOT = 48,
	NAME = 80,
	RELEASE = 144,
};

static int refuse(struct tardisk_error *error, uint64_t offset, const char *what)
{
	error->offset = offset;
	error->field = "manifest";
	error->what = what;
	return -1;
}

static bool char_ok(char c)
{
	return c > ' ' && c <= '~' && c != '/';
}

bool tardisk_manifest_text_ok(const char *text)
{
	uint32_t n = 0;

	while (n < TARDISK_MANIFEST_TEXT && char_ok(text[n]))
		n++;
	return n && n < TARDISK_MANIFEST_TEXT && !text[n];
}

/* Text, and zeros to the end of the field. */
static bool field_ok(const unsigned char *p)
{
	const char *text = (const char *)p;
	uint32_t i;

	if (p[TARDISK_MANIFEST_TEXT - 1] || !tardisk_manifest_text_ok(text))
		return false;
	for (i = (uint32_t)strlen(text); i < TARDISK_MANIFEST_TEXT; i++)
		if (p[i])
			return false;
	return true;
}

static int check_frame(const unsigned char *p, uint32_t len, uint64_t at,
		       struct tardisk_error *error)
{
	if (len <= TARDISK_MANIFEST_WRAP + TARDISK_MANIFEST)
		return refuse(error, at, "is too short for a manifest and its signature");
	if (len > TARDISK_SIGNED_MAX)
		return refuse(error, at, "has a signature longer than 16 KiB");
	if (le_get32(p) != TARDISK_MANIFEST_MAGIC)
		return refuse(error, at, "has a wrong magic");
	if (le_get32(p + 4) != len - TARDISK_MANIFEST_WRAP)
		return refuse(error, at + 4, "has a wrong size");
	return 0;
}

static int check_fields(const unsigned char *p, uint64_t at, struct tardisk_error *error)
{
	if (memcmp(p + MAGIC, MAGIC_TEXT, 8))
		return refuse(error, at + MAGIC, "has a wrong magic");
	if (le_get32(p + VERSION) != VERSION_NUMBER)
		return refuse(error, at + VERSION, "has a version other than 1");
	if (le_get32(p + LEVEL) < TARDISK_COMMUNITY || le_get32(p + LEVEL) > TARDISK_CERTIFIED)
		return refuse(error, at + LEVEL, "has an acceptance level out of range");
	if (le_get32(p + MAY) & ~TARDISK_MAY_ALL)
		return refuse(error, at + MAY, "has unknown permissions");
	if (le_get64(p + UNUSED))
		return refuse(error, at + UNUSED, "has bytes without meaning");
	if (!field_ok(p + NAME))
		return refuse(error, at + NAME, "has a name that is none");
	if (!field_ok(p + RELEASE))
		return refuse(error, at + RELEASE, "has a version that is none");
	return 0;
}

int tardisk_manifest_init(struct tardisk_manifest *m, const void *frame, uint32_t len, uint64_t at,
			  struct tardisk_error *error)
{
	const unsigned char *p = frame;

	if (check_frame(p, len, at, error))
		return -1;
	p += TARDISK_MANIFEST_WRAP;
	if (check_fields(p, at + TARDISK_MANIFEST_WRAP, error))
		return -1;
	m->bytes = p;
	m->signature = p + TARDISK_MANIFEST;
	m->signature_len = len - TARDISK_MANIFEST_WRAP - TARDISK_MANIFEST;
	m->level = le_get32(p + LEVEL);
	m->may = le_get32(p + MAY);
	m->headers = le_get32(p + HEADERS);
	m->packed = le_get64(p + PACKED);
	m->size = le_get64(p + SIZE);
	m->root = p + ROOT;
	m->name = (const char *)p + NAME;
	m->version = (const char *)p + RELEASE;
	return 0;
}

const char *tardisk_manifest_fault(const struct tardisk_manifest *m,
				   const struct tardisk_digests *digests,
				   const struct tardisk_seek *seek)
{
	if (memcmp(m->root, digests->root, TARDISK_DIGEST))
		return "is of a tardisk with another root hash";
	if (m->packed != seek->packed || m->size != digests->size || m->headers != digests->headers)
		return "is of a tardisk of another size";
	return NULL;
}

bool tardisk_manifest_names(const struct tardisk_manifest *m, const char *name)
{
	size_t len = strlen(m->name);

	if (strncmp(name, m->name, len))
		return false;
	name += len;
	if (!*name)
		return true;
	return name[0] == '.' && name[1] == 'v' && name[2] >= '0' && name[2] <= '9' &&
	       name[3] >= '0' && name[3] <= '9' && !name[4];
}

uint32_t tardisk_entry_needs(const struct tardisk_entry *entry)
{
	static const char capability[] = "security.capability";
	struct tardisk_xattr x;
	uint32_t cursor = 0;

	if (entry->type == TARDISK_CHAR || entry->type == TARDISK_BLOCK)
		return TARDISK_MAY_DEVICES;
	if (entry->type == TARDISK_FILE && entry->mode & SETUID_BITS)
		return TARDISK_MAY_SETUID;
	while (tardisk_next_xattr(entry, &cursor, &x))
		if (x.name_len == sizeof(capability) - 1 && !memcmp(x.name, capability, x.name_len))
			return TARDISK_MAY_SETUID;
	return 0;
}

const char *tardisk_level_name(uint32_t level)
{
	static const char *const names[] = { "unsigned", "community", "partner", "accepted",
					     "certified" };

	return level < TARDISK_LEVELS ? names[level] : "unknown";
}
