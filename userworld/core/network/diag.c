// SPDX-License-Identifier: Apache-2.0
/* network.ping and network.test: does the network do what it is there for? Without hostd, too. */
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "change.h"
#include "cleanup.h"
#include "device.h"
#include "dns_probe.h"
#include "inet6.h"
#include "ping.h"
#include "resolv.h"
#include "route4.h"
#include "userworld/core/internal.h"

#define PATIENCE 2 /* seconds for each answer */
#define TABLE_MAX (1 << 20)

/* The device of an interface, or what is no interface, taken to be a device. */
static int device_named(const char *name, char out[static 2 * IF_NAMESIZE], struct err *e)
{
	const struct net_interface *i;
	struct net_conf c;

	i = network_interface(&c, name, e);
	if (!i)
		return -1;
	if (device_of(i, out) < 0)
		return err_set(e, ERR_UNAVAILABLE, "%s: its adapter is not there", name);
	return 0;
}

static int ping(json_t *params, json_t **result, struct err *e)
{
	const char *interface = core_string(params, "interface");
	char device[2 * IF_NAMESIZE];
	struct ping p = {
		.host = core_string(params, "host"),
		.family = (int)core_integer(params, "family", 0),
		.count = (int)core_integer(params, "count", 3),
		.wait = (int)core_integer(params, "wait", PATIENCE),
		.size = (int)core_integer(params, "size", 0),
	};

	if (p.family == 5)
		return err_set(e, ERR_INVALID, "family: 4 or 6");
	if (interface && device_named(interface, device, e) < 0)
		return -1;
	p.device = interface ? device : NULL;
	return ping_run(&p, result, e);
}

static int row(json_t *rows, const char *what, const char *target, const struct err *fault,
	       const char *detail)
{
	bool ok = fault->kind == 0;

	return json_array_append_new(rows, json_pack("{s:s, s:s, s:b, s:s}", "test", what, "target",
						     target, "ok", ok, "detail",
						     ok ? detail : fault->text));
}

static int test_gateway(json_t *rows, const char *gateway, const char *device, int family)
{
	struct ping p = {
		.host = gateway, .family = family, .count = 2, .wait = PATIENCE, .device = device
	};
	struct err fault = ERR_INIT;
	json_t *answer = NULL;
	char detail[64] = "";

	if (ping_run(&p, &answer, &fault) == 0 &&
	    !json_integer_value(json_object_get(answer, "received")))
		err_set(&fault, ERR_UNAVAILABLE, "no answer");
	snprintf(detail, sizeof(detail), "%.3f ms",
		 json_real_value(json_object_get(answer, "avg")));
	json_decref(answer);
	return row(rows, family == 6 ? "ipv6 gateway" : "gateway", gateway, &fault, detail);
}

static int test_gateways(json_t *rows, const char *device, struct err *e)
{
	_cleanup_free_ char *routes = NULL, *routes6 = NULL;
	char path[CORE_PATH_MAX], gateway[INET6_ADDRSTRLEN];
	struct err none = ERR_INIT;

	if (core_text(path, CORE_PROC, "/proc/net/route", TABLE_MAX, &routes, e) < 0 ||
	    core_text(path, CORE_PROC, "/proc/net/ipv6_route", TABLE_MAX, &routes6, e) < 0)
		return -1;
	if (route4_gateway(routes, device, gateway) == 0) {
		test_gateway(rows, gateway, device, 4);
	} else {
		err_set(&none, ERR_NOT_FOUND, "there is no default gateway");
		row(rows, "gateway", "", &none, "");
	}
	if (inet6_gateway(routes6, device, gateway) == 0)
		test_gateway(rows, gateway, device, 6);
	return 0;
}

static void test_server(json_t *rows, const char *server, const char *name)
{
	struct err fault = ERR_INIT;

	dns_probe(server, name, PATIENCE, &fault);
	row(rows, "name server", server, &fault, "answers");
}

static void test_name(json_t *rows, const char *name)
{
	struct addrinfo hints = { .ai_socktype = SOCK_DGRAM };
	struct addrinfo *list = NULL;
	struct err fault = ERR_INIT;
	char text[INET6_ADDRSTRLEN] = "";
	int rc = getaddrinfo(name, NULL, &hints, &list);

	if (rc)
		err_set(&fault, ERR_NOT_FOUND, "%s", gai_strerror(rc));
	else
		getnameinfo(list->ai_addr, list->ai_addrlen, text, sizeof(text), NULL, 0,
			    NI_NUMERICHOST);
	if (list)
		freeaddrinfo(list);
	row(rows, "name", name, &fault, text);
}

static int test_names(json_t *rows, const char *name, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[CORE_PATH_MAX], host[256] = "localhost";
	json_t *dns, *server;
	size_t i;

	if (core_text(path, CORE_ROOT, "/etc/resolv.conf", 65536, &text, e) < 0)
		return -1;
	if (!name) {
		gethostname(host, sizeof(host) - 1);
		name = host;
	}
	dns = resolv_parse(text);
	json_array_foreach (json_object_get(dns, "servers"), i, server)
		test_server(rows, json_string_value(server), name);
	json_decref(dns);
	test_name(rows, name);
	return 0;
}

static int test(json_t *params, json_t **result, struct err *e)
{
	char device[2 * IF_NAMESIZE];
	struct err fault = ERR_INIT;
	json_t *rows = json_array();

	if (device_named("vmk0", device, &fault) == 0 && strcmp(device_link(device), "up"))
		err_set(&fault, ERR_UNAVAILABLE, "%s: no link", device);
	row(rows, "interface", "vmk0", &fault, "the link is up");
	if ((!fault.kind && test_gateways(rows, device, e) < 0) ||
	    test_names(rows, core_string(params, "host"), e) < 0) {
		json_decref(rows);
		return -1;
	}
	return core_give(result, rows, e);
}

static const struct core_param ping_params[] = {
	{ "host", CORE_STRING, .required = true, .min = 1, .max = 253, .help = "Name or address" },
	{ "family", CORE_INT, .min = 4, .max = 6, .help = "4 or 6" },
	{ "count", CORE_INT, .min = 1, .max = 100, .otherwise = "3", .help = "Packets" },
	{ "wait", CORE_INT, .min = 1, .max = 30, .otherwise = "2", .help = "For each answer" },
	{ "size", CORE_INT, .min = 16, .max = 65000, .otherwise = "56",
	  .help = "Contents of a packet" },
	{ "interface", CORE_NAME, .min = 4, .max = NET_NAME_MAX - 1,
	  .among = "network.interface.list name", .help = "Out of this interface" },
	{ 0 },
};

static const struct core_param test_params[] = {
	{ "host", CORE_STRING, .min = 1, .max = 253, .otherwise = "the host's own",
	  .help = "A name to look up" },
	{ 0 },
};

const struct core_op core_diag_ops[] = {
	{
		.name = "network.ping",
		.method = "POST",
		.path = "/network/ping",
		.privilege = CORE_OPERATE,
		.flags = CORE_SLOW | CORE_QUIET,
		.params = ping_params,
		.run = ping,
		.help = "Sends echo requests",
	},
	{
		.name = "network.test",
		.method = "POST",
		.path = "/network/test",
		.privilege = CORE_OPERATE,
		.flags = CORE_SLOW | CORE_QUIET,
		.params = test_params,
		.run = test,
		.help = "Tries link, gateways, name servers and a name",
	},
	{ 0 },
};
