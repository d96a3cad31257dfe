// SPDX-License-Identifier: Apache-2.0
/* An element of "resources". */
#include <string.h>

#include "cleanup.h"
#include "descriptor_object.h"

static const struct {
	const char *name;
	size_t offset;
	uint64_t min, max;
} limits[] = {
	{ "memory_min", offsetof(struct bundle_contract, memory_min), 4096, 1ull << 50 },
	{ "memory_max", offsetof(struct bundle_contract, memory_max), 4096, 1ull << 50 },
	{ "cpu_weight", offsetof(struct bundle_contract, cpu_weight), 1, 10000 },
	{ "cpu_max", offsetof(struct bundle_contract, cpu_max), 1, 100000 },
	{ "pids_max", offsetof(struct bundle_contract, pids_max), 1, 4194304 },
};

static uint64_t *limit_of(const struct bundle_contract *c, size_t i)
{
	return (uint64_t *)((char *)c + limits[i].offset);
}

int bundle_contract_parse(const json_t *value, struct bundle_contract *c, struct err *e)
{
	static const char *const known[] = { "world",	   "memory_min", "memory_max",
					     "cpu_weight", "cpu_max",	 "pids_max" };
	const char *world = json_string_value(json_object_get(value, "world"));
	const char *fault = world ? bundle_name_fault(world) : "missing";

	if (object_check(value, known, ARRAY_SIZE(known), e))
		return -1;
	if (fault)
		return err_set(e, ERR_INVALID, "world: %s", fault);
	memcpy(c->world, world, strlen(world) + 1);
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		if (object_number(value, limits[i].name, false, limits[i].min, limits[i].max,
				  limit_of(c, i), e))
			return -1;
	if (c->memory_max && c->memory_min > c->memory_max)
		return err_set(e, ERR_INVALID, "memory_min: is more than memory_max");
	return 0;
}

json_t *bundle_contract_json(const struct bundle_contract *c)
{
	json_t *value = json_pack("{s:s}", "world", c->world);

	for (size_t i = 0; value && i < ARRAY_SIZE(limits); i++)
		if (*limit_of(c, i))
			json_object_set_new(value, limits[i].name,
					    json_integer((json_int_t)*limit_of(c, i)));
	return value;
}
