// SPDX-License-Identifier: Apache-2.0
/* network.route.*: the routes in force, and those that the host is given. */
#include <stdio.h>
#include <string.h>

#include "change.h"
#include "cleanup.h"
#include "route.h"
#include "userworld/core/internal.h"

#define TABLE_MAX (1 << 20)
#define ROUTE_MAX (INET6_ADDRSTRLEN + 5)

/* An address as the kernel prints it, and of a network only the bits that count. */
static int canonical(int family, const char *network, char out[static ROUTE_MAX])
{
	char address[INET6_ADDRSTRLEN];
	size_t len = strcspn(network, "/");
	unsigned char raw[16];
	int bits;

	if (!net_address_ok(family, network, true))
		return -1;
	memcpy(address, network, len);
	address[len] = '\0';
	inet_pton(family, address, raw);
	sscanf(network + len, "/%d", &bits);
	for (int i = 0; i < (family == AF_INET ? 32 : 128); i++)
		if (i >= bits)
			raw[i / 8] &= (unsigned char)~(0x80 >> i % 8);
	inet_ntop(family, raw, address, sizeof(address));
	snprintf(out, ROUTE_MAX, "%s/%d", address, bits);
	return 0;
}

/* Is it one of the configured routes? */
static bool configured(const char *list, const char *network)
{
	char word[64], gateway[64];

	while (net_word(&list, word, sizeof(word)) && net_word(&list, gateway, sizeof(gateway)))
		if (!strcmp(word, network))
			return true;
	return false;
}

static const char *source_of(const struct route *r, const char *list, const char *network,
			     const struct net_interface *first, bool six)
{
	const char *address = six ? first->address6 : first->address;

	if (configured(list, network))
		return "static";
	if (!r->gateway[0])
		return "connected";
	if (strchr(address, '/'))
		return "static";
	return six ? "auto" : "dhcp";
}

static int list_family(json_t *rows, const struct net_conf *c, bool six, struct err *e)
{
	_cleanup_free_ char *table = NULL;
	char path[CORE_PATH_MAX];
	const char *at;
	struct route r;

	if (core_text(path, CORE_PROC, six ? "/proc/net/ipv6_route" : "/proc/net/route", TABLE_MAX,
		      &table, e) < 0)
		return -1;
	for (at = table; (six ? route6_next : route4_next)(&at, &r);) {
		char network[ROUTE_MAX];

		snprintf(network, sizeof(network), "%s/%u", r.network, r.bits);
		if (json_array_append_new(
			    rows, json_pack("{s:s, s:s, s:s, s:s}", "network", network, "gateway",
					    r.gateway, "interface", r.interface, "source",
					    source_of(&r, six ? c->routes6 : c->routes, network,
						      &c->list[0], six))) < 0)
			return core_nomem(e);
	}
	return 0;
}

static int route_list(json_t *params, json_t **result, struct err *e)
{
	json_int_t family = core_integer(params, "family", 0);
	json_t *rows;
	struct net_conf c;

	/* Also of a host whose file is broken: it is looked at to find out why. */
	if (network_conf(&c, NULL) < 0)
		net_conf_parse("", "", &c, NULL);
	rows = json_array();
	if ((family != 6 && list_family(rows, &c, false, e) < 0) ||
	    (family != 4 && list_family(rows, &c, true, e) < 0)) {
		json_decref(rows);
		return -1;
	}
	return core_give(result, rows, e);
}

/* The parameters as words of the file; which family it is. */
static int take(json_t *params, char network[static ROUTE_MAX], int *family, struct err *e)
{
	const char *text = core_string(params, "network"),
		   *gateway = core_string(params, "gateway");
	json_int_t wanted = core_integer(params, "family", 0);

	*family = strchr(text, ':') ? AF_INET6 : AF_INET;
	if (canonical(*family, text, network) < 0 ||
	    (wanted && (wanted == 6) != (*family == AF_INET6)))
		return err_set(e, ERR_INVALID, "network: '%.64s' is none of IPv%d, such as %s",
			       text, wanted ? (int)wanted : 4,
			       wanted == 6 ? "fd00::/8" : "10.0.0.0/8");
	if (!strcmp(strchr(network, '/'), "/0"))
		return err_set(e, ERR_INVALID,
			       "network: the default route is the gateway of vmk0 (\"network ip "
			       "interface ipv4 set\")");
	if (!net_address_ok(*family, gateway, false))
		return err_set(e, ERR_INVALID, "gateway: '%.64s' is no address of IPv%d", gateway,
			       *family == AF_INET ? 4 : 6);
	return 0;
}

/* The list without that route; *found: it was there. */
static void drop(const char *list, const char *network, const char *gateway,
		 char out[static NET_LIST_MAX], bool *found)
{
	char net[64], via[64];
	size_t used = 0;

	*found = false;
	out[0] = '\0';
	while (net_word(&list, net, sizeof(net)) && net_word(&list, via, sizeof(via))) {
		if (!strcmp(net, network) && !strcmp(via, gateway)) {
			*found = true;
			continue;
		}
		used += (size_t)snprintf(out + used, NET_LIST_MAX - used, "%s%s %s",
					 used ? ", " : "", net, via);
		if (used >= NET_LIST_MAX)
			return;
	}
}

static int change(json_t *params, json_t **result, bool add, struct err *e)
{
	char network[ROUTE_MAX], list[NET_LIST_MAX], longer[NET_LIST_MAX + 128];
	const char *gateway = core_string(params, "gateway"), *old;
	struct conf_change one;
	struct net_conf c;
	bool found;
	int family;

	if (take(params, network, &family, e) < 0 || network_conf(&c, e) < 0)
		return -1;
	old = family == AF_INET ? c.routes : c.routes6;
	drop(old, network, gateway, list, &found);
	if (!add && !found)
		return err_set(e, ERR_NOT_FOUND, "%s: has no such route", NET_CONF);
	if (add && configured(old, network))
		return err_set(e, ERR_CONFLICT, "%s: has a route already", network);
	snprintf(longer, sizeof(longer), "%s%s%s%s%s", list, add && *list ? ", " : "",
		 add ? network : "", add ? " " : "", add ? gateway : "");
	one = (struct conf_change){ family == AF_INET ? "routes" : "routes6",
				    *longer ? longer : NULL };
	return network_change(params, &one, 1, result, e);
}

static int route_add(json_t *params, json_t **result, struct err *e)
{
	return change(params, result, true, e);
}

static int route_remove(json_t *params, json_t **result, struct err *e)
{
	return change(params, result, false, e);
}

#define FAMILY                                                                       \
	{                                                                            \
		"family", CORE_INT, .min = 4, .max = 6, .help = "4 or 6: only these" \
	}

static const struct core_param list_params[] = { FAMILY, { 0 } };

static const struct core_param change_params[] = {
	{ "network", CORE_STRING, .required = true, .min = 1, .max = ROUTE_MAX - 1,
	  .help = "10.0.0.0/8" },
	{ "gateway", CORE_STRING, .required = true, .min = 1, .max = INET6_ADDRSTRLEN - 1,
	  .help = "Address of the router" },
	FAMILY,
	NETWORK_CONFIRM,
	{ 0 },
};

const struct core_op core_route_ops[] = {
	{
		.name = "network.route.list",
		.method = "GET",
		.path = "/network/routes",
		.params = list_params,
		.run = route_list,
		.help = "Routes in force",
	},
	{
		.name = "network.route.add",
		.method = "POST",
		.path = "/network/routes",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = change_params,
		.run = route_add,
		.help = "Reaches a network by a router",
	},
	{
		.name = "network.route.remove",
		.method = "DELETE",
		.path = "/network/routes",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = change_params,
		.run = route_remove,
		.help = "Takes a route back",
	},
	{ 0 },
};
