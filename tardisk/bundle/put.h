/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUNDLE_PUT_H
#define BUNDLE_PUT_H

#include "tardisk/bundle.h"

/* Writes a bundle to a file that is there whole or not at all. */
int bundle_put(const char *path, const struct bundle_parts *parts, struct err *e);

#endif
