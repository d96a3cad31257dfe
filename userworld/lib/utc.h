/* SPDX-License-Identifier: Apache-2.0 */
/* Times as text: UTC to the second as RFC 3339 has it, "2026-11-23T09:10:11Z". */
#ifndef VISOR_UTC_H
#define VISOR_UTC_H

#include <time.h>

#define UTC_MAX 32 /* bytes, with the NUL */

/* Returns text; "" of a time that has no year. */
char *utc_text(time_t when, char text[static UTC_MAX]);

/* 0, or -1 of a text of another form. */
int utc_parse(const char *text, time_t *when);

#endif
