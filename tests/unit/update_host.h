/* SPDX-License-Identifier: Apache-2.0 */
/* A host in the folder of tree.h that has a boot medium and trusts somebody: for updates of it. */
#ifndef TESTS_UNIT_UPDATE_HOST_H
#define TESTS_UNIT_UPDATE_HOST_H

#include "tests/unit/boot_medium.h"
#include "tests/unit/image_sample.h"

#define UPDATE_NEWER "99.0" /* a version above that of this tree */

/* Whom it trusts, at the level partner, which it wants at least; and somebody else. */
extern struct pki update_signer, update_stranger;

/* The samples 1, which is in the bank that does not run, and 3, which comes. */
extern struct sample update_old, update_image;

/* cmocka group fixtures, with those of tree.h in them. */
int update_host_setup(void **state);
int update_host_teardown(void **state);

/* These bytes as the file /image.vib of the host. */
void update_host_bundle(const struct bytes *b);

/* The sample 3 as that file. */
void update_host_image(const char *version, const struct pki *by);

/* Bank 0 runs; the other one has the sample 1 in that state, or is empty. /image.vib is newer. */
void update_host_start(int running, int other);

#endif
