/* SPDX-License-Identifier: Apache-2.0 */
/* resolv.conf(5), as far as it says whom to ask. */
#ifndef VISOR_CORE_NETWORK_RESOLV_H
#define VISOR_CORE_NETWORK_RESOLV_H

#include <jansson.h>

/* {servers: [...], search: [...]}; a new reference, NULL for lack of memory. */
json_t *resolv_parse(const char *text);

#endif
