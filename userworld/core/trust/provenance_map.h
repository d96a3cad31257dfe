/* SPDX-License-Identifier: Apache-2.0 */
/* Code that a process has mapped, and what to think of it. Pure. */
#ifndef VISOR_CORE_TRUST_PROVENANCE_MAP_H
#define VISOR_CORE_TRUST_PROVENANCE_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

struct code_map {
	char range[40];	 /* "55d0c0000000-55d0c0001000", as in /proc/PID/map_files */
	char path[4096]; /* without " (deleted)"; "" of anonymous memory */
};

/*
 * The executable mappings in the text of /proc/PID/maps, one for each path; those
 * of the kernel's own ("[vdso]") are left out. The list is the caller's.
 */
int code_maps_parse(const char *text, struct code_map **list, size_t *n, struct err *e);

enum code_status {
	CODE_IMAGE_OR_BUNDLE, /* what it was mapped from is installed and trusted */
	CODE_REVOKED,	      /* installed, but its bundle is trusted no longer */
	CODE_REPLACED,	      /* another file has the path now */
	CODE_REMOVED,	      /* the file is gone, with its tardisk or by itself */
	CODE_CHANGED,	      /* a file that was changed, or is in a ramdisk */
	CODE_FOREIGN,	      /* a file of another file system */
	CODE_ANONYMOUS,	      /* memory without a file */
};

struct code_facts {
	bool file;     /* there is one */
	bool visorfs;  /* visorfs has it */
	bool tardisk;  /* a tardisk has shipped it */
	bool changed;  /* since then */
	bool attached; /* the tardisk still is */
	bool current;  /* the file has its path still */
	bool trusted;  /* the bundle is */
};

enum code_status code_judge(const struct code_facts *facts);

/* "installed", "revoked" ... */
const char *code_status_name(enum code_status status);

/* By name: nothing to worry about? */
bool code_status_is_clean(const char *name);

#endif
