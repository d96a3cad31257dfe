/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of an install that have files of their own. */
#ifndef VISOR_CORE_BUNDLE_INSTALL_H
#define VISOR_CORE_BUNDLE_INSTALL_H

#include <jansson.h>
#include <stdbool.h>

#include "bundle_record.h"
#include "bundle_source.h"

struct install {
	struct bundle *bundle;
	const struct bundle_descriptor *d; /* of the bundle */
	struct bundle_set set;		   /* what is installed before */
	bool *gone;			   /* per entry of set: goes with this install */
	struct bundle_record record;	   /* to be written; d is a copy */
	int *files;			   /* staged payloads, -1 where none yet */
};

/*
 * All reasons to refuse, before anything changes: relations, files of other
 * bundles and of the image, live install, memory. Sets in->gone.
 */
int install_admit(struct install *in, struct err *e);

/* Brings the payloads into the staging ramdisk and checks them. */
int install_stage(struct install *in, struct err *e);

/* One switch: attaches the new tardisks and detaches those of the bundles that go. */
int install_switch(struct install *in, struct err *e);

/* Forgets the bundles that went. */
int install_drop_gone(const struct install *in, struct err *e);

/* The result of a dry run: an effect (bundle_effect.h), taken over, and what would change. */
json_t *bundle_dry_run(json_t *installed, json_t *removed, json_t *effect);

/* "Operation finished successfully" and what was changed, as the result of the operation. */
json_t *bundle_result(const char *message, json_t *installed, json_t *removed);

int bundle_install_run(json_t *params, json_t **result, struct err *e);
int bundle_remove_run(json_t *params, json_t **result, struct err *e);

#endif
