// SPDX-License-Identifier: Apache-2.0
/* network.nic.list: the adapters. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device.h"
#include "userworld/core/internal.h"

/* Of an adapter without a link the kernel knows neither speed nor duplex. */
static json_int_t number(const char *name, const char *field)
{
	char text[64];
	long long n = atoll(device_field(name, field, text));

	return n > 0 ? n : 0;
}

/* Where the PCI device of an adapter is: virtio is between the two. NULL if there is none. */
static const char *pci_folder(const char *name, char address[static 64])
{
	static const char *const folders[] = { "device", "device/.." };

	for (size_t i = 0; i < 2; i++) {
		char path[CORE_PATH_MAX], real[CORE_PATH_MAX];
		const char *last;

		if (core_path(path, NULL, CORE_SYSFS, "/sys/class/net/%s/%s", name, folders[i]) <
			    0 ||
		    !realpath(path, real))
			continue;
		last = strrchr(real, '/') + 1;
		if (strlen(last) == 12 && last[4] == ':' && last[10] == '.') {
			strcpy(address, last);
			return folders[i];
		}
	}
	address[0] = '\0';
	return NULL;
}

/* Who made what, as numbers: names would be a megabyte of tables. */
static json_t *description(const char *name, const char *folder)
{
	char path[64], vendor[64], device[64];

	if (!folder)
		return json_string("");
	snprintf(path, sizeof(path), "%s/vendor", folder);
	device_field(name, path, vendor);
	snprintf(path, sizeof(path), "%s/device", folder);
	device_field(name, path, device);
	return strlen(vendor) == 6 && strlen(device) == 6
		       ? json_sprintf("PCI %s:%s", vendor + 2, device + 2)
		       : json_string("");
}

static int add(void *context, const char *name)
{
	char driver[64], mac[64], duplex[64], pci[64];
	const char *folder = pci_folder(name, pci);
	json_t *row;

	device_field(name, "duplex", duplex);
	row = json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:s, s:I, s:o}", "name", name, "pci", pci,
			"driver", device_target(name, "device/driver", driver), "link",
			device_link(name), "speed", number(name, "speed"), "duplex",
			strcmp(duplex, "full") && strcmp(duplex, "half") ? "unknown" : duplex,
			"mac", device_field(name, "address", mac), "mtu", number(name, "mtu"),
			"description", description(name, folder));
	return json_array_append_new(context, row);
}

static int nic_list(json_t *params, json_t **result, struct err *e)
{
	json_t *rows = json_array();

	(void)params;
	if (device_each(add, rows) < 0) {
		json_decref(rows);
		return core_nomem(e);
	}
	return core_give(result, rows, e);
}

const struct core_op core_nic_ops[] = {
	{
		.name = "network.nic.list",
		.method = "GET",
		.path = "/network/nics",
		.run = nic_list,
		.help = "Network adapters",
	},
	{ 0 },
};
