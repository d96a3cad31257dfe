// SPDX-License-Identifier: Apache-2.0
#include "install_job.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "boot.h"
#include "progress.h"
#include "userworld/core/bundle/install.h"
#include "userworld/core/internal.h"

void job_init(struct install_job *j)
{
	j->bundles = j->boot = -1;
	j->updated = 1;
	j->target = (struct boot_target)BOOT_TARGET_INIT;
}

void job_close(struct install_job *j)
{
	boot_target_close(&j->target);
	skeleton_close(j->skeleton);
	boot_source_close(&j->source);
	free(j->banks);
	if (j->boot >= 0)
		close(j->boot);
	if (j->bundles >= 0)
		close(j->bundles);
}

int job_open(struct install_job *j, struct err *e)
{
	j->bundles = bundle_image_lock(e);
	if (j->bundles < 0)
		return -1;
	j->boot = boot_lock(e);
	if (j->boot < 0)
		return -1;
	if (boot_has_medium() && boot_look(&j->banks, &j->no_banks) < 0)
		j->banks = NULL;
	return 0;
}

const struct medium *job_medium(const struct install_job *j)
{
	return j->banks ? &j->banks->medium : NULL;
}

int job_target(struct install_job *j, const char *device, const char *serial, struct err *e)
{
	if (strlen(device) >= sizeof(j->device))
		return err_set(e, ERR_INVALID, "%.40s...: is too long", device);
	memcpy(j->device, device, strlen(device) + 1);
	if (boot_target_open(&j->target, j->device, job_medium(j), e) < 0)
		return -1;
	if (serial && boot_disk_check_serial(j->device, serial, e) < 0)
		return -1;
	return boot_disk_content(j->device, &j->content, e);
}

static int give_files(void *context, struct bank_write *w, struct err *e)
{
	return boot_source_files(&((struct install_job *)context)->source, w, e);
}

static int give_skeleton(void *context, void *buf, size_t len, struct err *e)
{
	return skeleton_read(((struct install_job *)context)->skeleton, buf, len, e);
}

static int give_state(void *context, struct blkio *part, struct err *e)
{
	struct install_job *j = context;

	return j->state ? j->state(j, part, e) : 0;
}

static int open_skeleton(struct install_job *j, struct install_layout *layout, struct err *e)
{
	char path[CORE_PATH_MAX];

	if (core_path(path, e, CORE_ROOT, INSTALL_LAYOUT) < 0 ||
	    skeleton_layout(layout, path, e) < 0 ||
	    core_path(path, e, CORE_ROOT, INSTALL_SKELETON) < 0 ||
	    skeleton_check(layout, path, e) < 0)
		return -1;
	return skeleton_open(&j->skeleton, path, e);
}

int job_plan(struct install_job *j, struct err *e)
{
	struct install_layout layout;

	if (open_skeleton(j, &layout, e) < 0)
		return -1;
	j->image = (struct install_image){
		.cfg = &j->source.cfg,
		.sizes = j->source.sizes,
		.bank = j->bank,
		.updated = j->updated,
		.files = give_files,
		.skeleton = give_skeleton,
		.state = give_state,
		.context = j,
	};
	if (install_plan(&j->plan, &layout, j->target.io->size, j->target.io->sector, &j->image,
			 e) < 0)
		return err_wrap(e, "%s", j->device);
	return 0;
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

int job_write(struct install_job *j, struct err *e)
{
	struct progress progress;
	struct blkio *disk;

	if (make_guids(&j->guids, e) < 0)
		return -1;
	disk = progress_start(&progress, j->target.io, j->plan.transfer);
	if (install_write(disk, &j->plan, &j->image, &j->guids, e) < 0)
		return -1;
	boot_target_reread(&j->target);
	return 0;
}
