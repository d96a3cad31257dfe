// SPDX-License-Identifier: Apache-2.0
/*
 * network-config, versions 1 and 2: the IPv4 address of the management network, which is on the
 * first adapter. The first static address is taken; what else there is, is noted.
 */
#include <arpa/inet.h>
#include <string.h>

#include "seed.h"

struct found {
	const json_t *address, *netmask, *gateway, *dns;
};

static void note(struct seed_reader *r, const char *what, const char *name)
{
	json_array_append_new(r->unknown, json_sprintf("network-config: %s %s", what, name ?: "?"));
}

static bool is_v4(const json_t *address)
{
	const char *text = json_string_value(address);

	return text && !strchr(text, ':');
}

/* "255.255.255.0" is 24; -1 for what is none. */
static int prefix_of(const char *netmask)
{
	struct in_addr a;
	uint32_t mask;

	if (!netmask || inet_pton(AF_INET, netmask, &a) != 1)
		return -1;
	mask = ntohl(a.s_addr);
	return ~mask & (~mask + 1) ? -1 : __builtin_popcount(mask);
}

static int write_found(struct seed_reader *r, const struct found *f, struct err *e)
{
	const char *text = json_string_value(f->address);
	int prefix = prefix_of(json_string_value(f->netmask));
	json_t *address;
	int rc;

	if (!text)
		return 0;
	if (!strchr(text, '/') && prefix < 0)
		return err_set(e, ERR_INVALID, "network-config: %.64s has no length of its network",
			       text);
	address = strchr(text, '/') ? json_string(text) : json_sprintf("%s/%d", text, prefix);
	rc = seed_line(r, "address", address, e);
	json_decref(address);
	if (rc < 0 || seed_line(r, "gateway", f->gateway, e) < 0)
		return -1;
	return seed_list_line(r, "dns", f->dns, e);
}

/* A default route of a list of routes. */
static const json_t *default_route(const json_t *routes)
{
	const json_t *route;
	size_t i;

	json_array_foreach (routes, i, route) {
		const char *to = json_string_value(json_object_get(route, "to"));

		if (to && (!strcmp(to, "default") || !strcmp(to, "0.0.0.0/0")))
			return json_object_get(route, "via");
	}
	return NULL;
}

static void take_ethernet(struct seed_reader *r, const char *name, const json_t *adapter,
			  struct found *f)
{
	static const char *const known[] = { "dhcp4",	 "addresses", "gateway4", "routes",
					     "match",	 "set-name",  "dhcp6",	  "nameservers",
					     "optional", "critical",  NULL };
	const json_t *addresses = json_object_get(adapter, "addresses"), *address;
	size_t i;

	seed_unknown(r, "network-config: ethernets", adapter, known);
	json_array_foreach (addresses, i, address) {
		if (f->address || !is_v4(address)) {
			note(r, "address", json_string_value(address));
			continue;
		}
		f->address = address;
		f->gateway = json_object_get(adapter, "gateway4")
				     ?: default_route(json_object_get(adapter, "routes"));
		f->dns = json_object_get(json_object_get(adapter, "nameservers"), "addresses");
	}
	if (!addresses && !seed_is_true(json_object_get(adapter, "dhcp4"), false))
		note(r, "adapter without IPv4", name);
}

static int version2(struct seed_reader *r, const json_t *config, struct err *e)
{
	static const char *const known[] = { "version", "ethernets", "renderer", NULL };
	struct found f = { 0 };
	const char *name;
	json_t *adapter;

	seed_unknown(r, "network-config", config, known);
	json_object_foreach (json_object_get(config, "ethernets"), name, adapter)
		take_ethernet(r, name, adapter, &f);
	return write_found(r, &f, e);
}

static void take_subnet(struct seed_reader *r, const json_t *subnet, struct found *f)
{
	const char *type = json_string_value(json_object_get(subnet, "type")) ?: "";

	if (!strcmp(type, "dhcp") || !strcmp(type, "dhcp4"))
		return;
	if (f->address || strncmp(type, "static", 6) != 0 ||
	    !is_v4(json_object_get(subnet, "address"))) {
		note(r, "subnet", type);
		return;
	}
	f->address = json_object_get(subnet, "address");
	f->netmask = json_object_get(subnet, "netmask");
	f->gateway = json_object_get(subnet, "gateway");
	f->dns = json_object_get(subnet, "dns_nameservers");
}

static int version1(struct seed_reader *r, const json_t *config, struct err *e)
{
	const json_t *item, *subnet, *dns = NULL;
	struct found f = { 0 };
	size_t i, k;

	json_array_foreach (json_object_get(config, "config"), i, item) {
		const char *type = json_string_value(json_object_get(item, "type")) ?: "";

		if (!strcmp(type, "physical")) {
			json_array_foreach (json_object_get(item, "subnets"), k, subnet)
				take_subnet(r, subnet, &f);
		} else if (!strcmp(type, "nameserver")) {
			dns = json_object_get(item, "address");
		} else {
			note(r, "type", type);
		}
	}
	f.dns = f.dns ?: dns;
	return write_found(r, &f, e);
}

int seed_network(struct seed_reader *r, const json_t *config, struct err *e)
{
	const char *version;

	/* netplan's files have this around it. */
	if (json_object_get(config, "network"))
		config = json_object_get(config, "network");
	if (!config)
		return 0;
	version = json_string_value(json_object_get(config, "version")) ?: "";
	if (!strcmp(version, "2"))
		return version2(r, config, e);
	if (!strcmp(version, "1"))
		return version1(r, config, e);
	return err_set(e, ERR_INVALID, "network-config: version must be 1 or 2");
}
