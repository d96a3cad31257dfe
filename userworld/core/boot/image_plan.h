/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An image bundle (bundle(5), "Images") and the bank that it goes into: what is decided before
 * anything is written. Pure.
 */
#ifndef VISOR_CORE_BOOT_IMAGE_PLAN_H
#define VISOR_CORE_BOOT_IMAGE_PLAN_H

#include "err.h"
#include "tardisk/descriptor.h"
#include "userworld/bank/bootcfg.h"
#include "userworld/bank/choice.h"

struct image_plan {
	struct bootcfg cfg; /* with digests */
	uint32_t sizes[1 + BOOTCFG_MODULES];
	uint64_t bytes; /* of all files */
};

/* What the bank's boot.cfg will say. ERR_INVALID if the bundle is no image that a bank can have. */
int image_plan(const struct bundle_descriptor *d, unsigned long updated, struct image_plan *p,
	       struct err *e);

/* Bundles behind its modules: a file of that size and digest. Size 0: none. */
int image_plan_bundles(struct image_plan *p, uint64_t size, const char *sha256, struct err *e);

/* What is known of the host when an image comes. */
struct image_facts {
	const struct bank_view *views; /* of both banks */
	unsigned int running;	       /* bank */
	const char *version;	       /* of the image that runs */
	const char *failed;	       /* build that failed on this host; NULL: none */
	const char *reason;	       /* why */
	bool force;
};

/* Is it older than what runs? */
bool image_is_older(const struct bundle_descriptor *d, const struct image_facts *f);

/* Is it the one that failed? */
bool image_has_failed(const struct bundle_descriptor *d, const struct image_facts *f);

/*
 * ERR_CONFLICT if the running bank is not confirmed, so that the other one is what the host would
 * go back to; or, without force, if the image is older or failed here before.
 */
int image_admit(const struct bundle_descriptor *d, const struct image_facts *f, struct err *e);

#endif
