/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the descriptor share. */
#ifndef TARDISK_DESCRIPTOR_PAYLOAD_H
#define TARDISK_DESCRIPTOR_PAYLOAD_H

#include <jansson.h>

#include "descriptor.h"

#define BUNDLE_DESCRIPTOR_FILE "descriptor.json"

/* One element of "payloads". Errors name its field only. */
int bundle_payload_parse(json_t *value, struct bundle_payload *payload, struct err *e);

/* NULL if it is a name for a payload, else what is wrong. */
const char *bundle_payload_name_fault(const char *name);

#endif
