/* SPDX-License-Identifier: Apache-2.0 */
/* What a host may be called. Pure. */
#ifndef VISOR_HOSTNAME_H
#define VISOR_HOSTNAME_H

#include "err.h"

#define HOSTNAME_MAX 64 /* bytes, as the kernel takes them, without NUL */

/*
 * RFC 1123: labels of letters, digits and inner hyphens, 1 to 63 bytes each, with dots between
 * them. ERR_INVALID says what is wrong.
 */
int hostname_check(const char *name, struct err *e);

#endif
