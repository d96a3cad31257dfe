/* SPDX-License-Identifier: Apache-2.0 */
/* The names in a folder for those who may not allocate, as readdir(3) does. */
#ifndef VISOR_DIRSCAN_H
#define VISOR_DIRSCAN_H

#define DIRSCAN_BYTES 2048

struct dirscan {
	int fd;	      /* of the folder, the caller's; read from where it stands */
	long at, end; /* in space: 0 before the first */
	char space[DIRSCAN_BYTES] __attribute__((aligned(8)));
};

/*
 * The next name but "." and "..", or NULL at the end or if it cannot be read; type is
 * as readdir(3) has it (DT_DIR). It lasts until the next call.
 */
const char *dirscan_next(struct dirscan *d, unsigned char *type);

#endif
