/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Another host's hostd, over HTTPS. It is believed by the thumbprint of its certificate, which its
 * console shows, or by an authority that this system believes and its name.
 */
#ifndef VISORCLI_REMOTE_H
#define VISORCLI_REMOTE_H

#include <stdbool.h>

#include "cli.h"

#define REMOTE_HOST 256 /* bytes of a name or address, NUL included */

/*
 * "HOST", "HOST:PORT", "[ADDRESS]:PORT" into its parts, port "443" if there is none. Pure. False
 * for what is none of these.
 */
bool remote_parse(const char *server, char host[static REMOTE_HOST], char port[static 6]);

/*
 * Whom remote_call() asks. The password is the first line of its file, VISORCLI_PASSWORD of the
 * environment, or asked for; user is root if there is none. The strings must live on.
 */
int remote_connect(const struct cli_remote *remote, struct err *e);

/* As client_call(). ERR_DENIED if the host is not believed: the message has its thumbprint. */
int remote_call(const char *op, json_t *params, json_t **result, struct err *e);

#endif
