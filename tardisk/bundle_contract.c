// SPDX-License-Identifier: Apache-2.0
/* The limits in the description of a userworld, against those its bundle declares. */
#include <inttypes.h>

#include "bundle_content.h"
#include "cleanup.h"
#include "conf.h"

/* A limit that is not set, or "max", is no limit. */
static int compare(const struct conf *conf, const char *key, uint64_t stated, struct err *e)
{
	uint64_t value = 0;

	if (conf_get_size(conf, key, &value, e) < 0)
		return -1;
	if (value == UINT64_MAX)
		value = 0;
	if (value == stated)
		return 0;
	if (!stated)
		return err_set(e, ERR_INVALID,
			       "%s: %s is %" PRIu64 ", which \"resources\" does not declare",
			       conf->name, key, value);
	return err_set(e, ERR_INVALID, "%s: %s is %" PRIu64 ", \"resources\" declares %" PRIu64,
		       conf->name, key, value, stated);
}

int bundle_contract_check(const struct bundle_contract *c, const char *name, const char *text,
			  struct err *e)
{
	_cleanup_(conf_free) struct conf conf = { 0 };

	if (conf_parse(&conf, name, text, e) < 0 ||
	    compare(&conf, "memory.min", c->memory_min, e) < 0 ||
	    compare(&conf, "memory.max", c->memory_max, e) < 0 ||
	    compare(&conf, "cpu.weight", c->cpu_weight, e) < 0 ||
	    compare(&conf, "cpu.max", c->cpu_max, e) < 0)
		return -1;
	return compare(&conf, "pids.max", c->pids_max, e);
}
