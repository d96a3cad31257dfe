/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk that becomes a medium: what installing and rebuilding share. Everything that may refuse
 * comes before the first byte is written.
 *
 *	job_open(j, e)			locks; the host's own medium, if it has one
 *	job_target(j, device, serial, e)	may that disk be overwritten?
 *	boot_source_open(&j->source, ...), boot_source_bundles(...)
 *	job_plan(j, e)			does it all fit?
 *	job_write(j, e)
 *	job_close(j)
 */
#ifndef VISOR_CORE_BOOT_INSTALL_JOB_H
#define VISOR_CORE_BOOT_INSTALL_JOB_H

#include "disks.h"
#include "source.h"
#include "target.h"
#include "userworld/install/skeleton.h"

struct install_job {
	int bundles, boot;     /* locks, -1: not held */
	struct banks *banks;   /* NULL: the host was not started from a bank, or it is not there */
	struct err no_banks;   /* why there are none, for one that was started from a bank */
	unsigned int bank;     /* where the image goes */
	unsigned long updated; /* its number there */

	/* Writes a first generation of state; NULL: none. */
	int (*state)(struct install_job *j, struct blkio *part, struct err *e);

	struct boot_source source;
	struct skeleton *skeleton;
	struct boot_target target;
	struct install_plan plan;
	struct install_image image;
	struct install_guids guids; /* of the medium, once it is written */
	char device[64];
	struct disk_content content; /* of it, before */
};

/* One of zeros becomes one that job_close() takes, whatever happens; its image goes to bank 0. */
void job_init(struct install_job *j);

/* A medium that should be there and is not is no failure: j->no_banks says why. */
int job_open(struct install_job *j, struct err *e);

/* The host's own medium, or NULL. */
const struct medium *job_medium(const struct install_job *j);

/* Once nobody else can have the disk, so that it stays the one that was meant. serial: or NULL. */
int job_target(struct install_job *j, const char *device, const char *serial, struct err *e);

/* ERR_NO_SPACE: what is missing. */
int job_plan(struct install_job *j, struct err *e);

/* After 0 the disk is a medium, and the kernel knows its partitions. */
int job_write(struct install_job *j, struct err *e);

void job_close(struct install_job *j);

#endif
