/* SPDX-License-Identifier: Apache-2.0 */
/* Decisions about an install, without touching anything. */
#ifndef VISOR_CORE_BUNDLE_PLAN_H
#define VISOR_CORE_BUNDLE_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "err.h"
#include "tardisk/descriptor.h"
#include "vfsctl.h"

/*
 * Bytes that must stay available when all is done: what makes oomd act (4 % of
 * the memory, at least 6 MiB) and some to live on, so that no install ends a world.
 */
uint64_t bundle_memory_margin(uint64_t total);

/* Caps of the ramdisk that takes the payloads: each file in whole pages, and some slack. */
uint64_t bundle_stage_bytes(const struct bundle_descriptor *const *list, size_t n);
uint64_t bundle_stage_inodes(const struct bundle_descriptor *const *list, size_t n);

/*
 * Enough memory for the payloads of all n bundles and what is attached of them at
 * the same time (their content, or if it is to stay compressed a second copy of
 * them), and for what their userworlds reserve, with the margin left over?
 * ERR_NO_SPACE says how much is needed. total and available: bytes.
 */
int bundle_admit_memory(const struct bundle_descriptor *const *list, size_t n, bool compressed,
			uint64_t total, uint64_t available, struct err *e);

/* The same for payloads that are only staged. */
int bundle_admit_stage(const struct bundle_descriptor *const *list, size_t n, uint64_t total,
		       uint64_t available, struct err *e);

/* Are its programs for this machine (uname(2))? ERR_CONFLICT. */
int bundle_admit_machine(const struct bundle_descriptor *d, const char *machine, struct err *e);

/* Bytes that the userworlds of the bundle have reserved. */
uint64_t bundle_reserved(const struct bundle_descriptor *d);

/* Is it one that comes to an image, and none itself? ERR_CONFLICT. */
int bundle_admit_type(const struct bundle_descriptor *d, struct err *e);

/* May it be installed or removed on a running host, in maintenance mode or not? ERR_CONFLICT. */
int bundle_admit_live(const struct bundle_descriptor *d, bool maintenance, struct err *e);
int bundle_admit_live_remove(const struct bundle_descriptor *d, bool maintenance, struct err *e);

/*
 * A name for the next tardisk of a bundle that none of the n taken ones has:
 * "BUNDLE.v00" and up. ERR_CONFLICT when all hundred are in use.
 */
int bundle_tardisk_name(const char *bundle, const struct vfs_tardisk *taken, size_t n,
			char out[static VISORFS_NAME_MAX + 1], struct err *e);

/* "VENDOR_bootbank_NAME_VERSION", allocated; NULL for lack of memory. */
char *bundle_id(const struct bundle_descriptor *d);

#endif
