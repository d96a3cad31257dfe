/* SPDX-License-Identifier: Apache-2.0 */
/* Does a name server answer? */
#ifndef VISOR_CORE_NETWORK_DNS_PROBE_H
#define VISOR_CORE_NETWORK_DNS_PROBE_H

#include <stddef.h>

#include "err.h"

/*
 * Asks one server (an address, with %DEVICE if need be) for the address of a name. 0: it answered,
 * if only that there is none. ERR_UNAVAILABLE: no answer within seconds.
 */
int dns_probe(const char *server, const char *name, unsigned int seconds, struct err *e);

#endif
