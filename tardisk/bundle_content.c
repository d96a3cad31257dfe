// SPDX-License-Identifier: Apache-2.0
#include "bundle_content.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "cleanup.h"
#include "conf.h"
#include "index.h"
#include "manifest.h"
#include "sha256.h"

#define SBOM_MAX (64u << 20)

struct bundle_content {
	char *name;
	const struct bundle_descriptor *d;
	bool *found; /* per element of d->files */
};

/* The payload at hand. */
struct payload {
	struct bundle_content *c;
	const char *name; /* of the payload */
	struct tardisk_file *t;
	struct tardisk_index index;
};

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **find(const struct bundle_strings *list, const char *path)
{
	return list->n ? bsearch(&path, list->items, list->n, sizeof(*list->items), by_text) : NULL;
}

static int refuse(const struct payload *p, const char *path, const char *what, struct err *e)
{
	return err_set(e, ERR_INVALID, "%.120s: %s: %.250s: %s", p->c->name, p->name, path, what);
}

/*
 * Set-user-ID, set-group-ID or a file capability: it runs with more than its
 * caller's rights, by each of its names.
 */
static bool is_privileged(const struct payload *p, const struct tardisk_entry *entry)
{
	if (entry->type == TARDISK_HARDLINK)
		entry = tardisk_index_find(&p->index, entry->link, entry->link_len);
	return tardisk_entry_needs(entry) & TARDISK_MAY_SETUID;
}

static bool is_hook(const struct bundle_descriptor *d, const char *path)
{
	return !strcmp(path, d->hooks.post_install) || !strcmp(path, d->hooks.pre_remove);
}

static int check_entry(const struct payload *p, const struct tardisk_entry *entry, struct err *e)
{
	_cleanup_free_ char *path = strndup(entry->path, entry->path_len);
	const struct bundle_descriptor *d = p->c->d;
	char **place;

	if (!path)
		return err_sys(e, ENOMEM, "%.120s", p->c->name);
	if (entry->type == TARDISK_DIR)
		return 0;
	if (entry->type == TARDISK_CHAR || entry->type == TARDISK_BLOCK)
		return refuse(p, path, "is a device, which no bundle may have", e);
	place = find(&d->files, path);
	if (!place)
		return refuse(p, path, "is not in \"files\"", e);
	p->c->found[place - d->files.items] = true;
	if (is_privileged(p, entry) && !find(&d->setuid, path))
		return refuse(p, path, "runs with other rights, but is not in \"setuid\"", e);
	if (is_hook(d, path) && (entry->type != TARDISK_FILE || !(entry->mode & 0100)))
		return refuse(p, path, "is in \"hooks\", but is no program", e);
	return 0;
}

/* Content of a regular file of at most max bytes: *text with a NUL behind, NULL if it is not here.
 */
static int read_file(const struct payload *p, const char *path, uint64_t max, char **text,
		     uint64_t *len, struct err *e)
{
	const struct tardisk_entry *entry = tardisk_index_find(&p->index, path, strlen(path));
	struct tardisk_cursor cursor = { NULL, 0 };
	const unsigned char *data;
	int got = 0;

	*text = NULL;
	if (!entry)
		return 0;
	if (entry->type != TARDISK_FILE || entry->size > max)
		return refuse(p, path, "is too large or no regular file", e);
	*text = calloc(1, entry->size + 1);
	if (!*text)
		return err_sys(e, ENOMEM, "%.120s: %.250s", p->c->name, path);
	for (*len = 0; *len < entry->size; *len += (uint64_t)got) {
		got = tardisk_file_data(p->t, &cursor, entry->data + *len, entry->size - *len,
					&data, e);
		if (got < 0)
			break;
		memcpy(*text + *len, data, (size_t)got);
	}
	free(cursor.frame);
	return got < 0 ? -1 : 0;
}

static int check_contract(const struct payload *p, const struct bundle_contract *contract,
			  struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[128], name[400];
	uint64_t len = 0;

	snprintf(path, sizeof(path), BUNDLE_WORLD_CONF, contract->world);
	if (read_file(p, path, CONF_FILE_MAX, &text, &len, e))
		return -1;
	if (!text)
		return 0;
	if (strlen(text) != len)
		return refuse(p, path, "has a NUL byte", e);
	snprintf(name, sizeof(name), "%.120s: %s: %s", p->c->name, p->name, path);
	return bundle_contract_check(contract, name, text, e);
}

static int check_sbom(const struct payload *p, struct err *e)
{
	const struct bundle_sbom *sbom = &p->c->d->sbom;
	_cleanup_free_ char *text = NULL;
	struct sha256 sum = SHA256_INIT;
	char hex[SHA256_HEX];
	uint64_t len = 0;
	int rc;

	if (!*sbom->path)
		return 0;
	if (read_file(p, sbom->path, SBOM_MAX, &text, &len, e))
		return -1;
	if (!text)
		return 0;
	rc = sha256_start(&sum, e) || sha256_add(&sum, text, len, e) || sha256_end(&sum, hex, e);
	sha256_free(&sum);
	if (!rc && strcmp(hex, sbom->sha256))
		return refuse(p, sbom->path, "has not the digest that \"sbom\" states", e);
	return rc ? -1 : 0;
}

/* What it unpacks to by its seek table, before anything is unpacked. */
static int stated_size(const struct payload *p, int fd, uint64_t *size, struct err *e)
{
	off_t end = lseek(fd, 0, SEEK_END);
	unsigned char footer[TARDISK_SEEK_FOOTER];
	_cleanup_free_ unsigned char *table = NULL;
	struct tardisk_frame frame = { 0 };
	struct tardisk_error error = { 0 };
	struct tardisk_seek seek;
	uint32_t bytes, cursor = 0;

	*size = 0;
	if (end < (off_t)sizeof(footer) ||
	    pread(fd, footer, sizeof(footer), end - (off_t)sizeof(footer)) !=
		    (ssize_t)sizeof(footer) ||
	    tardisk_seek_size(footer, (uint64_t)end, &bytes, &error))
		return refuse(p, "seek table", "is missing", e);
	table = malloc(bytes);
	if (!table)
		return err_sys(e, ENOMEM, "%.120s", p->c->name);
	if (pread(fd, table, bytes, end - (off_t)bytes) != (ssize_t)bytes ||
	    tardisk_seek_init(&seek, table, bytes, (uint64_t)end, &error))
		return refuse(p, "seek table", error.what ? error.what : "cannot be read", e);
	while (tardisk_seek_next(&seek, &cursor, &frame))
		*size += frame.size;
	return 0;
}

static int check_size(const struct payload *p, const struct bundle_payload *stated, int fd,
		      struct err *e)
{
	uint64_t size;

	if (stated_size(p, fd, &size, e))
		return -1;
	if (size == stated->content_size)
		return 0;
	return err_set(e, ERR_INVALID,
		       "%.120s: %s: content_size: is %" PRIu64 ", the descriptor says %" PRIu64,
		       p->c->name, p->name, size, stated->content_size);
}

static int check_root(const struct payload *p, const struct bundle_payload *stated, struct err *e)
{
	if (!strcmp(p->t->root_hash, stated->root_hash))
		return 0;
	return err_set(e, ERR_INVALID, "%.120s: %s: root_hash: is %s, the descriptor says %s",
		       p->c->name, p->name, p->t->root_hash, stated->root_hash);
}

static int check_whole(const struct payload *p, const struct bundle_payload *stated, struct err *e)
{
	char hex[SHA256_HEX];

	if (tardisk_check(p->t, e) || tardisk_file_digest(p->t, hex, e))
		return -1;
	if (!strcmp(hex, stated->content_sha256))
		return 0;
	return err_set(e, ERR_INVALID, "%.120s: %s: content_sha256: is %s, the descriptor says %s",
		       p->c->name, p->name, hex, stated->content_sha256);
}

static int check_opened(const struct payload *p, struct err *e)
{
	const struct bundle_descriptor *d = p->c->d;

	for (size_t k = 0; k < p->index.n; k++)
		if (check_entry(p, &p->index.entries[k], e))
			return -1;
	for (size_t k = 0; k < d->n_contracts; k++)
		if (check_contract(p, &d->contracts[k], e))
			return -1;
	return check_sbom(p, e);
}

int bundle_content_add(struct bundle_content *c, size_t i, int fd, bool whole, struct err *e)
{
	const struct bundle_payload *stated = &c->d->payloads[i];
	struct tardisk_file t;
	struct payload p = { .c = c, .name = stated->name, .t = &t };
	char name[200];
	int rc;

	/* A file of a bank: the loader, the kernel and stage 0 know what is in it. */
	if (stated->boot)
		return 0;
	if (check_size(&p, stated, fd, e))
		return -1;
	snprintf(name, sizeof(name), "%.120s: %s", c->name, stated->name);
	if (tardisk_file_open(&t, name, fd, e))
		return -1;
	rc = check_root(&p, stated, e);
	if (!rc && whole)
		rc = check_whole(&p, stated, e);
	if (!rc)
		rc = tardisk_index_load(&t, &p.index, e);
	if (!rc)
		rc = check_opened(&p, e);
	free(p.index.entries);
	tardisk_file_close(&t);
	return rc ? -1 : 0;
}

int bundle_content_end(struct bundle_content *c, struct err *e)
{
	const struct bundle_descriptor *d = c->d;
	char conf[128];

	for (size_t i = 0; i < d->files.n; i++)
		if (!c->found[i])
			return err_set(e, ERR_INVALID,
				       "%.120s: files[%zu]: %.250s: is in no payload", c->name, i,
				       d->files.items[i]);
	for (size_t i = 0; i < d->services.n; i++) {
		snprintf(conf, sizeof(conf), BUNDLE_WORLD_CONF, d->services.items[i]);
		if (!find(&d->files, conf))
			return err_set(e, ERR_INVALID,
				       "%.120s: services[%zu]: %s is not in \"files\"", c->name, i,
				       conf);
	}
	return 0;
}

int bundle_content_start(struct bundle_content **out, const char *name,
			 const struct bundle_descriptor *d, struct err *e)
{
	struct bundle_content *c = calloc(1, sizeof(*c));

	if (!c || !(c->name = strdup(name)) ||
	    !(c->found = calloc(d->files.n + 1, sizeof(*c->found)))) {
		bundle_content_free(c);
		return err_sys(e, ENOMEM, "%.120s", name);
	}
	c->d = d;
	*out = c;
	return 0;
}

void bundle_content_free(struct bundle_content *c)
{
	if (!c)
		return;
	free(c->name);
	free(c->found);
	free(c);
}
