/* SPDX-License-Identifier: Apache-2.0 */
/* Text of unknown origin on its way into JSON. */
#ifndef VISOR_CORE_UTF8_H
#define VISOR_CORE_UTF8_H

#include <stddef.h>

/* Replaces NULs and each byte that is not part of well-formed UTF-8 by '?', in place. */
void utf8_repair(char *text, size_t len);

/* Replaces what is no printable ASCII by '?': names from hardware and disks, shown in one line. */
void ascii_repair(char *text);

#endif
