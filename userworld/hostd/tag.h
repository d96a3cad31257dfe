/* SPDX-License-Identifier: Apache-2.0 */
/* Entity tags: which state of a resource somebody has seen. */
#ifndef HOSTD_TAG_H
#define HOSTD_TAG_H

#include <jansson.h>
#include <stdbool.h>

#define TAG_LENGTH 32 /* characters, without quotes */

/* Of bytes. -1 for lack of memory, as the next one. */
int tag_of_bytes(const void *bytes, size_t len, char tag[static TAG_LENGTH + 1]);

/* Of a JSON value, whatever the order of its keys. */
int tag_of(json_t *value, char tag[static TAG_LENGTH + 1]);

/*
 * Is the tag in a header's list: If-None-Match or If-Match (RFC 9110, 13.1)? "*" is any; tags
 * that are said to be weak ("W/") count if weak is true.
 */
bool tag_listed(const char *list, const char *tag, bool weak);

#endif
