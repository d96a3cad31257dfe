// SPDX-License-Identifier: Apache-2.0
/* Partitions that the kernel does not know, because the first copy of their table is damaged. */
#include <errno.h>
#include <fcntl.h>
#include <linux/blkpg.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cleanup.h"
#include "medium.h"

/* EBUSY: another process was faster, or it knows something else there. */
static int add(int disk, const struct medium_partition *p)
{
	struct blkpg_partition part = {
		.start = (long long)p->offset,
		.length = (long long)p->size,
		.pno = (int)p->number,
	};
	struct blkpg_ioctl_arg arg = {
		.op = BLKPG_ADD_PARTITION,
		.datalen = sizeof(part),
		.data = &part,
	};

	return ioctl(disk, BLKPG, &arg);
}

int medium_wake(const struct medium *m, struct err *e)
{
	_cleanup_close_ int disk = open(m->disk, O_RDONLY | O_CLOEXEC);
	int added = 0, error = 0;

	if (disk < 0)
		return err_sys(e, errno, "%s", m->disk);
	for (int i = 0; i < MEDIUM_PARTS; i++) {
		const struct medium_partition *p = &m->part[i];

		if (!p->number || p->present || p->offset + p->size > m->size)
			continue;
		if (add(disk, p) == 0 || errno == EBUSY)
			added++;
		else
			error = errno;
	}
	return added ? 0 : err_sys(e, error ? error : ENOENT, "%s: partitions", m->disk);
}
