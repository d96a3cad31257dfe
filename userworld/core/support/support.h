/* SPDX-License-Identifier: Apache-2.0 */
/* The support bundle: what the manifests name, without secrets, as a .tgz that is streamed. */
#ifndef VISOR_CORE_SUPPORT_H
#define VISOR_CORE_SUPPORT_H

#include <jansson.h>

#include "err.h"

#define SUPPORT_DIR "/usr/lib/visoros/support.d" /* the manifests; bundles bring theirs */
#define SUPPORT_MAX (UINT64_C(64) << 20)	 /* bytes of all files, before they are packed */
#define SUPPORT_SECONDS 600

/*
 * Writes it to a descriptor, which stays the caller's. group: of these manifests only, NULL: all.
 * *result (may be NULL): {bytes, secrets, taken, cut, timed_out, refused, missing, failed,
 * left_out}. ERR_CONFLICT while another one is written, ERR_NOT_FOUND for an unknown group.
 */
int support_write(int fd, const char *group, json_t **result, struct err *e);

/* The same into a new file, of which nothing stays if it fails. */
int support_write_file(const char *path, const char *group, json_t **result, struct err *e);

/* A list of {name, group, entries, about, problem}. */
int support_manifests(json_t **list, struct err *e);

#endif
