// SPDX-License-Identifier: Apache-2.0
#include "kernel_part.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/blkpg.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <time.h>

#include "cleanup.h"

#define PATIENCE 100 /* times 0.2 s */

static int change(const char *disk, int op, struct blkpg_partition *part, struct err *e)
{
	struct blkpg_ioctl_arg arg = { .op = op, .datalen = sizeof(*part), .data = part };
	_cleanup_close_ int fd = open(disk, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(e, errno, "%s", disk);
	if (ioctl(fd, BLKPG, &arg) < 0)
		return err_sys(e, errno, "%s: partition %d", disk, part->pno);
	return 0;
}

/* Console and hostd look at the banks now and then: that passes. */
static int forget(const char *disk, struct blkpg_partition *part, struct err *e)
{
	static const struct timespec pause = { .tv_nsec = 200000000 };
	int rc = -1;

	for (int i = 0; i < PATIENCE; i++) {
		rc = change(disk, BLKPG_DEL_PARTITION, part, e);
		if (rc == 0 || e->num != EBUSY)
			break;
		nanosleep(&pause, NULL);
	}
	return rc;
}

int kernel_part_forget(const char *disk, unsigned int number, struct err *e)
{
	struct blkpg_partition part = { .pno = (int)number };
	struct err own = ERR_INIT;

	if (forget(disk, &part, &own) == 0 || own.num == ENXIO)
		return 0;
	if (own.num == EBUSY)
		return err_set(e, ERR_CONFLICT,
			       "%s: partition %u is being read, by a scrub perhaps: try again when "
			       "that is done",
			       disk, number);
	return err_set(e, own.kind, "%s", own.text);
}

int kernel_part_add(const char *disk, unsigned int number, uint64_t first, uint64_t size,
		    struct err *e)
{
	struct blkpg_partition part = {
		.start = (long long)first,
		.length = (long long)size,
		.pno = (int)number,
	};

	return change(disk, BLKPG_ADD_PARTITION, &part, e);
}
