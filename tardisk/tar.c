// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * Reader of the entries of a tardisk's header area. Every rule that concerns
 * one entry is enforced here, so that the kernel, the tools and the fuzzers
 * cannot differ.
 */
#include "le.h"
#include "raw.h"

#define XATTR_PREFIX_LEN ((uint32_t)sizeof(TARDISK_XATTR) - 1)

/* A string that fills its field or ends in zeros. */
static bool get_string(const unsigned char *p, uint32_t len, const char **s, uint32_t *s_len)
{
	uint32_t n = 0;

	while (n < len && p[n])
		n++;
	*s = (const char *)p;
	*s_len = n;
	return tardisk_all_zero(p + n, len - n);
}

int tardisk_reader_init(struct tardisk_reader *r, const void *base, uint32_t len)
{
	memset(r, 0, sizeof(*r));
	r->base = base;
	r->len = len;
	if (tardisk_read_volume(base, len, &r->volume, &r->error))
		return -1;
	if (r->volume.headers != len)
		return tardisk_refuse(&r->error, TARDISK_BLOCK, "VISOR.headers",
				      "not the size of the header area");
	r->pos = TARDISK_VOLUME_MIN;
	r->left = r->volume.entries;
	r->data = r->volume.headers;
	return 0;
}

const char *tardisk_path_fault(const char *path, uint32_t len)
{
	uint32_t start = 0, i, n;

	if (!len || len > TARDISK_PATH_MAX)
		return "is empty or longer than 4095 bytes";
	while (start <= len) {
		for (i = start; i < len && path[i] != '/'; i++)
			if (!path[i])
				return "has a NUL byte";
		n = i - start;
		if (!n)
			return "has a leading, double or trailing slash";
		if (n > TARDISK_COMPONENT_MAX)
			return "has a component longer than 255 bytes";
		if (path[start] == '.' && (n == 1 || (n == 2 && path[start + 1] == '.')))
			return "has a component . or ..";
		start = i + 1;
	}
	return NULL;
}

static bool is_xattr(const struct tardisk_record *rec)
{
	return rec->name_len > XATTR_PREFIX_LEN &&
	       !memcmp(rec->name, TARDISK_XATTR, XATTR_PREFIX_LEN);
}

/* Names of xattrs must ascend, so that none comes twice. *last is the one before. */
static const char *xattr_fault(const struct tardisk_record *rec, struct tardisk_record *last)
{
	uint32_t common = rec->name_len < last->name_len ? rec->name_len : last->name_len;
	int order;

	if (rec->name_len - XATTR_PREFIX_LEN > TARDISK_XATTR_NAME_MAX)
		return "has a name longer than 255 bytes";
	if (rec->value_len > TARDISK_XATTR_SIZE_MAX)
		return "has a value longer than 65536 bytes";
	order = last->name ? memcmp(last->name, rec->name, common) : -1;
	if (order > 0 || (!order && last->name_len >= rec->name_len))
		return "is not in byte order of the names";
	*last = *rec;
	return NULL;
}

static int read_pax_record(const struct tardisk_record *rec, struct tardisk_record *last_xattr,
			   uint64_t at, struct tardisk_entry *entry, struct tardisk_error *error)
{
	const char *fault;

	if (tardisk_record_is(rec, "path")) {
		if (entry->path || !rec->value_len)
			return tardisk_refuse(error, at, "path", "twice or empty");
		entry->path = rec->value;
		entry->path_len = rec->value_len;
	} else if (tardisk_record_is(rec, "linkpath")) {
		if (entry->link || !rec->value_len)
			return tardisk_refuse(error, at, "linkpath", "twice or empty");
		entry->link = rec->value;
		entry->link_len = rec->value_len;
	} else if (is_xattr(rec)) {
		fault = xattr_fault(rec, last_xattr);
		if (fault)
			return tardisk_refuse(error, at, "xattr", fault);
	} else if (rec->name_len > 6 && !memcmp(rec->name, "VISOR.", 6)) {
		return tardisk_refuse(error, at, "record VISOR.", "unknown");
	}
	return 0;
}

/* The header at r->pos is a pax header: checks it, notes what it says, steps over it. */
static int read_pax(struct tardisk_reader *r, struct tardisk_entry *entry)
{
	const unsigned char *h = r->base + r->pos;
	struct tardisk_record rec, last_xattr = { 0 };
	uint32_t at, size, cursor = 0;
	int more;

	if (tardisk_check_records_header(h, r->pos, TARDISK_MAX_PAX, &size, &r->error))
		return -1;
	at = r->pos + TARDISK_BLOCK;
	/* A header of the entry must follow. */
	if (r->len - at < tardisk_round(size, TARDISK_BLOCK) + TARDISK_BLOCK)
		return tardisk_refuse(&r->error, r->pos, "size",
				      "beyond the end of the header area");
	entry->pax = (const char *)r->base + at;
	entry->pax_len = size;
	while ((more = tardisk_next_record(entry->pax, size, &cursor, &rec)) > 0)
		if (read_pax_record(&rec, &last_xattr, at, entry, &r->error))
			return -1;
	if (more < 0)
		return tardisk_refuse(&r->error, at + cursor, "record", "malformed");
	if (!tardisk_all_zero(r->base + at + size, tardisk_round(size, TARDISK_BLOCK) - size))
		return tardisk_refuse(&r->error, at + size, "padding", "not zero");
	r->pos = at + tardisk_round(size, TARDISK_BLOCK);
	return 0;
}

static int read_numbers(const unsigned char *h, struct tardisk_entry *entry,
			struct tardisk_error *error)
{
	uint64_t mode, uid, gid, mtime;

	if (!tardisk_get_octal(h + MODE, ID_LEN, &mode) || mode > 07777)
		return tardisk_refuse(error, entry->at, "mode", "malformed or out of range");
	if (!tardisk_get_octal(h + UID, ID_LEN, &uid))
		return tardisk_refuse(error, entry->at, "uid", "malformed");
	if (!tardisk_get_octal(h + GID, ID_LEN, &gid))
		return tardisk_refuse(error, entry->at, "gid", "malformed");
	if (!tardisk_get_octal(h + SIZE, LONG_LEN, &entry->size))
		return tardisk_refuse(error, entry->at, "size", "malformed");
	if (!tardisk_get_octal(h + MTIME, LONG_LEN, &mtime))
		return tardisk_refuse(error, entry->at, "mtime", "malformed");
	entry->mtime_ns = le_get32(h + MTIME_NS);
	if (entry->mtime_ns >= TARDISK_NS_PER_SECOND)
		return tardisk_refuse(error, entry->at, "mtime_ns", "out of range");
	entry->mode = (uint32_t)mode;
	entry->uid = (uint32_t)uid;
	entry->gid = (uint32_t)gid;
	entry->mtime = (int64_t)mtime;
	return 0;
}

static int read_type(const unsigned char *h, struct tardisk_entry *entry,
		     struct tardisk_error *error)
{
	uint64_t major = 0, minor = 0;

	if (h[TYPE] < TARDISK_FILE || h[TYPE] > TARDISK_FIFO)
		return tardisk_refuse(error, entry->at, "type", "unknown or not allowed here");
	entry->type = (enum tardisk_type)h[TYPE];
	if (entry->type == TARDISK_CHAR || entry->type == TARDISK_BLOCK) {
		if (!tardisk_get_octal(h + DEVMAJOR, ID_LEN, &major) || major > TARDISK_MAX_MAJOR)
			return tardisk_refuse(error, entry->at, "devmajor",
					      "malformed or out of range");
		if (!tardisk_get_octal(h + DEVMINOR, ID_LEN, &minor) || minor > TARDISK_MAX_MINOR)
			return tardisk_refuse(error, entry->at, "devminor",
					      "malformed or out of range");
	} else if (!tardisk_all_zero(h + DEVMAJOR, 2 * ID_LEN)) {
		return tardisk_refuse(error, entry->at, "devmajor",
				      "not empty, but this is no device");
	}
	entry->major = (uint32_t)major;
	entry->minor = (uint32_t)minor;
	return 0;
}

/* Name and link target: in the header, or in the records read before it. */
static int read_names(const unsigned char *h, struct tardisk_entry *entry,
		      struct tardisk_error *error)
{
	bool wants_link = entry->type == TARDISK_HARDLINK || entry->type == TARDISK_SYMLINK;
	const char *name, *link, *fault;
	uint32_t name_len, link_len;

	if (!get_string(h + NAME, NAME_LEN, &name, &name_len))
		return tardisk_refuse(error, entry->at, "name", "has bytes behind its end");
	if (!get_string(h + LINKNAME, NAME_LEN, &link, &link_len))
		return tardisk_refuse(error, entry->at, "linkname", "has bytes behind its end");
	if (!entry->path) {
		entry->path = name;
		entry->path_len = name_len;
	}
	fault = tardisk_path_fault(entry->path, entry->path_len);
	if (fault)
		return tardisk_refuse(error, entry->at, "path", fault);
	if (!wants_link && (entry->link || link_len))
		return tardisk_refuse(error, entry->at, "linkname",
				      "not empty, but this is no link");
	if (wants_link && !entry->link) {
		entry->link = link;
		entry->link_len = link_len;
	}
	if (entry->type == TARDISK_HARDLINK) {
		fault = tardisk_path_fault(entry->link, entry->link_len);
		if (fault)
			return tardisk_refuse(error, entry->at, "linkname", fault);
	}
	if (entry->type == TARDISK_SYMLINK &&
	    (!entry->link_len || entry->link_len > TARDISK_PATH_MAX ||
	     memchr(entry->link, 0, entry->link_len)))
		return tardisk_refuse(error, entry->at, "linkname",
				      "is empty, longer than 4095 bytes or has a NUL byte");
	return 0;
}

/* Where the content lies: right behind that of the file before. */
static int read_content(struct tardisk_reader *r, const unsigned char *h,
			struct tardisk_entry *entry)
{
	if (entry->type != TARDISK_FILE && entry->size)
		return tardisk_refuse(&r->error, entry->at, "size", "not 0, but this is no file");
	entry->data = le_get32(h + OFFSET);
	if (!entry->size)
		return entry->data ? tardisk_refuse(&r->error, entry->at, "offset",
						    "not 0, but there is no content")
				   : 0;
	if (entry->data != r->data)
		return tardisk_refuse(&r->error, entry->at, "offset",
				      "not where the contents before it end");
	if (entry->size > r->volume.size - r->data)
		return tardisk_refuse(&r->error, entry->at, "size", "beyond VISOR.size");
	/* Both ends are page borders, so this stays within VISOR.size. */
	r->data += (entry->size + TARDISK_PAGE - 1) & ~(uint64_t)(TARDISK_PAGE - 1);
	return 0;
}

static int check_order(struct tardisk_reader *r, const struct tardisk_entry *entry)
{
	uint32_t common = r->last_len < entry->path_len ? r->last_len : entry->path_len;
	int order = r->last ? memcmp(r->last, entry->path, common) : -1;

	if (!order && r->last_len == entry->path_len)
		return tardisk_refuse(&r->error, entry->at, "path", "comes twice");
	if (order > 0 || (!order && r->last_len > entry->path_len))
		return tardisk_refuse(&r->error, entry->at, "path", "is not in byte order");
	r->last = entry->path;
	r->last_len = entry->path_len;
	return 0;
}

/* The two zero blocks at r->pos, and zeros up to the page border that ends the area. */
static int read_end(struct tardisk_reader *r)
{
	if (r->left)
		return tardisk_refuse(&r->error, r->pos, "VISOR.entries",
				      "more than there are entries");
	if (r->data != r->volume.size)
		return tardisk_refuse(&r->error, r->pos, "VISOR.size",
				      "not where the last content ends");
	if (r->len - r->pos < 2 * TARDISK_BLOCK)
		return tardisk_refuse(&r->error, r->pos, "end marker", "cut short");
	if (r->len - r->pos - 2 * TARDISK_BLOCK >= TARDISK_PAGE)
		return tardisk_refuse(&r->error, r->pos, "VISOR.headers",
				      "more than a page beyond the end marker");
	if (!tardisk_all_zero(r->base + r->pos, r->len - r->pos))
		return tardisk_refuse(&r->error, r->pos, "end marker", "has bytes behind it");
	return 0;
}

static int read_entry(struct tardisk_reader *r, struct tardisk_entry *entry)
{
	const unsigned char *h = r->base + r->pos;

	entry->at = r->pos;
	if (!r->left)
		return tardisk_refuse(&r->error, entry->at, "VISOR.entries",
				      "fewer than there are entries");
	if (read_type(h, entry, &r->error) || read_numbers(h, entry, &r->error) ||
	    read_names(h, entry, &r->error) || check_order(r, entry) || read_content(r, h, entry))
		return -1;
	r->left--;
	r->pos += TARDISK_BLOCK;
	return 1;
}

int tardisk_next(struct tardisk_reader *r, struct tardisk_entry *entry)
{
	if (r->error.field)
		return -1;
	memset(entry, 0, sizeof(*entry));
	if (r->len - r->pos < TARDISK_BLOCK)
		return tardisk_refuse(&r->error, r->pos, "end marker", "missing");
	if (tardisk_all_zero(r->base + r->pos, TARDISK_BLOCK))
		return read_end(r);
	if (tardisk_check_header(r->base + r->pos, r->pos, &r->error))
		return -1;
	if (r->base[r->pos + TYPE] == 'x') {
		if (read_pax(r, entry))
			return -1;
		if (tardisk_check_header(r->base + r->pos, r->pos, &r->error))
			return -1;
	}
	return read_entry(r, entry);
}

int tardisk_next_xattr(const struct tardisk_entry *entry, uint32_t *cursor,
		       struct tardisk_xattr *xattr)
{
	struct tardisk_record rec;

	while (entry->pax && tardisk_next_record(entry->pax, entry->pax_len, cursor, &rec) > 0) {
		if (!is_xattr(&rec))
			continue;
		xattr->name = rec.name + XATTR_PREFIX_LEN;
		xattr->name_len = rec.name_len - XATTR_PREFIX_LEN;
		xattr->value = rec.value;
		xattr->value_len = rec.value_len;
		return 1;
	}
	return 0;
}
