// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <stdio.h>
#include <sys/mount.h>
#include <unistd.h>

#include "tests/bench/layers.h"
#include "tests/bench/span.h"

int layers_mount(const char *dir, const char *below, unsigned int count)
{
	int fs = fsopen("overlay", FSOPEN_CLOEXEC), mount;

	if (fs < 0)
		fail("overlay");
	for (unsigned int i = 0; i < count; i++) {
		char layer[256];

		snprintf(layer, sizeof(layer), "%s/%u", below, i);
		if (fsconfig(fs, FSCONFIG_SET_STRING, "lowerdir+", layer, 0))
			fail(layer);
	}
	if (fsconfig(fs, FSCONFIG_SET_FLAG, "ro", NULL, 0) ||
	    fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		fail("overlay");
	mount = fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_RDONLY);
	if (mount < 0 || move_mount(mount, "", AT_FDCWD, dir, MOVE_MOUNT_F_EMPTY_PATH))
		fail(dir);
	close(mount);
	close(fs);
	return 0;
}
