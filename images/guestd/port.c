// SPDX-License-Identifier: Apache-2.0
#include "port.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "file.h"

#define PORTS "/sys/class/virtio-ports"

/* True if the device, "vport1p1", is the port of the guest channel. */
static bool is_guest_port(const char *device)
{
	char path[512], name[64];

	snprintf(path, sizeof(path), PORTS "/%s/name", device);
	return file_read_at(AT_FDCWD, path, name, sizeof(name), NULL) >= 0 &&
	       strcmp(name, PORT_NAME) == 0;
}

int port_open(struct err *e)
{
	_cleanup_closedir_ DIR *ports = opendir(PORTS);
	struct dirent *d;

	while (ports && (d = readdir(ports))) {
		char path[512];
		int fd;

		if (!is_guest_port(d->d_name))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", d->d_name);
		fd = open(path, O_RDWR | O_CLOEXEC);
		return fd >= 0 ? fd : err_sys(e, errno, "open %s", path);
	}
	return err_set(e, ERR_NOT_FOUND, "this machine has no virtio port named %s", PORT_NAME);
}
