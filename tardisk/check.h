/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TARDISK_CHECK_H
#define TARDISK_CHECK_H

#include "index.h"

/* Unpacks everything and enforces every rule of docs/tardisk-format.md. */
int tardisk_check(struct tardisk_file *t, struct err *e);

#endif
