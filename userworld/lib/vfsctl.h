/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Client of visorfs: its ioctls (visorfs/uapi/visorfs.h) and its state below
 * /sys/fs/visorfs. Readers take a prefix of the sysfs paths ("" for the real
 * one), so that tests can show them a tree of files.
 *
 * mount is any directory on the file system meant, usually "/". Requests that
 * change something need CAP_SYS_ADMIN; if one is refused nothing has changed,
 * and the error carries the kernel's message.
 */
#ifndef VISOR_VFSCTL_H
#define VISOR_VFSCTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "visorfs/uapi/visorfs.h"

struct vfs_ramdisk {
	char name[VISORFS_NAME_MAX + 1];
	char path[256]; /* its top directory, from the root of the mount */
	uint64_t max_bytes;
	uint64_t min_bytes;
	uint64_t used_bytes;
	uint64_t peak_bytes;
	uint64_t max_inodes;
	uint64_t used_inodes;
	uint64_t peak_inodes;
	uint64_t full_events; /* writes and creations refused since it was made */
	uint64_t mark_bytes;  /* the mark that use has passed: 0, 80 or 95 percent */
	uint64_t mark_inodes;
};

struct vfs_tardisk {
	char name[VISORFS_NAME_MAX + 1];
	uint64_t order;	    /* higher is newer and shadows lower */
	char residency[16]; /* "resident" or "compressed" */
	uint64_t size;	    /* bytes of its content, unpacked */
	uint64_t packed;    /* bytes of the compressed file it came from */
	uint64_t memory; /* bytes it takes in memory; what is cached of a compressed one is not in
			    it */
	uint64_t files;
	uint64_t branches; /* files of it that were changed since */
};

/* The number of the instance that mount belongs to. ERR_INVALID if it is no visorfs. */
int vfs_instance(const char *mount, unsigned int *instance, struct err *e);

/*
 * Ramdisks sorted by path, tardisks by order (oldest first). The array is
 * allocated and belongs to the caller. One that goes away during the reading
 * is left out.
 */
int vfs_ramdisk_list(const char *sysroot, struct vfs_ramdisk **list, size_t *count, struct err *e);
int vfs_tardisk_list(const char *sysroot, struct vfs_tardisk **list, size_t *count, struct err *e);

/* A pool and what of a ramdisk is charged to it. */
struct vfs_owner {
	uint64_t pool; /* number of its control group; 0: all others */
	uint64_t bytes;
	uint64_t inodes;
	char name[256]; /* "/host/vim/vmvisor/hostd", "(gone, NUMBER)" or "(others)" */
};

/* Those that hold a ramdisk, the largest first. The array belongs to the caller. One thread. */
int vfs_owner_list(const char *sysroot, const char *ramdisk, struct vfs_owner **list, size_t *count,
		   struct err *e);

/* The counter that grows with every change of state files. */
int vfs_state_generation(const char *sysroot, uint64_t *generation, struct err *e);

/*
 * Attaches and detaches as one switch. attach[] holds open descriptors and
 * names, later ones shadow earlier ones; either array may be NULL with count 0.
 */
int vfs_switch(const char *mount, const struct visorfs_attach *attach, size_t attach_count,
	       const struct visorfs_detach *detach, size_t detach_count, struct err *e);

/* Checks the invariants of the file system (uapi/visorfs.h); what was found is in *result. */
int vfs_check(const char *mount, struct visorfs_check *result, struct err *e);

/* The verify mode of the root file system: /sys/fs/visorfs/0/verify. */
struct vfs_verify {
	bool enabled;
	uint64_t rate;			    /* KiB in a second at most */
	uint64_t passes;		    /* over all tardisks, since boot */
	uint64_t errors;		    /* damaged chunks found */
	uint64_t healed;		    /* of them */
	uint64_t position;		    /* bytes done of the tardisk at hand */
	char tardisk[VISORFS_NAME_MAX + 1]; /* it; "" before the first */
};

int vfs_verify_get(const char *sysroot, struct vfs_verify *v, struct err *e);

/* Switches it; rate 0 leaves the rate as it is. */
int vfs_verify_set(const char *sysroot, bool enabled, uint64_t rate, struct err *e);

/* Makes dir, an existing directory, the top of a new ramdisk. */
int vfs_ramdisk_add(const char *dir, const char *name, uint64_t max_bytes, uint64_t min_bytes,
		    uint64_t max_inodes, struct err *e);
int vfs_ramdisk_resize(const char *mount, const char *name, uint64_t max_bytes, uint64_t min_bytes,
		       uint64_t max_inodes, struct err *e);
int vfs_ramdisk_remove(const char *mount, const char *name, struct err *e);

/* Who gives a regular file or directory. Symbolic links are not followed: ERR_INVALID for one. */
int vfs_provider(const char *path, struct visorfs_provider *provider, struct err *e);

/* The same by descriptor (not O_PATH); path is for the message only. */
int vfs_provider_fd(int fd, const char *path, struct visorfs_provider *provider, struct err *e);

/*
 * Version number index of path, from the newest (0): who has it and how it was
 * shipped. fd is of any directory on the file system; path is absolute, from its
 * root, or below that directory. Returns 1, or 0 if there are not so many. With
 * open, version->fd is the caller's to close: a regular file or a link's target.
 */
int vfs_version(int fd, const char *path, uint32_t index, bool open,
		struct visorfs_version *version, struct err *e);

/*
 * The next changed state file. fd is a descriptor of any directory on the
 * file system; begin with state->cursor 0. Returns 1 with one path, 0 at the end.
 */
int vfs_state_next(int fd, struct visorfs_state *state, struct err *e);

#endif
