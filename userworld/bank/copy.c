// SPDX-License-Identifier: Apache-2.0
#include "copy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "file.h"

#define STEP 65536u /* bytes copied at once */

int bank_copy_sizes(struct fat *fat, const struct bootcfg *cfg, size_t n, uint32_t *sizes,
		    struct err *e)
{
	struct fat_file file;

	for (size_t i = 0; i < n; i++) {
		if (fat_find(fat, bootcfg_file(cfg, i), &file, e) < 0)
			return -1;
		sizes[i] = file.size;
	}
	return 0;
}

int bank_copy_file(struct fat *fat, const struct bootcfg *cfg, size_t i, struct bank_write *w,
		   struct err *e)
{
	_cleanup_free_ char *buf = malloc(STEP);
	struct fat_file file;

	if (!buf)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (fat_find(fat, bootcfg_file(cfg, i), &file, e) < 0)
		return -1;
	for (uint32_t at = 0, n; at < file.size; at += n) {
		n = file.size - at < STEP ? file.size - at : STEP;
		if (fat_read(fat, &file, at, buf, n, e) < 0 || bank_write_add(w, buf, n, e) < 0)
			return -1;
	}
	return 0;
}

int bank_copy_out(struct fat *fat, const struct bootcfg *cfg, size_t i, int fd, bank_pace_fn *pace,
		  void *context, struct err *e)
{
	_cleanup_(sha256_free) struct sha256 sum = SHA256_INIT;
	_cleanup_free_ char *buf = malloc(STEP);
	char hex[SHA256_HEX];
	struct fat_file file;

	if (!buf)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	if (sha256_start(&sum, e) < 0 || fat_find(fat, bootcfg_file(cfg, i), &file, e) < 0)
		return -1;
	for (uint32_t at = 0, n; at < file.size; at += n) {
		n = file.size - at < STEP ? file.size - at : STEP;
		if (fat_read(fat, &file, at, buf, n, e) < 0 || sha256_add(&sum, buf, n, e) < 0)
			return -1;
		if (fd_write_all(fd, buf, n) < 0)
			return err_sys(e, errno, "copy %s of the bank", file.name);
		if (pace && pace(context, n, e) < 0)
			return -1;
	}
	if (sha256_end(&sum, hex, e) < 0)
		return -1;
	if (strcmp(hex, cfg->digests[i]) == 0)
		return 0;
	return err_set(e, ERR_CONFLICT,
		       "%s of the bank is not good: 'system boot scrub' looks for a good one",
		       file.name);
}
