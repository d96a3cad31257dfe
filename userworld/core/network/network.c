// SPDX-License-Identifier: Apache-2.0
/* network.ipv4.list and network.dns.get: how the host is reached. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "file.h"
#include "change.h"
#include "device.h"
#include "resolv.h"
#include "route4.h"
#include "userworld/core/internal.h"

static void free_addrs(struct ifaddrs **list)
{
	if (*list)
		freeifaddrs(*list);
}

#define _cleanup_addrs_ _cleanup_(free_addrs)

static const char *net_field(const char *iface, const char *field, char buf[static 64])
{
	char path[CORE_PATH_MAX];

	if (core_path(path, NULL, CORE_SYSFS, "/sys/class/net/%s/%s", iface, field) < 0 ||
	    file_read_at(AT_FDCWD, path, buf, 64, NULL) < 0)
		buf[0] = '\0';
	return buf;
}

/* What net has noted of a device's address: "dhcp" or "static"; "" as long as that is not in force.
 */
static const char *note(const char *device, char text[static 64])
{
	char path[CORE_PATH_MAX];

	if (core_path(path, NULL, CORE_RUN, NET_NOTE "/%s", device) < 0 ||
	    file_read_at(AT_FDCWD, path, text, 64, NULL) < 0)
		text[0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return text;
}

/* The interface of the settings that is on this device, or NULL; settings with a mistake have none.
 */
static const struct net_interface *interface_on(struct net_conf *c, const char *name)
{
	struct err ignored = ERR_INIT;
	char device[2 * IF_NAMESIZE];

	if (network_conf(c, &ignored) < 0)
		return NULL;
	for (size_t i = 0; i < c->count; i++)
		if (device_of(&c->list[i], device) == 0 && !strcmp(device, name))
			return &c->list[i];
	return NULL;
}

static const char *type_of(const struct net_interface *i, const char *noted)
{
	if (*noted)
		return strcmp(noted, "dhcp") ? "static" : "dhcp";
	return i && !i->address[0] ? "dhcp" : "static";
}

/* An address of before the last change is not what was asked for. */
static const char *state_of(const struct net_interface *i, bool has, const char *noted)
{
	if (i && i->enabled && strcmp(i->address, "none") != 0)
		return has && *noted ? "up" : "pending";
	return has ? "up" : "none";
}

static const char *address_text(const struct sockaddr *sa, char buf[static INET_ADDRSTRLEN])
{
	buf[0] = '\0';
	if (sa && sa->sa_family == AF_INET)
		inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)sa)->sin_addr, buf,
			  INET_ADDRSTRLEN);
	return buf;
}

static const char *broadcast(const char *address, const char *netmask,
			     char buf[static INET_ADDRSTRLEN])
{
	struct in_addr a, m;

	buf[0] = '\0';
	if (inet_pton(AF_INET, address, &a) == 1 && inet_pton(AF_INET, netmask, &m) == 1) {
		a.s_addr |= ~m.s_addr;
		inet_ntop(AF_INET, &a, buf, INET_ADDRSTRLEN);
	}
	return buf;
}

static json_t *pack_interface(const char *name, const struct ifaddrs *a, const char *routes)
{
	char address[INET_ADDRSTRLEN] = "", netmask[INET_ADDRSTRLEN] = "";
	char gateway[INET_ADDRSTRLEN] = "", all[INET_ADDRSTRLEN], mac[64], link[64], noted[64];
	const struct net_interface *i;
	struct net_conf c;

	net_field(name, "address", mac);
	net_field(name, "operstate", link);
	note(name, noted);
	i = interface_on(&c, name);
	route4_gateway(routes, name, gateway);
	if (a) {
		address_text(a->ifa_addr, address);
		address_text(a->ifa_netmask, netmask);
	}
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "name", name, "mac", mac,
			 "link", strcmp(link, "up") ? "down" : "up", "address", address, "netmask",
			 netmask, "broadcast", broadcast(address, netmask, all), "gateway", gateway,
			 "type", a ? type_of(i, noted) : "none", "state", state_of(i, a, noted));
}

/* All IPv4 addresses of one interface; one row without address if it has none. */
static int add_interface(json_t *rows, const char *name, const struct ifaddrs *addrs,
			 const char *routes, struct err *e)
{
	bool any = false;

	for (const struct ifaddrs *a = addrs; a; a = a->ifa_next) {
		if (strcmp(a->ifa_name, name) != 0 || !a->ifa_addr ||
		    a->ifa_addr->sa_family != AF_INET)
			continue;
		any = true;
		if (json_array_append_new(rows, pack_interface(name, a, routes)) < 0)
			return core_nomem(e);
	}
	if (!any && json_array_append_new(rows, pack_interface(name, NULL, routes)) < 0)
		return core_nomem(e);
	return 0;
}

static int ipv4_list(json_t *params, json_t **result, struct err *e)
{
	_cleanup_addrs_ struct ifaddrs *addrs = NULL;
	_cleanup_free_ char *routes = NULL;
	char path[CORE_PATH_MAX];
	json_t *rows;

	(void)params;
	if (core_path(path, e, CORE_PROC, "/proc/net/route") < 0 ||
	    file_read(path, 1 << 20, &routes, NULL, e) < 0)
		return -1;
	if (getifaddrs(&addrs) < 0)
		return err_sys(e, errno, "reading the network interfaces");
	rows = json_array();
	for (const struct ifaddrs *a = addrs; a; a = a->ifa_next) {
		/* Every interface has exactly one entry of the packet family. */
		if (!a->ifa_addr || a->ifa_addr->sa_family != AF_PACKET ||
		    (a->ifa_flags & IFF_LOOPBACK))
			continue;
		if (add_interface(rows, a->ifa_name, addrs, routes, e) < 0) {
			json_decref(rows);
			return -1;
		}
	}
	return core_give(result, rows, e);
}

static int dns_get(json_t *params, json_t **result, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX];

	(void)params;
	if (core_text(path, CORE_ROOT, "/etc/resolv.conf", 65536, &text, e) < 0)
		return -1;
	return core_give(result, resolv_parse(text), e);
}

const struct core_op core_network_ops[] = {
	{
		.name = "network.ipv4.list",
		.method = "GET",
		.path = "/network/ipv4",
		.run = ipv4_list,
		.help = "Network interfaces with their IPv4 addresses",
	},
	{
		.name = "network.dns.get",
		.method = "GET",
		.path = "/network/dns",
		.run = dns_get,
		.help = "Name servers and search domains",
	},
	{ 0 },
};
