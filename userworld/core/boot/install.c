// SPDX-License-Identifier: Apache-2.0
/* system.boot.install: an image to a disk, as a person or an answer file says. */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "boot.h"
#include "answers.h"
#include "disks.h"
#include "progress.h"
#include "source.h"
#include "target.h"
#include "cleanup.h"
#include "userworld/core/bundle/install.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"
#include "userworld/install/skeleton.h"

struct job {
	int bundles, boot;   /* locks */
	struct banks *banks; /* NULL: the host was not started from a bank */
	struct boot_source source;
	struct skeleton *skeleton;
	struct boot_target target;
	struct install_plan plan;
	struct install_image image;
	bool answered;
	struct install_answers answers;
	struct bundle_wanted wanted[INSTALL_LIST]; /* by the answers */
	char device[64];
	struct disk_content content; /* before */
};

static void free_job(struct job **job)
{
	struct job *j = *job;

	if (!j)
		return;
	boot_target_close(&j->target);
	skeleton_close(j->skeleton);
	boot_source_close(&j->source);
	install_answers_free(&j->answers);
	free(j->banks);
	if (j->boot >= 0)
		close(j->boot);
	if (j->bundles >= 0)
		close(j->bundles);
	free(j);
}

static int give_files(void *context, struct bank_write *w, struct err *e)
{
	return boot_source_files(&((struct job *)context)->source, w, e);
}

static int give_skeleton(void *context, void *buf, size_t len, struct err *e)
{
	return skeleton_read(((struct job *)context)->skeleton, buf, len, e);
}

static int give_state(void *context, struct blkio *part, struct err *e)
{
	struct job *j = context;

	return boot_answers_state(&j->answers, j->source.cfg.build, part, e);
}

/* With NULL in j->banks for a host that has no medium. */
static int look(struct job *j, struct err *e)
{
	char cmdline[KARGS_MAX], guid[MEDIUM_GUID];
	const struct medium_where where = { .cmdline = cmdline };

	j->bundles = bundle_image_lock(e);
	if (j->bundles < 0 || boot_cmdline(cmdline, e) < 0)
		return -1;
	if (medium_expected(&where, guid))
		return boot_look_locked(&j->banks, &j->boot, e);
	j->boot = boot_lock(e);
	return j->boot < 0 ? -1 : 0;
}

static int open_source(struct job *j, const char *image, struct err *e)
{
	size_t n = boot_answers_bundles(&j->answers, j->wanted);

	if (boot_source_open(&j->source, j->banks, image ? image : j->answers.image, e) < 0 ||
	    boot_source_bundles(&j->source, j->wanted, n, e) < 0)
		return -1;
	j->image = (struct install_image){ &j->source.cfg, j->source.sizes, give_files,
					   give_skeleton,  give_state,	    j };
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

static const struct medium *running_medium(const struct job *j)
{
	return j->banks ? &j->banks->medium : NULL;
}

static int choose_device(struct job *j, const char *device, struct err *e)
{
	_cleanup_free_ struct install_disk *disks = NULL;
	const struct install_disk *d;
	size_t n;

	if (device) {
		snprintf(j->device, sizeof(j->device), "%s", device);
		return strlen(device) < sizeof(j->device)
			       ? 0
			       : err_set(e, ERR_INVALID, "%.40s...: is too long", device);
	}
	if (boot_disks(&disks, &n, running_medium(j), e) < 0)
		return -1;
	d = install_answers_choose(&j->answers, disks, n, e);
	if (!d)
		return -1;
	memcpy(j->device, d->device, sizeof(j->device));
	return 0;
}

/* Nobody is asked: only what the answers allow is overwritten. */
static int check_content(const struct job *j, struct err *e)
{
	if (!j->answered || j->content.what <= j->answers.overwrite)
		return 0;
	return err_set(e, ERR_CONFLICT,
		       "%s: %s has %s on it, which is not overwritten without 'overwrite = %s'",
		       j->answers.conf.name, j->device, j->content.text,
		       j->content.what == INSTALL_VISOROS ? "visoros" : "all");
}

/* Once nobody else can have the disk, so that it stays the one that was meant. */
static int open_target(struct job *j, const char *serial, struct err *e)
{
	if (boot_target_open(&j->target, j->device, running_medium(j), e) < 0)
		return -1;
	return serial ? boot_disk_check_serial(j->device, serial, e) : 0;
}

/* Everything that may refuse, before anything is written. */
static int prepare(struct job *j, json_t *params, struct err *e)
{
	struct install_layout layout;

	if (choose_device(j, core_string(params, "device"), e) < 0 ||
	    open_target(j, core_string(params, "serial"), e) < 0 ||
	    boot_disk_content(j->device, &j->content, e) < 0 || check_content(j, e) < 0 ||
	    open_skeleton(j, &layout, e) < 0 || open_source(j, core_string(params, "image"), e) < 0)
		return -1;
	if (install_plan(&j->plan, &layout, j->target.io->size, j->target.io->sector, &j->image,
			 e) < 0)
		return err_wrap(e, "%s%s", j->device,
				j->answers.n_bundles ? " with the bundles of the answers" : "");
	return 0;
}

static int write_disk(struct job *j, struct err *e)
{
	struct install_guids guids;
	struct progress progress;
	struct blkio *disk;

	if (make_guids(&guids, e) < 0)
		return -1;
	disk = progress_start(&progress, j->target.io, j->plan.transfer);
	if (install_write(disk, &j->plan, &j->image, &guids, e) < 0) {
		core_event(EVENT_DISK_INSTALL_FAILED, EVENT_WITH(EVENT_STR("device", j->device)),
			   "Installing to %s failed: what was on it may be lost", j->device);
		return -1;
	}
	boot_target_reread(&j->target);
	core_event(
		EVENT_DISK_INSTALLED,
		EVENT_WITH(EVENT_STR("device", j->device), EVENT_STR("build", j->source.cfg.build)),
		"%s was installed to %s, by request", j->source.cfg.build, j->device);
	return 0;
}

static json_t *pack(const struct job *j, bool dry)
{
	json_t *r = json_pack("{s:s, s:I, s:s, s:s, s:o, s:b}", "device", j->device, "size",
			      (json_int_t)j->target.io->size, "content", j->content.text, "build",
			      j->source.cfg.build, "bundles",
			      bundle_image_ids(&j->source.bundles, true), "installed", !dry);

	if (r && j->source.bank >= 0)
		json_object_set_new(r, "from_bank", json_integer(j->source.bank));
	else if (r)
		json_object_set_new(r, "from_url", json_string(j->source.folder));
	if (r && j->answered)
		json_object_set_new(r, "after", json_string(j->answers.after));
	return r;
}

static int run_job(struct job *j, json_t *params, json_t **result, struct err *e)
{
	bool dry = json_is_true(json_object_get(params, "dry_run"));

	if (look(j, e) < 0 || prepare(j, params, e) < 0)
		return -1;
	if (!dry && write_disk(j, e) < 0)
		return -1;
	return core_give(result, pack(j, dry), e);
}

/* Who set an unattended install going is told, wherever he looks later. */
static int run_answered(struct job *j, json_t *params, json_t **result, struct err *e)
{
	struct err own = ERR_INIT;

	if (boot_answers_read(&j->answers, core_string(params, "answers"), &own) == 0) {
		j->answered = true;
		if (run_job(j, params, result, &own) == 0)
			return 0;
	}
	/* What may come yet is tried again. */
	if (own.kind != ERR_UNAVAILABLE && !json_is_true(json_object_get(params, "dry_run")))
		core_event(EVENT_DISK_INSTALL_FAILED, NULL, "Nothing was installed: %s", own.text);
	if (e)
		*e = own;
	return -1;
}

static int boot_install(json_t *params, json_t **result, struct err *e)
{
	_cleanup_(free_job) struct job *j = calloc(1, sizeof(*j));
	const char *answers = core_string(params, "answers");

	if (!j)
		return core_nomem(e);
	j->bundles = j->boot = -1;
	j->target = (struct boot_target)BOOT_TARGET_INIT;
	if (!answers == !core_string(params, "device"))
		return err_set(e, ERR_USAGE, "either a device or answers say what is overwritten");
	return answers ? run_answered(j, params, result, e) : run_job(j, params, result, e);
}

static const struct core_param params[] = {
	{ "device", CORE_PATH, .help = "The disk, /dev/NAME: it is overwritten" },
	{ "serial", CORE_STRING, .max = 127,
	  .help = "The disk must have this serial number, or none if it is empty" },
	{ "answers", CORE_STRING, .min = 1, .max = 1000,
	  .help = "Instead: visoros-answers(5) at http://..., https://..., label:NAME or /PATH" },
	{ "image", CORE_STRING, .min = 1, .max = 1000,
	  .help = "URL of the folder of the image, instead of the bank that runs" },
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
