// SPDX-License-Identifier: Apache-2.0
#include "dirscan.h"

#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's form. */
struct kernel_dirent {
	uint64_t ino;
	int64_t off;
	unsigned short reclen;
	unsigned char type;
	char name[];
};

const char *dirscan_next(struct dirscan *d, unsigned char *type)
{
	for (;;) {
		const struct kernel_dirent *entry;

		if (d->at >= d->end) {
			d->end = syscall(SYS_getdents64, d->fd, d->space, sizeof(d->space));
			d->at = 0;
			if (d->end <= 0)
				return NULL;
		}
		entry = (const struct kernel_dirent *)(d->space + d->at);
		d->at += entry->reclen;
		if (!strcmp(entry->name, ".") || !strcmp(entry->name, ".."))
			continue;
		*type = entry->type;
		return entry->name;
	}
}
