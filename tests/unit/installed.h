/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles that are installed on the host in the folder of tree.h. */
#ifndef TESTS_UNIT_INSTALLED_H
#define TESTS_UNIT_INSTALLED_H

#include <stddef.h>

/* A tardisk as visorfs shows it. */
void installed_attach(const char *name, int order);

/*
 * The descriptor of a bundle NAME 1 with the tardisk NAME.v00 of that size; allocated. depends:
 * what is between the brackets in JSON.
 */
char *installed_text(const char *name, size_t size, const char *depends);

/* An installed bundle: its record, its tardisk, and data as the payload. */
void installed_put(const char *name, int order, const char *data, const char *depends);

#endif
