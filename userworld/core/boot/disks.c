// SPDX-License-Identifier: Apache-2.0
/* system.boot.disk.list: what could be installed to. */
#include "disks.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "boot.h"
#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"
#include "userworld/core/utf8.h"

#define SCSI_CD "5"  /* its type */
#define VPD_HEADER 4 /* bytes before the serial number of a SCSI disk */

/* A file of /sys/block/NAME as a line without the blanks around it; "" if it is not there. */
static void read_line(const char *name, const char *file, size_t skip, char *out, size_t size)
{
	char path[CORE_PATH_MAX], text[256] = "";
	_cleanup_close_ int fd = -1;
	const char *from = text;
	ssize_t n;

	out[0] = '\0';
	if (core_path(path, NULL, CORE_SYSFS, "/sys/block/%s/%s", name, file) < 0)
		return;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : pread(fd, text, sizeof(text) - 1, (off_t)skip);
	if (n <= 0)
		return;
	text[n] = '\0';
	while (isspace((unsigned char)*from))
		from++;
	snprintf(out, size, "%s", from);
	for (size_t len = strlen(out); len > 0 && isspace((unsigned char)out[len - 1]); len--)
		out[len - 1] = '\0';
	ascii_repair(out);
}

static uint64_t read_number(const char *name, const char *file)
{
	char path[CORE_PATH_MAX];
	uint64_t n = 0;

	if (core_path(path, NULL, CORE_SYSFS, "/sys/block/%s/%s", name, file) == 0)
		file_read_u64(path, &n, NULL);
	return n;
}

/* /sys/block/sda is a link to ../devices/pci0000:00/.../block/sda. */
static void read_place(const char *name, char *out, size_t size)
{
	char path[CORE_PATH_MAX], link[512];
	const char *from;
	ssize_t n;

	out[0] = '\0';
	if (core_path(path, NULL, CORE_SYSFS, "/sys/block/%s", name) < 0)
		return;
	n = readlink(path, link, sizeof(link) - 1);
	if (n <= 0)
		return;
	link[n] = '\0';
	from = strstr(link, "/devices/");
	snprintf(out, size, "%s", from ? from : "");
}

static void read_serial(const char *name, char *out, size_t size)
{
	read_line(name, "serial", 0, out, size);
	if (!*out)
		read_line(name, "device/serial", 0, out, size);
	if (!*out)
		read_line(name, "device/vpd_pg80", VPD_HEADER, out, size);
}

/* False for what is no disk. */
static bool fill(struct install_disk *d, const char *name, const struct medium *running)
{
	char type[16], path[CORE_PATH_MAX];
	const char *own = running ? strrchr(running->disk, '/') : NULL;

	if (name[0] == '.' || strlen(name) > 32 ||
	    core_path(path, NULL, CORE_SYSFS, "/sys/block/%s/device", name) < 0 ||
	    access(path, F_OK) < 0)
		return false;
	memset(d, 0, sizeof(*d));
	read_line(name, "device/type", 0, type, sizeof(type));
	d->size = read_number(name, "size") * 512;
	if (strcmp(type, SCSI_CD) == 0 || d->size == 0)
		return false;
	snprintf(d->device, sizeof(d->device), "/dev/%.32s", name);
	read_serial(name, d->serial, sizeof(d->serial));
	read_line(name, "device/model", 0, d->model, sizeof(d->model));
	read_place(name, d->path, sizeof(d->path));
	d->usable = !read_number(name, "removable") && !(own && strcmp(own + 1, name) == 0);
	return true;
}

static int by_name(const void *a, const void *b)
{
	const struct install_disk *one = a, *other = b;

	return strcmp(one->device, other->device);
}

int boot_disks(struct install_disk **disks, size_t *n, const struct medium *running, struct err *e)
{
	_cleanup_free_ struct install_disk *list = NULL;
	_cleanup_closedir_ DIR *dir = NULL;
	char path[CORE_PATH_MAX];
	struct dirent *d;
	size_t room = 0;

	*n = 0;
	if (core_path(path, e, CORE_SYSFS, "/sys/block") < 0)
		return -1;
	dir = opendir(path);
	if (!dir)
		return err_sys(e, errno, "%s", path);
	while ((d = readdir(dir))) {
		if (*n == room) {
			struct install_disk *more;

			room = room ? room * 2 : 8;
			more = realloc(list, room * sizeof(*list));
			if (!more)
				return core_nomem(e);
			list = more;
		}
		if (fill(&list[*n], d->d_name, running))
			++*n;
	}
	if (*n)
		qsort(list, *n, sizeof(*list), by_name);
	*disks = TAKE_PTR(list);
	return 0;
}

int boot_disk_check_serial(const char *device, const char *serial, struct err *e)
{
	char now[sizeof(((struct install_disk *)NULL)->serial)];

	read_serial(device + strlen("/dev/"), now, sizeof(now));
	if (strcmp(now, serial) == 0)
		return 0;
	return err_set(e, ERR_CONFLICT, "%s is another disk now: its serial number is %s, not %s",
		       device, *now ? now : "empty", *serial ? serial : "empty");
}

static json_t *pack_disk(const struct install_disk *d, const struct medium *running)
{
	struct disk_content content;
	struct err own = ERR_INIT;

	/* A disk that cannot be read is one too, and that is worth knowing. */
	if (boot_disk_content(d->device, &content, &own) < 0)
		snprintf(content.text, sizeof(content.text), "(%.*s)",
			 (int)sizeof(content.text) - 3, own.text);
	return json_pack("{s:s, s:I, s:s, s:s, s:s, s:s, s:b, s:b}", "device", d->device, "size",
			 (json_int_t)d->size, "model", d->model, "serial", d->serial, "path",
			 d->path, "content", content.text, "running",
			 running && !strcmp(running->disk, d->device), "chosen_by_size", d->usable);
}

static int disk_list(json_t *params, json_t **result, struct err *e)
{
	_cleanup_free_ struct install_disk *disks = NULL;
	_cleanup_free_ struct banks *b = NULL;
	const struct medium *running = NULL;
	size_t n;

	(void)params;
	if (boot_look(&b, NULL) == 0)
		running = &b->medium;
	if (boot_disks(&disks, &n, running, e) < 0)
		return -1;
	*result = json_array();
	for (size_t i = 0; *result && i < n; i++)
		if (json_array_append_new(*result, pack_disk(&disks[i], running)) < 0)
			return core_nomem(e);
	return *result ? 0 : core_nomem(e);
}

const struct core_op core_boot_disk_ops[] = {
	{
		.name = "system.boot.disk.list",
		.method = "GET",
		.path = "/system/boot/disks",
		.flags = CORE_SLOW,
		.run = disk_list,
		.help = "Disks, and what is on them",
	},
	{ 0 },
};
