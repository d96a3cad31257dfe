// SPDX-License-Identifier: Apache-2.0
#include "source_url.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "source_cfg.h"
#include "userworld/core/fetch/fetch.h"
#include "userworld/core/internal.h"

#define URL_MAX (BOOT_SOURCE_URL + FAT_NAME)

static int open_file(const struct boot_source *s, const char *name, struct fetch **f,
		     char url[static URL_MAX], struct err *e)
{
	snprintf(url, URL_MAX, "%s%s", s->folder, name);
	return fetch_open(f, url, e);
}

static int broken(const char *url, struct err *e)
{
	return err_set(e, ERR_UNAVAILABLE, "%s: %s", url, strerror(errno));
}

static int read_cfg(struct boot_source *s, struct err *e)
{
	_cleanup_fetch_ struct fetch *f = NULL;
	_cleanup_free_ char *text = malloc(BOOTCFG_MAX + 1);
	char url[URL_MAX];
	ssize_t len;

	if (!text)
		return core_nomem(e);
	if (open_file(s, BOOTCFG_FILE, &f, url, e) < 0)
		return -1;
	len = fetch_fill(f, text, BOOTCFG_MAX + 1);
	if (len < 0)
		return broken(url, e);
	if (len > BOOTCFG_MAX)
		return err_set(e, ERR_INVALID, "%s: is larger than %d bytes", url, BOOTCFG_MAX);
	return boot_source_cfg(s, text, (size_t)len, e);
}

/* The server says how large a file is: whether it fits is known before anything is written. */
static int measure(struct boot_source *s, size_t i, struct err *e)
{
	_cleanup_fetch_ struct fetch *f = NULL;
	char url[URL_MAX];
	uint64_t size;

	if (open_file(s, bootcfg_file(&s->cfg, i), &f, url, e) < 0)
		return -1;
	size = fetch_file(f)->size;
	if (size == 0 || size > UINT32_MAX)
		return err_set(e, ERR_INVALID, "%s: the server does not tell its size", url);
	s->sizes[i] = (uint32_t)size;
	return 0;
}

int boot_source_url(struct boot_source *s, const char *url, struct err *e)
{
	const char *path = strstr(url, "://");
	const char *end = path ? strrchr(path + 3, '/') : NULL;
	size_t len = end ? (size_t)(end + 1 - url) : strlen(url);

	s->bank = -1;
	if (!fetch_is_url(url))
		return err_set(e, ERR_INVALID,
			       "%s: the image can be fetched by http:// or https:// only: say "
			       "from where",
			       url);
	if (len + 2 > sizeof(s->folder))
		return err_set(e, ERR_INVALID, "%.64s...: is too long", url);
	snprintf(s->folder, sizeof(s->folder), "%.*s%s", (int)len, url, end ? "" : "/");
	return read_cfg(s, e) < 0 ? -1 : boot_source_measure(s, measure, e);
}

int boot_source_fetch(struct boot_source *s, size_t i, struct bank_write *w, struct err *e)
{
	_cleanup_fetch_ struct fetch *f = NULL;
	uint64_t left = s->sizes[i];
	char url[URL_MAX];
	ssize_t n;

	if (open_file(s, bootcfg_file(&s->cfg, i), &f, url, e) < 0)
		return -1;
	while ((n = fetch_read(f, s->buf, sizeof(s->buf))) > 0) {
		if ((uint64_t)n > left)
			return err_set(e, ERR_INVALID, "%s: has changed meanwhile", url);
		left -= (uint64_t)n;
		if (bank_write_add(w, s->buf, (size_t)n, e) < 0)
			return -1;
	}
	if (n < 0)
		return broken(url, e);
	return left ? err_set(e, ERR_INVALID, "%s: has changed meanwhile", url) : 0;
}

struct boot_source_reader {
	struct boot_source source;
	struct fetch *f;
	size_t file;
	uint32_t at; /* of the next byte that comes */
};

int boot_source_reader_open(struct boot_source_reader **out, const char *url, struct err *e)
{
	struct boot_source_reader *r = calloc(1, sizeof(*r));

	if (!r)
		return core_nomem(e);
	if (boot_source_url(&r->source, url, e) < 0) {
		free(r);
		return -1;
	}
	*out = r;
	return 0;
}

void boot_source_reader_close(struct boot_source_reader *r)
{
	if (r)
		fetch_close(r->f);
	free(r);
}

static int reopen(struct boot_source_reader *r, size_t file, char url[static URL_MAX],
		  struct err *e)
{
	fetch_close(r->f);
	r->f = NULL;
	r->file = file;
	r->at = 0;
	return open_file(&r->source, bootcfg_file(&r->source.cfg, file), &r->f, url, e);
}

int boot_source_read(void *context, const char *digest, void *buf, size_t len, uint32_t at,
		     struct err *e)
{
	struct boot_source_reader *r = context;
	char url[URL_MAX] = "the image";
	size_t file = 0;
	ssize_t n;

	while (file <= r->source.cfg.n_modules && strcmp(r->source.cfg.digests[file], digest) != 0)
		file++;
	if (file > r->source.cfg.n_modules)
		return err_set(e, ERR_NOT_FOUND, "%s has no such file", r->source.folder);
	if (at == 0 && reopen(r, file, url, e) < 0)
		return -1;
	if (!r->f || file != r->file || at != r->at)
		return err_set(e, ERR_INVALID, "%s: is read from its beginning only", url);
	n = fetch_fill(r->f, buf, len);
	if (n != (ssize_t)len)
		return n < 0 ? broken(url, e) : err_set(e, ERR_INVALID, "%s: is shorter", url);
	r->at += (uint32_t)len;
	return 0;
}
