/* SPDX-License-Identifier: Apache-2.0 */
/* When certificates of clients were used last: since the start of the host, below /run. */
#ifndef VISOR_CORE_SECURITY_CLIENT_USE_H
#define VISOR_CORE_SECURITY_CLIENT_USE_H

#include <jansson.h>
#include <time.h>

#define CLIENT_USE_FILE "/run/visoros/clients.json"
#define CLIENT_USE_STEP 60 /* seconds: more often is not written */

/* {SHA-256: seconds since 1970}; a new reference, empty if none was used. */
json_t *client_use_read(void);

/* This one, now. What cannot be written is not worth a login. Quick. */
void client_use_note(const char *digest, time_t now);

#endif
