// SPDX-License-Identifier: Apache-2.0
/* system.boot.install: an image to a disk, as a person or an answer file says. */
#include <stdlib.h>
#include <string.h>

#include "boot.h"
#include "answers.h"
#include "disks.h"
#include "install_job.h"
#include "cleanup.h"
#include "userworld/core/event.h"
#include "userworld/core/internal.h"

#define UNATTENDED "visoros.install" /* the kernel's argument that starts an install */

struct installing {
	struct install_job job; /* the first, so that its callbacks have the rest */
	bool answered;
	struct install_answers answers;
	struct bundle_wanted wanted[INSTALL_LIST]; /* by the answers */
};

static void free_install(struct installing **in)
{
	if (!*in)
		return;
	job_close(&(*in)->job);
	install_answers_free(&(*in)->answers);
	free(*in);
}

static int give_state(struct install_job *j, struct blkio *part, struct err *e)
{
	const struct installing *in = (struct installing *)j;

	return boot_answers_state(&in->answers, j->source.cfg.build, part, e);
}

/* A host that has lost its medium is rebuilt, which is another thing. */
static int open_job(struct installing *in, struct err *e)
{
	struct install_job *j = &in->job;

	if (job_open(j, e) < 0)
		return -1;
	j->state = give_state;
	if (j->no_banks.kind)
		return err_set(e, j->no_banks.kind, "%s", j->no_banks.text);
	return 0;
}

/* What the answers choose, unless a device was named. */
static int choose_device(struct installing *in, const char *device, const char *serial,
			 struct err *e)
{
	const struct medium *running = job_medium(&in->job);
	_cleanup_free_ struct install_disk *disks = NULL;
	const struct install_disk *d;
	size_t n;

	if (device)
		return job_target(&in->job, device, serial, e);
	if (boot_disks(&disks, &n, running, e) < 0)
		return -1;
	d = install_answers_choose(&in->answers, disks, n, e);
	return d ? job_target(&in->job, d->device, serial, e) : -1;
}

/* Nobody is asked: only what the answers allow is overwritten. */
static int check_content(const struct installing *in, struct err *e)
{
	const struct disk_content *content = &in->job.content;

	if (!in->answered || content->what <= in->answers.overwrite)
		return 0;
	return err_set(e, ERR_CONFLICT,
		       "%s: %s has %s on it, which is not overwritten without 'overwrite = %s'",
		       in->answers.conf.name, in->job.device, content->text,
		       content->what == INSTALL_VISOROS ? "visoros" : "all");
}

static int open_source(struct installing *in, const char *image, struct err *e)
{
	struct install_job *j = &in->job;
	size_t n = boot_answers_bundles(&in->answers, in->wanted);

	if (boot_source_open(&j->source, j->banks, image ? image : in->answers.image, e) < 0)
		return -1;
	/* A host that installs others must not have those do the same. */
	kargs_drop(j->source.cfg.options, UNATTENDED);
	return boot_source_bundles(&j->source, in->wanted, n, e);
}

/* Everything that may refuse, before anything is written. */
static int prepare(struct installing *in, json_t *params, struct err *e)
{
	if (choose_device(in, core_string(params, "device"), core_string(params, "serial"), e) <
		    0 ||
	    check_content(in, e) < 0 || open_source(in, core_string(params, "image"), e) < 0)
		return -1;
	if (job_plan(&in->job, e) < 0)
		return in->answers.n_bundles ? err_wrap(e, "with the bundles of the answers") : -1;
	return 0;
}

static int write_disk(struct install_job *j, struct err *e)
{
	if (job_write(j, e) < 0) {
		core_event(EVENT_DISK_INSTALL_FAILED, EVENT_WITH(EVENT_STR("device", j->device)),
			   "Installing to %s failed: what was on it may be lost", j->device);
		return -1;
	}
	core_event(
		EVENT_DISK_INSTALLED,
		EVENT_WITH(EVENT_STR("device", j->device), EVENT_STR("build", j->source.cfg.build)),
		"%s was installed to %s, by request", j->source.cfg.build, j->device);
	return 0;
}

static json_t *pack(const struct installing *in, bool dry)
{
	const struct install_job *j = &in->job;
	json_t *r = json_pack("{s:s, s:I, s:s, s:s, s:o, s:b}", "device", j->device, "size",
			      (json_int_t)j->target.io->size, "content", j->content.text, "build",
			      j->source.cfg.build, "bundles",
			      bundle_image_ids(&j->source.bundles, true), "installed", !dry);

	if (r && j->source.bank >= 0)
		json_object_set_new(r, "from_bank", json_integer(j->source.bank));
	else if (r)
		json_object_set_new(r, "from_url", json_string(j->source.folder));
	if (r && in->answered)
		json_object_set_new(r, "after", json_string(in->answers.after));
	return r;
}

static int run_job(struct installing *in, json_t *params, json_t **result, struct err *e)
{
	bool dry = json_is_true(json_object_get(params, "dry_run"));

	if (open_job(in, e) < 0 || prepare(in, params, e) < 0)
		return -1;
	if (!dry && write_disk(&in->job, e) < 0)
		return -1;
	return core_give(result, pack(in, dry), e);
}

/* Who set an unattended install going is told, wherever he looks later. */
static int run_answered(struct installing *in, json_t *params, json_t **result, struct err *e)
{
	struct err own = ERR_INIT;

	if (boot_answers_read(&in->answers, core_string(params, "answers"), &own) == 0) {
		in->answered = true;
		if (run_job(in, params, result, &own) == 0)
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
	_cleanup_(free_install) struct installing *in = calloc(1, sizeof(*in));
	const char *answers = core_string(params, "answers");

	if (!in)
		return core_nomem(e);
	job_init(&in->job);
	if (!answers == !core_string(params, "device"))
		return err_set(e, ERR_USAGE, "either a device or answers say what is overwritten");
	return answers ? run_answered(in, params, result, e) : run_job(in, params, result, e);
}

static const struct core_param params[] = {
	{ "device", CORE_PATH, .among = "system.boot.disk.list device",
	  .help = "The disk, /dev/NAME: it is overwritten" },
	{ "serial", CORE_STRING, .max = 127,
	  .help = "The disk must have this serial number, or none if it is empty" },
	{ "answers", CORE_STRING, .min = 1, .max = 1000,
	  .help = "Instead: visoros-answers(5) at http://..., https://..., label:NAME or /PATH" },
	{ "image", CORE_STRING, .min = 1, .max = 1000,
	  .help = "The folder of the image, a URL or a path, instead of the bank that runs" },
	{ "dry_run", CORE_BOOL, .help = "Only say whether it can be done" },
	{ 0 },
};

const struct core_op core_boot_install_ops[] = {
	{
		.name = "system.boot.install",
		.method = "POST",
		.path = "/system/boot/install",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW | CORE_TASK,
		.params = params,
		.run = boot_install,
		.help = "Installs the running image to another disk",
	},
	{ 0 },
};
