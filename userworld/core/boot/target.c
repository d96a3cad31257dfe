// SPDX-License-Identifier: Apache-2.0
#include "target.h"

#include <fcntl.h>
#include <jansson.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>

#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"

static int check_kind(const char *name, const char *device, struct err *e)
{
	char path[CORE_PATH_MAX];
	uint64_t locked = 0;

	if (core_path(path, e, CORE_SYSFS, "/sys/class/block/%s/partition", name) < 0)
		return -1;
	if (access(path, F_OK) == 0)
		return err_set(e, ERR_INVALID, "%s is a partition: name the whole disk", device);
	if (core_path(path, e, CORE_SYSFS, "/sys/block/%s/device", name) < 0)
		return -1;
	if (access(path, F_OK) < 0)
		return err_set(e, ERR_NOT_FOUND,
			       "%s: there is no such disk (a RAID, a loop or the like is none)",
			       device);
	if (core_path(path, e, CORE_SYSFS, "/sys/block/%s/ro", name) < 0)
		return -1;
	if (file_read_u64(path, &locked, NULL) == 0 && locked)
		return err_set(e, ERR_CONFLICT, "%s is write-protected", device);
	return 0;
}

/* stated holds its medium open only while it saves, so the kernel does not know of it. */
static int check_state(const char *name, const char *device, struct err *e)
{
	json_t *status = NULL;
	const char *used, *part;
	char path[CORE_PATH_MAX];
	int rc = 0;

	/* Without stated nothing is saved anywhere. */
	if (core_call("system.state.get", NULL, &status, NULL) < 0)
		return 0;
	used = json_string_value(json_object_get(status, "device"));
	part = used ? strrchr(used, '/') : NULL;
	if (part && part[1]) {
		rc = core_path(path, e, CORE_SYSFS, "/sys/block/%s%s", name, part);
		if (rc == 0 && access(path, F_OK) == 0)
			rc = err_set(e, ERR_CONFLICT, "%s: the state of this host is saved on it",
				     device);
	}
	json_decref(status);
	return rc;
}

int boot_target_open(struct boot_target *t, const char *device, const struct medium *running,
		     struct err *e)
{
	const char *name = strncmp(device, "/dev/", 5) == 0 ? device + 5 : "";
	const char *own = running ? strrchr(running->disk, '/') : NULL;
	char path[CORE_PATH_MAX];

	if (!*name || strchr(name, '/'))
		return err_set(e, ERR_INVALID, "%s: a disk is named as /dev/NAME", device);
	if (check_kind(name, device, e) < 0 || core_path(path, e, CORE_ROOT, "%s", device) < 0)
		return -1;
	if (own && strcmp(own + 1, name) == 0)
		return err_set(e, ERR_CONFLICT, "%s: this host was started from it", device);
	if (check_state(name, device, e) < 0)
		return -1;
	/* The kernel gives it to one only: not if it or a part of it is mounted, or in another. */
	t->claim = open(path, O_RDWR | O_EXCL | O_CLOEXEC);
	if (t->claim < 0 && errno == EBUSY)
		return err_set(e, ERR_CONFLICT, "%s is mounted or in use", device);
	if (t->claim < 0)
		return err_sys(e, errno, "%s", device);
	t->io = blkio_open(path, true, e);
	return t->io ? 0 : -1;
}

void boot_target_reread(const struct boot_target *t)
{
	ioctl(t->claim, BLKRRPART);
}

void boot_target_close(struct boot_target *t)
{
	blkio_close(t->io);
	if (t->claim >= 0)
		close(t->claim);
}
