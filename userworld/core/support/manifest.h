/* SPDX-License-Identifier: Apache-2.0 */
/* What goes into a support bundle, as a file says it: visor-support.manifest(5). Pure. */
#ifndef VISOR_CORE_SUPPORT_MANIFEST_H
#define VISOR_CORE_SUPPORT_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define MANIFEST_SUFFIX ".mfx"
#define MANIFEST_FILE_MAX 65536		       /* bytes of a manifest */
#define MANIFEST_ENTRIES 128		       /* lines copy and exec */
#define MANIFEST_WORDS 64		       /* in a line */
#define MANIFEST_COPY_MAX (UINT64_C(16) << 20) /* bytes of a file */
#define MANIFEST_EXEC_MAX (UINT64_C(4) << 20)  /* bytes of output */
#define MANIFEST_TIMEOUT_MAX 120	       /* seconds */

enum manifest_kind { MANIFEST_COPY, MANIFEST_EXEC };

struct manifest_entry {
	enum manifest_kind kind;
	uint64_t max;	      /* bytes of each file, or of the output */
	bool tail;	      /* of a longer file the end */
	unsigned int timeout; /* seconds */
	const char *name;     /* of the output's file */
	const char **words;   /* patterns of paths, or the command; ends with NULL */
};

struct manifest {
	char *name;	   /* of the file, without suffix */
	const char *about; /* "" if it does not say */
	const char *group; /* "system" if it does not say */
	struct manifest_entry entries[MANIFEST_ENTRIES];
	size_t count;
	const char **refuse; /* patterns of files that are not read; ends with NULL */
	const char **secret; /* more names whose values are secrets; ends with NULL */
	char *text;
};

/* Parses a copy of text. ERR_INVALID with NAME:LINE; *m is empty then. */
int manifest_parse(struct manifest *m, const char *name, const char *text, struct err *e);
void manifest_free(struct manifest *m);

#endif
