/* SPDX-License-Identifier: Apache-2.0 */
/* The management network as /etc/network.conf has it: network.conf(5). */
#ifndef VISOR_CORE_NETWORK_NET_CONF_H
#define VISOR_CORE_NETWORK_NET_CONF_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>

#include "err.h"

#define NET_CONF "/etc/network.conf"
#define NET_INTERFACES 8
#define NET_NAME_MAX 8	   /* "vmk0" */
#define NET_ADAPTER_MAX 18 /* name or hardware address */
/* net notes here of each device where its IPv4 address is from, when that is in force. */
#define NET_NOTE "/run/network"
/* What comes before a device's name where dhcpcd.script notes the address that DHCPv6 gave it. */
#define NET_NOTE_DHCP6 "dhcp6."
#define NET_ADDRESS_MAX 52 /* of IPv6, with "/64" */
#define NET_LIST_MAX 1024  /* bytes of a list, with one blank between two words */
#define NET_VLAN_MAX 4094
#define NET_MTU_MIN 1280 /* what IPv6 needs */
#define NET_MTU_MAX 9216

struct net_interface {
	char name[NET_NAME_MAX];
	char adapter[NET_ADAPTER_MAX]; /* "": the first that has a driver */
	unsigned int vlan;	       /* 0: none */
	unsigned int mtu;	       /* bytes; 0: the adapter's own */
	bool enabled;
	char address[NET_ADDRESS_MAX]; /* "": by DHCP, "none", or ADDRESS/BITS */
	char gateway[NET_ADDRESS_MAX];
	char address6[NET_ADDRESS_MAX]; /* "": as routers say (none but of vmk0), "auto", "slaac",
					   "dhcp", "none", or ADDRESS/BITS */
	char gateway6[NET_ADDRESS_MAX];
};

struct net_conf {
	struct net_interface list[NET_INTERFACES]; /* vmk0 first, it is always there */
	size_t count;
	char dns[NET_LIST_MAX], search[NET_LIST_MAX];
	bool dhcp_dns;
	char routes[NET_LIST_MAX], routes6[NET_LIST_MAX]; /* NETWORK GATEWAY, one after the other */
};

/* Reads the text of the file; path is for messages. ERR_INVALID for what cannot be put in force. */
int net_conf_parse(const char *path, const char *text, struct net_conf *c, struct err *e);

/* The interface of that name, or NULL. */
const struct net_interface *net_conf_find(const struct net_conf *c, const char *name);

/* The key of an interface in the file: "address" of vmk0, "vmk1.address" of another one. */
const char *net_conf_key(char out[static 32], const char *interface, const char *key);

/* Is it an address of that family (AF_INET, AF_INET6); with "/BITS" behind it if prefix is set? */
bool net_address_ok(int family, const char *text, bool prefix);

/* A domain, such as one that names are looked for in. */
bool net_domain_ok(const char *text);

/*
 * Lists: blanks and commas between words. net_word() copies the one at *at and moves on; false at
 * the end, or for one that does not fit.
 */
bool net_word(const char **at, char *out, size_t size);

#endif
