// SPDX-License-Identifier: Apache-2.0
/* Requests to visorfs; what it says about itself is read in vfslist.c. */
#include "vfsctl.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cleanup.h"

static int open_dir(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? err_sys(e, errno, "%s: open", path) : fd;
}

static int no_visorfs(const char *path, struct err *e)
{
	return err_set(e, ERR_INVALID, "%s: not on a visorfs", path);
}

static int copy_name(char to[static VISORFS_NAME_MAX + 1], const char *name, struct err *e)
{
	size_t len = strlen(name);

	if (!len || len > VISORFS_NAME_MAX || strchr(name, '/'))
		return err_set(e, ERR_INVALID, "'%s': a name has 1 to %d characters and no '/'",
			       name, VISORFS_NAME_MAX);
	memcpy(to, name, len + 1);
	return 0;
}

int vfs_instance(const char *mount, unsigned int *instance, struct err *e)
{
	struct visorfs_info info = { .size = sizeof(info) };
	_cleanup_close_ int fd = open_dir(mount, e);
	struct statfs st;

	if (fd < 0)
		return -1;
	if (fstatfs(fd, &st) < 0)
		return err_sys(e, errno, "%s: statfs", mount);
	if ((unsigned int)st.f_type != VISORFS_MAGIC)
		return no_visorfs(mount, e);
	if (ioctl(fd, VISORFS_IOC_INFO, &info) < 0)
		return err_sys(e, errno, "%s: ask visorfs for its number", mount);
	*instance = info.instance;
	return 0;
}

/* The kernel's message names file and offset; without one, errno has to do. */
static int switch_failed(int num, char *message, struct err *e)
{
	message[VISORFS_MSG_MAX - 1] = '\0';
	if (num == ENOTTY)
		return no_visorfs("switch of tardisks", e);
	if (!message[0])
		return err_sys(e, num, "switch of tardisks refused");
	err_sys(e, num, "%s", message);
	if (num == EXDEV)
		e->kind = ERR_CONFLICT;
	if (num == EKEYREJECTED)
		e->kind = ERR_DENIED;
	return -1;
}

int vfs_switch(const char *mount, const struct visorfs_attach *attach, size_t attach_count,
	       const struct visorfs_detach *detach, size_t detach_count, struct err *e)
{
	struct visorfs_switch req = {
		.size = sizeof(req),
		.attach_count = (__u32)attach_count,
		.detach_count = (__u32)detach_count,
		.attach = (uintptr_t)attach,
		.detach = (uintptr_t)detach,
		.attach_size = sizeof(*attach),
		.detach_size = sizeof(*detach),
	};
	_cleanup_close_ int fd = -1;

	if (attach_count > VISORFS_SWITCH_MAX || detach_count > VISORFS_SWITCH_MAX)
		return err_set(e, ERR_INVALID, "more than %d tardisks in one switch",
			       VISORFS_SWITCH_MAX);
	fd = open_dir(mount, e);
	if (fd < 0)
		return -1;
	if (ioctl(fd, VISORFS_IOC_SWITCH, &req) < 0)
		return switch_failed(errno, req.message, e);
	return 0;
}

int vfs_check(const char *mount, struct visorfs_check *result, struct err *e)
{
	_cleanup_close_ int fd = open_dir(mount, e);

	if (fd < 0)
		return -1;
	*result = (struct visorfs_check){ .size = sizeof(*result) };
	if (ioctl(fd, VISORFS_IOC_CHECK, result) == 0)
		return 0;
	if (errno == ENOTTY)
		return no_visorfs(mount, e);
	return err_sys(e, errno, "check %s", mount);
}

/* The limits are those of the call, req->name is not set yet. */
static int ramdisk_request(const char *dir, unsigned long request, const char *name,
			   struct visorfs_ramdisk_args *req, struct err *e)
{
	const char *verb = request == VISORFS_IOC_RAMDISK_ADD ? "add" : "resize";
	_cleanup_close_ int fd = -1;

	req->size = sizeof(*req);
	if (copy_name(req->name, name, e) < 0)
		return -1;
	fd = open_dir(dir, e);
	if (fd < 0)
		return -1;
	if (ioctl(fd, request, req) == 0)
		return 0;
	if (errno == ENOTTY)
		return no_visorfs(dir, e);
	if (errno == EBUSY)
		return err_set(e, ERR_CONFLICT,
			       "ramdisk %s: more than that is in use; free something first",
			       req->name);
	req->message[VISORFS_MSG_MAX - 1] = '\0';
	if (req->message[0])
		return err_sys(e, errno, "%s", req->message);
	return err_sys(e, errno, "ramdisk %s at %s: %s", req->name, dir, verb);
}

int vfs_ramdisk_add(const char *dir, const char *name, uint64_t max_bytes, uint64_t min_bytes,
		    uint64_t max_inodes, struct err *e)
{
	struct visorfs_ramdisk_args req = { .max_bytes = max_bytes,
					    .min_bytes = min_bytes,
					    .max_inodes = max_inodes };

	return ramdisk_request(dir, VISORFS_IOC_RAMDISK_ADD, name, &req, e);
}

int vfs_ramdisk_resize(const char *mount, const char *name, uint64_t max_bytes, uint64_t min_bytes,
		       uint64_t max_inodes, struct err *e)
{
	struct visorfs_ramdisk_args req = { .max_bytes = max_bytes,
					    .min_bytes = min_bytes,
					    .max_inodes = max_inodes };

	return ramdisk_request(mount, VISORFS_IOC_RAMDISK_RESIZE, name, &req, e);
}

int vfs_ramdisk_remove(const char *mount, const char *name, struct err *e)
{
	struct visorfs_ramdisk_name req = { .size = sizeof(req) };
	_cleanup_close_ int fd = -1;

	if (copy_name(req.name, name, e) < 0)
		return -1;
	fd = open_dir(mount, e);
	if (fd < 0)
		return -1;
	if (ioctl(fd, VISORFS_IOC_RAMDISK_REMOVE, &req) == 0)
		return 0;
	switch (errno) {
	case ENOTTY:
		return no_visorfs(mount, e);
	case EBUSY:
		return err_set(e, ERR_CONFLICT, "ramdisk %s: not empty; delete its files first",
			       name);
	case EPERM:
		return err_set(e, ERR_DENIED, "ramdisk %s: it is the root's and has to stay", name);
	default:
		return err_sys(e, errno, "ramdisk %s: remove", name);
	}
}

int vfs_provider_fd(int fd, const char *path, struct visorfs_provider *provider, struct err *e)
{
	*provider = (struct visorfs_provider){ .size = sizeof(*provider) };
	if (ioctl(fd, VISORFS_IOC_PROVIDER, provider) == 0)
		return 0;
	if (errno == ENOTTY)
		return no_visorfs(path, e);
	return err_sys(e, errno, "%s: ask visorfs who gives it", path);
}

int vfs_provider(const char *path, struct visorfs_provider *provider, struct err *e)
{
	/* Without O_NONBLOCK a fifo with that name would hold us up. */
	_cleanup_close_ int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 && errno == ELOOP)
		return err_set(e, ERR_INVALID, "%s: is a symbolic link", path);
	if (fd < 0)
		return err_sys(e, errno, "%s: open", path);
	return vfs_provider_fd(fd, path, provider, e);
}

int vfs_version(int fd, const char *path, uint32_t index, bool open,
		struct visorfs_version *version, struct err *e)
{
	*version = (struct visorfs_version){ .size = sizeof(*version), .index = index };
	version->flags = open ? VISORFS_VERSION_OPEN : 0;
	if (strlen(path) >= sizeof(version->path))
		return err_set(e, ERR_INVALID, "%.60s...: is too long for a path", path);
	memcpy(version->path, path, strlen(path) + 1);
	if (ioctl(fd, VISORFS_IOC_VERSION, version) == 0)
		return 1;
	if (errno == ENOENT)
		return 0;
	if (errno == ENOTTY)
		return no_visorfs(path, e);
	if (errno == EINVAL && open)
		return err_set(e, ERR_INVALID, "%s: is neither a regular file nor a link there",
			       path);
	return err_sys(e, errno, "%s: ask visorfs for its versions", path);
}

int vfs_state_next(int fd, struct visorfs_state *state, struct err *e)
{
	state->size = sizeof(*state);
	if (ioctl(fd, VISORFS_IOC_STATE_NEXT, state) == 0)
		return 1;
	if (errno == ENOENT)
		return 0;
	if (errno == ENOTTY)
		return no_visorfs("list of state files", e);
	return err_sys(e, errno, "list of state files");
}
