// SPDX-License-Identifier: Apache-2.0
#include "boot_source_url.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "fetch.h"
#include "internal.h"

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
	if (bootcfg_parse(text, (size_t)len, &s->cfg, e) < 0)
		return err_wrap(e, "%s", url);
	if (!s->cfg.has_digests || !*s->cfg.build || !*s->cfg.kernel)
		return err_set(e, ERR_INVALID,
			       "%s: names no kernel, no build or no digests: it cannot be "
			       "installed",
			       url);
	return 0;
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
	if (read_cfg(s, e) < 0)
		return -1;
	for (size_t i = 0; bootcfg_file(&s->cfg, i); i++)
		if (measure(s, i, e) < 0)
			return -1;
	return 0;
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
