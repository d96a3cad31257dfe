// SPDX-License-Identifier: Apache-2.0
#include "source_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "file.h"
#include "source_cfg.h"
#include "userworld/core/internal.h"

static int open_file(const struct boot_source *s, const char *name, struct err *e)
{
	char path[CORE_PATH_MAX];
	int fd;

	if (snprintf(path, sizeof(path), "%s/%s", s->dir, name) >= (int)sizeof(path))
		return err_set(e, ERR_INVALID, "%.64s...: is too long", s->dir);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	return fd < 0 ? err_sys(e, errno, "%s%s", s->folder, name) : fd;
}

static int read_cfg(struct boot_source *s, struct err *e)
{
	_cleanup_close_ int fd = open_file(s, BOOTCFG_FILE, e);
	_cleanup_free_ char *text = NULL;
	size_t len;

	if (fd < 0 || file_read_fd(fd, BOOTCFG_FILE, BOOTCFG_MAX, &text, &len, e) < 0)
		return -1;
	return boot_source_cfg(s, text, len, e);
}

static int measure(struct boot_source *s, size_t i, struct err *e)
{
	const char *name = bootcfg_file(&s->cfg, i);
	_cleanup_close_ int fd = open_file(s, name, e);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size == 0 ||
	    st.st_size > UINT32_MAX)
		return err_set(e, ERR_INVALID, "%s%s: is no file that a bank can have", s->folder,
			       name);
	s->sizes[i] = (uint32_t)st.st_size;
	return 0;
}

int boot_source_dir(struct boot_source *s, const char *dir, const char *name, struct err *e)
{
	s->bank = -1;
	if (snprintf(s->dir, sizeof(s->dir), "%s", dir) >= (int)sizeof(s->dir) ||
	    snprintf(s->folder, sizeof(s->folder), "%s/", name) >= (int)sizeof(s->folder))
		return err_set(e, ERR_INVALID, "%.64s...: is too long", name);
	return read_cfg(s, e) < 0 ? -1 : boot_source_measure(s, measure, e);
}

/* What takes the bytes of a file, piece by piece. */
typedef int take_fn(void *context, const void *data, size_t len, struct err *e);

static int read_all(struct boot_source *s, size_t i, take_fn *take, void *context, struct err *e)
{
	const char *name = bootcfg_file(&s->cfg, i);
	_cleanup_close_ int fd = open_file(s, name, e);
	uint32_t left = s->sizes[i];

	if (fd < 0)
		return -1;
	while (left > 0) {
		ssize_t n = read(fd, s->buf, left < sizeof(s->buf) ? left : sizeof(s->buf));

		if (n < 0)
			return err_sys(e, errno, "%s%s", s->folder, name);
		if (n == 0)
			return err_set(e, ERR_INVALID, "%s%s: has changed meanwhile", s->folder,
				       name);
		if (take(context, s->buf, (size_t)n, e) < 0)
			return -1;
		left -= (uint32_t)n;
	}
	return 0;
}

static int to_bank(void *context, const void *data, size_t len, struct err *e)
{
	return bank_write_add(context, data, len, e);
}

int boot_source_dir_file(struct boot_source *s, size_t i, struct bank_write *w, struct err *e)
{
	return read_all(s, i, to_bank, w, e);
}

static int to_sum(void *context, const void *data, size_t len, struct err *e)
{
	return sha256_add(context, data, len, e);
}

int boot_source_dir_check(struct boot_source *s, struct err *e)
{
	for (size_t i = 0; i < s->n_image; i++) {
		_cleanup_(sha256_free) struct sha256 sum = SHA256_INIT;
		char hex[SHA256_HEX];

		if (sha256_start(&sum, e) < 0 || read_all(s, i, to_sum, &sum, e) < 0 ||
		    sha256_end(&sum, hex, e) < 0)
			return -1;
		if (strcmp(hex, s->cfg.digests[i]) != 0)
			return err_set(e, ERR_INVALID, "%s%s: is not what its digest says",
				       s->folder, bootcfg_file(&s->cfg, i));
	}
	return 0;
}

int boot_source_dir_read(void *context, const char *digest, void *buf, size_t len, uint32_t at,
			 struct err *e)
{
	const struct boot_source *s = context;
	_cleanup_close_ int fd = -1;
	size_t i = 0;

	while (i < s->n_image && strcmp(s->cfg.digests[i], digest) != 0)
		i++;
	if (i == s->n_image)
		return err_set(e, ERR_NOT_FOUND, "%s has no such file", s->folder);
	fd = open_file(s, bootcfg_file(&s->cfg, i), e);
	if (fd < 0)
		return -1;
	if (pread(fd, buf, len, at) != (ssize_t)len)
		return err_set(e, ERR_INVALID, "%s%s: is shorter", s->folder,
			       bootcfg_file(&s->cfg, i));
	return 0;
}
