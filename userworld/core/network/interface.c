// SPDX-License-Identifier: Apache-2.0
/* network.interface.*: which adapter and VLAN the interfaces of the management network are on. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "device.h"
#include "userworld/core/internal.h"

#define NUMBER_MAX 12

static json_t *pack(const struct net_interface *i)
{
	char device[2 * IF_NAMESIZE], adapter[IF_NAMESIZE], mac[64], mtu[64];

	device_adapter(i, adapter);
	device_of(i, device);
	device_field(device[0] ? device : "-", "address", mac);
	device_field(device[0] ? device : "-", "mtu", mtu);
	return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:b, s:s}", "name", i->name, "adapter",
			 adapter[0] ? adapter : i->adapter, "device", device, "mac", mac, "vlan",
			 (json_int_t)i->vlan, "mtu",
			 mtu[0] ? (json_int_t)atoll(mtu) : (json_int_t)i->mtu, "enabled",
			 i->enabled, "link", device[0] ? device_link(device) : "down");
}

static int interface_list(json_t *params, json_t **result, struct err *e)
{
	json_t *rows;
	struct net_conf c;

	(void)params;
	if (network_conf(&c, e) < 0)
		return -1;
	rows = json_array();
	for (size_t i = 0; i < c.count; i++)
		if (json_array_append_new(rows, pack(&c.list[i])) < 0) {
			json_decref(rows);
			return core_nomem(e);
		}
	return core_give(result, rows, e);
}

/* What the parameters say of an interface, as lines of the file. */
struct lines {
	struct conf_change list[8];
	char keys[8][32];
	char numbers[2][NUMBER_MAX];
	size_t count;
};

static void put(struct lines *l, const char *interface, const char *key, const char *value)
{
	size_t n = l->count++;

	l->list[n] = (struct conf_change){ net_conf_key(l->keys[n], interface, key), value };
}

/* 0 stands for what is so without the key. */
static void put_number(struct lines *l, const char *name, const char *key, json_int_t n,
		       char text[static NUMBER_MAX])
{
	snprintf(text, NUMBER_MAX, "%d", (int)n);
	put(l, name, key, n ? text : NULL);
}

static int from_params(struct lines *l, const char *name, json_t *params, struct err *e)
{
	const char *adapter = core_string(params, "adapter");
	json_t *enabled = json_object_get(params, "enabled");
	json_int_t mtu = core_integer(params, "mtu", 0);

	if (mtu && mtu < NET_MTU_MIN)
		return err_set(e, ERR_INVALID, "mtu: from %d, or 0 for that of the adapter",
			       NET_MTU_MIN);
	if (adapter)
		put(l, name, "adapter", *adapter ? adapter : NULL);
	if (json_object_get(params, "vlan"))
		put_number(l, name, "vlan", core_integer(params, "vlan", 0), l->numbers[0]);
	if (json_object_get(params, "mtu"))
		put_number(l, name, "mtu", mtu, l->numbers[1]);
	if (enabled)
		put(l, name, "enabled", json_is_true(enabled) ? NULL : "no");
	return 0;
}

/* One that is not there could be a slip of the pen that cuts the host off. */
static int check_adapter(json_t *params, struct err *e)
{
	const char *adapter = core_string(params, "adapter");
	struct net_interface i = { 0 };
	char found[IF_NAMESIZE];

	if (!adapter || !*adapter)
		return 0;
	snprintf(i.adapter, sizeof(i.adapter), "%s", adapter);
	if (device_adapter(&i, found) < 0)
		return err_set(e, ERR_NOT_FOUND,
			       "adapter: there is no %s (\"network nic list\" shows them)",
			       adapter);
	return 0;
}

/* Not two interfaces on the same wire, whatever they call its adapter. */
static int check_alone(const struct net_conf *c, const char *name, const struct net_interface *as,
		       struct err *e)
{
	char wanted[2 * IF_NAMESIZE], device[2 * IF_NAMESIZE];

	if (device_of(as, wanted) < 0)
		return 0;
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->list[i].name, name) != 0 && device_of(&c->list[i], device) == 0 &&
		    !strcmp(device, wanted))
			return err_set(e, ERR_CONFLICT, "%s: is what %s is on", wanted,
				       c->list[i].name);
	return 0;
}

static int check_place(const struct net_conf *c, struct net_interface as, json_t *params,
		       struct err *e)
{
	const char *adapter = core_string(params, "adapter");

	if (check_adapter(params, e) < 0)
		return -1;
	if (adapter)
		snprintf(as.adapter, sizeof(as.adapter), "%s", adapter);
	as.vlan = (unsigned int)core_integer(params, "vlan", as.vlan);
	return check_alone(c, as.name, &as, e);
}

static int interface_set(json_t *params, json_t **result, struct err *e)
{
	const struct net_interface *i;
	struct lines l = { .count = 0 };
	struct net_conf c;

	i = network_interface(&c, core_string(params, "name"), e);
	if (!i || check_place(&c, *i, params, e) < 0 || from_params(&l, i->name, params, e) < 0)
		return -1;
	if (!l.count)
		return err_set(e, ERR_USAGE, "nothing to set was given");
	return network_change(params, l.list, l.count, result, e);
}

static int interface_add(json_t *params, json_t **result, struct err *e)
{
	const char *name = core_string(params, "name");
	struct net_interface as = { 0 };
	struct lines l = { .count = 0 };
	struct net_conf c;

	if (network_conf(&c, e) < 0)
		return -1;
	if (net_conf_find(&c, name))
		return err_set(e, ERR_CONFLICT, "%s: is there already", name);
	if (c.count == NET_INTERFACES)
		return err_set(e, ERR_CONFLICT, "there are %d interfaces, no more can be",
			       NET_INTERFACES);
	snprintf(as.name, sizeof(as.name), "%s", name);
	if (!*core_string(params, "adapter"))
		return err_set(e, ERR_INVALID, "adapter: must be named");
	if (check_place(&c, as, params, e) < 0 || from_params(&l, name, params, e) < 0)
		return -1;
	return network_change_address(params, l.list, l.count,
				      !json_is_false(json_object_get(params, "enabled")), result,
				      e);
}

static int interface_remove(json_t *params, json_t **result, struct err *e)
{
	static const char *const keys[] = { "adapter", "vlan",	   "mtu",     "enabled",
					    "address", "address6", "gateway", "gateway6" };
	const struct net_interface *i;
	struct lines l = { .count = 0 };
	struct net_conf c;

	i = network_interface(&c, core_string(params, "name"), e);
	if (!i)
		return -1;
	if (!strcmp(i->name, "vmk0"))
		return err_set(e, ERR_CONFLICT,
			       "vmk0: cannot be removed (\"network ip interface set -e false\" "
			       "switches it off)");
	for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++)
		put(&l, i->name, keys[k], NULL);
	return network_change(params, l.list, l.count, result, e);
}

#define PLACE                                                                                   \
	{ "vlan", CORE_INT, .min = 0, .max = NET_VLAN_MAX, .help = "VLAN id; 0: none" },        \
		{ "mtu", CORE_INT, .min = 0, .max = NET_MTU_MAX,                                \
		  .help = "Bytes of a frame's contents, from 1280; 0: as the adapter has it" }, \
		{ "enabled", CORE_BOOL, .help = "Whether it is used" }, NETWORK_CONFIRM

static const struct core_param set_params[] = {
	NETWORK_INTERFACE,
	{ "adapter", CORE_STRING, .max = NET_ADAPTER_MAX - 1, .among = "network.nic.list name",
	  .help = "Name or hardware address; empty (vmk0): the first one" },
	PLACE,
	{ 0 },
};

static const struct core_param add_params[] = {
	{ "name", CORE_NAME, .required = true, .min = 4, .max = NET_NAME_MAX - 1,
	  .help = "Name of the new interface: vmk1" },
	{ "adapter", CORE_STRING, .required = true, .max = NET_ADAPTER_MAX - 1,
	  .among = "network.nic.list name", .help = "Name or hardware address" },
	PLACE,
	{ 0 },
};

static const struct core_param remove_params[] = { NETWORK_INTERFACE, NETWORK_CONFIRM, { 0 } };

const struct core_op core_interface_ops[] = {
	{
		.name = "network.interface.list",
		.method = "GET",
		.path = "/network/interfaces",
		.run = interface_list,
		.help = "Interfaces of the management network, and the adapters and VLANs they "
			"are on",
	},
	{
		.name = "network.interface.add",
		.method = "POST",
		.path = "/network/interfaces",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = add_params,
		.run = interface_add,
		.help = "Another interface: vmk1",
	},
	{
		.name = "network.interface.set",
		.method = "PATCH",
		.path = "/network/interfaces/{name}",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = set_params,
		.run = interface_set,
		.help = "Changes adapter, VLAN, MTU of an interface, or switches it on or off",
	},
	{
		.name = "network.interface.remove",
		.method = "DELETE",
		.path = "/network/interfaces/{name}",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = remove_params,
		.run = interface_remove,
		.help = "Takes an interface away",
	},
	{ 0 },
};
