// SPDX-License-Identifier: Apache-2.0
/* system.boot.spare: the running image in memory, packed as it is on the medium. */
#include "spare.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bank_keep.h"
#include "boot.h"
#include "cleanup.h"
#include "file.h"
#include "pace.h"
#include "source_dir.h"
#include "userworld/bank/copy.h"
#include "userworld/core/internal.h"
#include "userworld/core/lock.h"
#include "userworld/core/system/memory.h"
#include "userworld/core/system/setting.h"
#include "vfsctl.h"

#define LOCK "/run/visoros/spare.lock"
#define NAME "spare"	 /* of the ramdisk */
#define NUMBER "bank"	 /* file with the number of the bank */
#define SLACK (1u << 20) /* bytes of the ramdisk beyond its files */

int boot_spare_admit(enum boot_spare_setting setting, uint64_t bytes, uint64_t total,
		     uint64_t available, struct err *e)
{
	uint64_t needed = bytes + total / SPARE_LEAVE;

	if (setting == SPARE_NEVER)
		return err_set(e, ERR_CONFLICT,
			       "no spare is wanted: the setting " SETTING_SPARE " is 0");
	if (setting == SPARE_AUTO && bytes * SPARE_PART > total)
		return err_set(e, ERR_NO_SPACE,
			       "a spare of %" PRIu64 " MiB is kept by itself on hosts with %" PRIu64
			       " MiB of memory and more, this one has %" PRIu64 "; " SETTING_SPARE
			       " = 2 keeps it all the same",
			       bytes >> 20, bytes * SPARE_PART >> 20, total >> 20);
	if (needed > available)
		return err_set(e, ERR_NO_SPACE,
			       "a spare of %" PRIu64 " MiB needs %" PRIu64
			       " MiB of available memory, there are %" PRIu64,
			       bytes >> 20, needed >> 20, available >> 20);
	return 0;
}

static int read_number(unsigned int *bank, struct err *e)
{
	char path[CORE_PATH_MAX];
	uint64_t n;

	if (core_path(path, e, CORE_RUN, BOOT_SPARE "/" NUMBER) < 0 ||
	    file_read_u64(path, &n, e) < 0)
		return -1;
	if (n >= BANKS)
		return err_set(e, ERR_INVALID, "%s: %" PRIu64 " is no bank", path, n);
	*bank = (unsigned int)n;
	return 0;
}

int boot_spare_open(struct boot_source *s, unsigned int *bank, struct err *e)
{
	char dir[CORE_PATH_MAX];

	if (core_path(dir, e, CORE_RUN, BOOT_SPARE) < 0 || read_number(bank, e) < 0)
		return -1;
	s->running = true;
	return boot_source_dir(s, dir, BOOT_SPARE, e);
}

void boot_spare_drop(void)
{
	char dir[CORE_PATH_MAX], path[CORE_PATH_MAX + NAME_MAX + 1], mount[CORE_PATH_MAX];
	_cleanup_closedir_ DIR *d = NULL;
	struct dirent *entry;

	if (core_path(dir, NULL, CORE_RUN, BOOT_SPARE) < 0 ||
	    core_path(mount, NULL, CORE_ROOT, "/") < 0)
		return;
	d = opendir(dir);
	while (d && (entry = readdir(d))) {
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		if (entry->d_name[0] != '.')
			unlink(path);
	}
	if (d && vfs_ramdisk_remove(mount, NAME, NULL) == 0)
		rmdir(dir);
}

static uint64_t bytes_of(const struct boot_source *s)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < s->n_image; i++)
		bytes += s->sizes[i];
	return bytes;
}

/* What is being kept. */
struct keeping {
	struct banks *banks;
	struct boot_source *from, *now; /* the bank, and the spare that there is already */
	struct boot_pace pace;
};

static void free_keeping(struct keeping *k)
{
	free(k->banks);
	if (k->from)
		boot_source_close(k->from);
	free(k->from);
	free(k->now);
}

/* Is the spare that there is of that image, in that bank? */
static bool is_there(struct keeping *k)
{
	const struct bootcfg *a = &k->now->cfg, *b = &k->from->cfg;
	unsigned int bank;

	return boot_spare_open(k->now, &bank, NULL) == 0 && bank == k->banks->medium.bank &&
	       a->updated == b->updated && k->now->n_image == k->from->n_image &&
	       strcmp(a->options, b->options) == 0 &&
	       memcmp(a->digests, b->digests, k->from->n_image * sizeof(a->digests[0])) == 0;
}

static int make_ramdisk(uint64_t bytes, struct err *e)
{
	char dir[CORE_PATH_MAX];

	if (core_path(dir, e, CORE_RUN, BOOT_SPARE) < 0 || file_make_dirs(dir, e) < 0)
		return -1;
	if (chmod(dir, 0700) < 0)
		return err_sys(e, errno, "%s: chmod", dir);
	return vfs_ramdisk_add(dir, NAME, bytes + SLACK, 0, BOOTCFG_MODULES * 2, e);
}

static int copy_file(struct keeping *k, size_t i, struct err *e)
{
	const char *name = bootcfg_file(&k->from->cfg, i);
	_cleanup_close_ int fd = -1;
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_RUN, BOOT_SPARE "/%s", name) < 0)
		return -1;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_sys(e, errno, "%s", path);
	return bank_copy_out(&k->from->fat, &k->from->cfg, i, fd, boot_pace, &k->pace, e);
}

/* Its boot.cfg comes last: without it there is no spare. */
static int write_config(struct keeping *k, struct err *e)
{
	_cleanup_free_ char *text = malloc(BOOTCFG_MAX);
	char path[CORE_PATH_MAX], number[2] = { (char)('0' + k->banks->medium.bank), '\n' };
	int len;

	if (!text)
		return core_nomem(e);
	len = bootcfg_print(&k->from->cfg, text, BOOTCFG_MAX, e);
	if (len < 0 || core_path(path, e, CORE_RUN, BOOT_SPARE "/" NUMBER) < 0 ||
	    file_write_atomic(path, number, sizeof(number), 0600, e) < 0 ||
	    core_path(path, e, CORE_RUN, BOOT_SPARE "/" BOOTCFG_FILE) < 0)
		return -1;
	return file_write_atomic(path, text, (size_t)len, 0600, e);
}

static int fill(struct keeping *k, struct err *e)
{
	for (size_t i = 0; i < k->from->n_image; i++)
		if (copy_file(k, i, e) < 0)
			return -1;
	return write_config(k, e);
}

static int admit(const struct boot_source *from, struct err *e)
{
	uint64_t setting, total, available;

	if (setting_spare_get(&setting, e) < 0 || core_memory(&total, &available, e) < 0)
		return -1;
	return boot_spare_admit((enum boot_spare_setting)setting, bytes_of(from), total, available,
				e);
}

static json_t *pack(const struct boot_source *s, unsigned int bank)
{
	return json_pack("{s:b, s:s, s:i, s:I}", "kept", true, "build", s->cfg.build, "bank",
			 (int)bank, "size", (json_int_t)bytes_of(s));
}

static int keep(json_t *params, json_t **result, struct err *e)
{
	_cleanup_(free_keeping) struct keeping k = { 0 };
	_cleanup_close_ int lock = -1;

	k.from = calloc(1, sizeof(*k.from));
	k.now = calloc(1, sizeof(*k.now));
	if (!k.from || !k.now)
		return core_nomem(e);
	lock = core_trylock(LOCK, e);
	if (lock < 0 || boot_look(&k.banks, e) < 0 || boot_source_bank(k.from, k.banks, e) < 0)
		return -1;
	if (!is_there(&k)) {
		boot_spare_drop();
		boot_pace_start(&k.pace, (uint64_t)core_integer(params, "rate", 0) << 10);
		if (admit(k.from, e) < 0 || make_ramdisk(bytes_of(k.from), e) < 0)
			return -1;
		if (fill(&k, e) < 0) {
			boot_spare_drop();
			return -1;
		}
	}
	return core_give(result, pack(k.from, k.banks->medium.bank), e);
}

/* There is none: would there be one, if somebody asked? */
static json_t *pack_none(void)
{
	uint64_t setting = SPARE_AUTO;

	setting_spare_get(&setting, NULL);
	return json_pack("{s:b, s:s}", "kept", false, "reason",
			 setting == SPARE_NEVER
				 ? "it is not wanted (" SETTING_SPARE " = 0)"
				 : "none was made, or memory was short; 'system boot "
				   "spare keep' makes one or says why not");
}

json_t *boot_spare_status(void)
{
	_cleanup_free_ struct boot_source *s = calloc(1, sizeof(*s));
	unsigned int bank;

	return s && boot_spare_open(s, &bank, NULL) == 0 ? pack(s, bank) : pack_none();
}

static int get(json_t *params, json_t **result, struct err *e)
{
	(void)params;
	return core_give(result, boot_spare_status(), e);
}

static int drop(json_t *params, json_t **result, struct err *e)
{
	_cleanup_close_ int lock = core_trylock(LOCK, e);

	(void)params, (void)result;
	if (lock < 0)
		return -1;
	boot_spare_drop();
	return 0;
}

static const struct core_param keep_params[] = {
	{ "rate", CORE_INT, .min = 0, .max = 1 << 20,
	  .help = "KiB read in a second, and none while memory is short; 0: as fast as it goes" },
	{ 0 },
};

const struct core_op core_boot_spare_ops[] = {
	{
		.name = "system.boot.spare.get",
		.method = "GET",
		.path = "/system/boot/spare",
		.run = get,
		.help = "The running image in memory, from which a medium can be rebuilt",
	},
	{
		.name = "system.boot.spare.keep",
		.method = "POST",
		.path = "/system/boot/spare",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = keep_params,
		.run = keep,
		.help = "Keeps the running image in memory, if there is enough of it",
	},
	{
		.name = "system.boot.spare.drop",
		.method = "DELETE",
		.path = "/system/boot/spare",
		.privilege = CORE_CHANGE,
		.run = drop,
		.help = "Gives the memory of the spare back",
	},
	{ 0 },
};
