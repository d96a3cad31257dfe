/* SPDX-License-Identifier: Apache-2.0 */
/* One HTTP/1.0 exchange with a hostd, over whatever a BIO is: the server closes at the end of its
 * answer. */
#ifndef VISORCLI_EXCHANGE_H
#define VISORCLI_EXCHANGE_H

#include <jansson.h>
#include <openssl/bio.h>

#include "err.h"

#define EXCHANGE_MAX (16u << 20) /* bytes of an answer */

/* login: the value of the header Authorization, or NULL. The BIO stays the caller's. */
int exchange(BIO *bio, const char *host, const char *login, const char *op, json_t *params,
	     json_t **result, struct err *e);

#endif
