/* SPDX-License-Identifier: Apache-2.0 */
/* Network adapters and what is on them, as sysfs shows them. */
#ifndef VISOR_CORE_NETWORK_DEVICE_H
#define VISOR_CORE_NETWORK_DEVICE_H

#include <net/if.h>

#include "net_conf.h"

/* A file of a device, without its newline; "" if it cannot be read. */
const char *device_field(const char *device, const char *field, char buf[static 64]);

/* "up" or "down". */
const char *device_link(const char *device);

/* The last part of what a link of a device's folder points to: "device/driver"; "" if none. */
const char *device_target(const char *device, const char *link, char buf[static 64]);

/* Calls fn for each adapter that has a driver, by name. Ends when fn returns other than 0, with
 * that. */
int device_each(int (*fn)(void *context, const char *name), void *context);

/* The adapter that an interface is on, as userworld/net/net.sh finds it; "" and -1 if it is not
 * there. */
int device_adapter(const struct net_interface *i, char out[static IF_NAMESIZE]);

/* The kernel's name of an interface: ADAPTER or ADAPTER.VLAN; "" and -1 likewise. */
int device_of(const struct net_interface *i, char out[static 2 * IF_NAMESIZE]);

#endif
