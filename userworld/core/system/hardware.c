// SPDX-License-Identifier: Apache-2.0
/* system.hardware.get: maker, processors and memory of the machine. */
#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgroup.h"
#include "cleanup.h"
#include "file.h"
#include "userworld/core/internal.h"

#define CPUINFO_MAX (4u << 20) /* 896 processors at some 1.5 KiB each */

/* A field of the firmware's table; "" where there is none (no firmware, or a filler text). */
static const char *dmi_field(const char *name, char buf[static 128])
{
	char path[CORE_PATH_MAX];
	size_t len;

	if (core_path(path, NULL, CORE_SYSFS, "/sys/class/dmi/id/%s", name) < 0 ||
	    file_read_at(AT_FDCWD, path, buf, 128, NULL) < 0)
		buf[0] = '\0';
	len = strlen(buf);
	while (len > 0 && isspace((unsigned char)buf[len - 1]))
		buf[--len] = '\0';
	return buf;
}

static unsigned int count_cpus(const char *cpuinfo)
{
	unsigned int count = 0;

	for (const char *at = cpuinfo; (at = strstr(at, "processor")); at += 9)
		if (at == cpuinfo || at[-1] == '\n')
			count++;
	return count;
}

static void cpu_model(const char *cpuinfo, char buf[static 128])
{
	const char *at = strstr(cpuinfo, "model name");
	const char *end;

	snprintf(buf, 128, "unknown processor");
	at = at ? strchr(at, ':') : NULL;
	if (!at)
		return;
	at += 1 + strspn(at + 1, " \t");
	end = at + strcspn(at, "\n");
	if (end > at)
		snprintf(buf, 128, "%.*s", (int)(end - at), at);
}

static json_int_t meminfo(const char *text, const char *key)
{
	const char *at = strstr(text, key);

	return at ? (json_int_t)strtoll(at + strlen(key), NULL, 10) * 1024 : 0;
}

static int hardware_get(json_t *params, json_t **result, struct err *e)
{
	char path[CORE_PATH_MAX];
	char vendor[128], model[128], cpu[128], memory[4096];
	_cleanup_free_ char *cpuinfo = NULL;

	(void)params;
	if (core_path(path, e, CORE_PROC, "/proc/cpuinfo") < 0 ||
	    file_read(path, CPUINFO_MAX, &cpuinfo, NULL, e) < 0 ||
	    core_path(path, e, CORE_PROC, "/proc/meminfo") < 0 ||
	    file_read_at(AT_FDCWD, path, memory, sizeof(memory), e) < 0)
		return -1;
	cpu_model(cpuinfo, cpu);
	return core_give(result,
			 json_pack("{s:s, s:s, s:s, s:I, s:I, s:I}", "vendor",
				   dmi_field("sys_vendor", vendor), "model",
				   dmi_field("product_name", model), "cpu_model", cpu, "cpu_count",
				   (json_int_t)count_cpus(cpuinfo), "memory_bytes",
				   meminfo(memory, "MemTotal:"), "memory_available_bytes",
				   meminfo(memory, "MemAvailable:")),
			 e);
}

const struct core_op core_hardware_ops[] = {
	{
		.name = "system.hardware.get",
		.method = "GET",
		.path = "/system/hardware",
		.run = hardware_get,
		.help = "Maker, processors and memory of the machine",
	},
	{ 0 },
};
