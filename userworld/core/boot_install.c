// SPDX-License-Identifier: Apache-2.0
/* system.boot.install: the running image to another disk. */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "boot.h"
#include "boot_target.h"
#include "cleanup.h"
#include "event.h"
#include "internal.h"
#include "userworld/install/skeleton.h"

#define STEP 65536u /* bytes copied at once */

struct job {
	struct banks *banks;
	const struct bank *from; /* the one that runs */
	struct blkio *io;	 /* its device */
	struct fat fat;
	uint32_t sizes[1 + BOOTCFG_MODULES];
	struct skeleton *skeleton;
	struct boot_target target;
	struct install_plan plan;
	struct install_image image;
	char buf[STEP];
};

static void free_job(struct job **job)
{
	struct job *j = *job;

	if (!j)
		return;
	boot_target_close(&j->target);
	skeleton_close(j->skeleton);
	blkio_close(j->io);
	free(j->banks);
	free(j);
}

static int give_files(void *context, struct bank_write *w, struct err *e)
{
	struct job *j = context;
	struct fat_file file;

	for (size_t i = 0; bootcfg_file(&j->from->cfg, i); i++) {
		if (fat_find(&j->fat, bootcfg_file(&j->from->cfg, i), &file, e) < 0)
			return -1;
		for (uint32_t at = 0; at < file.size;) {
			uint32_t n = file.size - at < STEP ? file.size - at : STEP;

			if (fat_read(&j->fat, &file, at, j->buf, n, e) < 0 ||
			    bank_write_add(w, j->buf, n, e) < 0)
				return -1;
			at += n;
		}
	}
	return 0;
}

static int give_skeleton(void *context, void *buf, size_t len, struct err *e)
{
	return skeleton_read(((struct job *)context)->skeleton, buf, len, e);
}

/* What is copied must be good before anything is overwritten with it. */
static int open_source(struct job *j, struct err *e)
{
	unsigned int running = j->banks->medium.bank;
	struct fat_file file;
	int bad;

	j->from = &j->banks->bank[running];
	if (!j->from->there || !j->from->cfg.has_digests)
		return err_set(e, ERR_CONFLICT,
			       "bank %u, which this host was started from, cannot be copied: %s",
			       running,
			       j->from->there ? "its boot.cfg has no digests" : j->from->why_not);
	if (j->from->cfg.state != BANK_VALID)
		return err_set(e, ERR_CONFLICT,
			       "the running image is %s: it can be installed when it is confirmed "
			       "(system boot bank confirm)",
			       bank_state_name(j->from->cfg.state));
	j->io = banks_open(j->banks, running, false, e);
	if (!j->io)
		return -1;
	bad = bank_verify(j->io, j->from, NULL, NULL, e);
	if (bad > 0)
		return err_set(e, ERR_CONFLICT,
			       "bank %u, which this host was started from: %d of its files are not "
			       "good (system boot bank verify)",
			       running, bad);
	if (bad < 0 || fat_open(&j->fat, j->io, e) < 0)
		return -1;
	for (size_t i = 0; bootcfg_file(&j->from->cfg, i); i++) {
		if (fat_find(&j->fat, bootcfg_file(&j->from->cfg, i), &file, e) < 0)
			return -1;
		j->sizes[i] = file.size;
	}
	j->image = (struct install_image){ &j->from->cfg, j->sizes, give_files, give_skeleton, j };
	return 0;
}

static int open_skeleton(struct job *j, struct install_layout *layout, struct err *e)
{
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_ROOT, INSTALL_LAYOUT) < 0 ||
	    skeleton_layout(layout, path, e) < 0 ||
	    core_path(path, e, CORE_ROOT, INSTALL_SKELETON) < 0 ||
	    skeleton_check(layout, path, e) < 0)
		return -1;
	return skeleton_open(&j->skeleton, path, e);
}

static int make_guids(struct install_guids *guids, struct err *e)
{
	if (getrandom(guids, sizeof(*guids), 0) != (ssize_t)sizeof(*guids))
		return err_sys(e, errno, "random numbers");
	gpt_guid_mark(guids->disk);
	for (int i = 0; i < MEDIUM_PARTS; i++)
		gpt_guid_mark(guids->part[i]);
	return 0;
}

/* Everything that may refuse, before anything is written. */
static int prepare(struct job *j, const char *device, struct err *e)
{
	struct install_layout layout;

	if (boot_target_open(&j->target, device, &j->banks->medium, e) < 0 ||
	    open_skeleton(j, &layout, e) < 0 || open_source(j, e) < 0)
		return -1;
	if (install_plan(&j->plan, &layout, j->target.io->size, j->target.io->sector, &j->image,
			 e) < 0)
		return err_wrap(e, "%s", device);
	return 0;
}

static int write_disk(struct job *j, const char *device, struct err *e)
{
	struct install_guids guids;

	if (make_guids(&guids, e) < 0)
		return -1;
	if (install_write(j->target.io, &j->plan, &j->image, &guids, e) < 0) {
		core_event("boot", "error", "Installing to %s failed: what was on it may be lost",
			   device);
		return -1;
	}
	boot_target_reread(&j->target);
	core_event("boot", "warning", "%s was installed to %s, by request", j->from->cfg.build,
		   device);
	return 0;
}

static int boot_install(json_t *params, json_t **result, struct err *e)
{
	_cleanup_(free_job) struct job *j = calloc(1, sizeof(*j));
	bool dry = json_is_true(json_object_get(params, "dry_run"));
	const char *device = core_string(params, "device");
	_cleanup_close_ int lock = -1;

	if (!j)
		return core_nomem(e);
	j->target = (struct boot_target)BOOT_TARGET_INIT;
	if (boot_look_locked(&j->banks, &lock, e) < 0 || prepare(j, device, e) < 0)
		return -1;
	if (!dry && write_disk(j, device, e) < 0)
		return -1;
	return core_give(result,
			 json_pack("{s:s, s:I, s:s, s:i, s:b}", "device", device, "size",
				   (json_int_t)j->target.io->size, "build", j->from->cfg.build,
				   "from_bank", (int)j->banks->medium.bank, "installed", !dry),
			 e);
}

static const struct core_param params[] = {
	{ "device", CORE_PATH, .required = true, .help = "The disk, /dev/NAME: it is overwritten" },
	{ "dry_run", CORE_BOOL, .help = "Only say whether it can be done" },
	{ 0 },
};

const struct core_op core_boot_install_ops[] = {
	{
		.name = "system.boot.install",
		.method = "POST",
		.path = "/system/boot/install",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = params,
		.run = boot_install,
		.help = "Installs the running image to another disk",
	},
	{ 0 },
};
