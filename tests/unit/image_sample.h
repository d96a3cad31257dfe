/* SPDX-License-Identifier: Apache-2.0 */
/* Image bundles with the files of a sample bank. */
#ifndef TESTS_UNIT_IMAGE_SAMPLE_H
#define TESTS_UNIT_IMAGE_SAMPLE_H

#include "tests/unit/bank_sample.h"
#include "tests/unit/bundle_sample.h"
#include "tests/unit/pki.h"

/* The bundle, signed by signer unless it is NULL; the data is the caller's. */
struct bytes image_sample(const struct sample *s, const char *version, const struct pki *signer);

#endif
