// SPDX-License-Identifier: Apache-2.0
/* network.firewall.get and lists: which doors are open, and to whom. */
#include <string.h>
#include <unistd.h>

#include "firewall.h"
#include "userworld/core/internal.h"

static struct firewall now;

static int read_now(struct err *e)
{
	return firewall_read(&now, core_prefix(CORE_ROOT), e);
}

static int firewall_get(json_t *params, json_t **result, struct err *e)
{
	char path[CORE_PATH_MAX];

	(void)params;
	if (read_now(e) < 0 || core_path(path, e, CORE_RUN, FIREWALL_LOADED) < 0)
		return -1;
	return core_give(result,
			 json_pack("{s:b, s:s, s:b}", "enabled", now.enabled, "default_action",
				   now.pass ? "pass" : "drop", "loaded", access(path, F_OK) == 0),
			 e);
}

static json_t *words(const char *text)
{
	json_t *list = json_array();
	char word[64];

	while (net_word(&text, word, sizeof(word)))
		json_array_append_new(list, json_string(word));
	return list;
}

static json_t *pack(const struct firewall_ruleset *r)
{
	bool none = !strcmp(r->allowed, "none");

	return json_pack("{s:s, s:s, s:b, s:b, s:o}", "name", r->name, "help", r->help, "enabled",
			 r->enabled, "allowed_all", !r->allowed[0], "allowed",
			 words(none ? "" : r->allowed));
}

static int ruleset_list(json_t *params, json_t **result, struct err *e)
{
	json_t *rows;

	(void)params;
	if (read_now(e) < 0)
		return -1;
	rows = json_array();
	for (size_t i = 0; i < now.count; i++)
		json_array_append_new(rows, pack(&now.list[i]));
	return core_give(result, rows, e);
}

static int rule_list(json_t *params, json_t **result, struct err *e)
{
	json_t *rows;

	(void)params;
	if (read_now(e) < 0)
		return -1;
	rows = json_array();
	for (size_t i = 0; i < now.count; i++)
		for (size_t n = 0; n < now.list[i].rule_count; n++) {
			const struct firewall_rule *r = &now.list[i].rules[n];

			json_array_append_new(rows,
					      json_pack("{s:s, s:s, s:s, s:i, s:i}", "ruleset",
							now.list[i].name, "direction", "inbound",
							"protocol", r->udp ? "udp" : "tcp", "first",
							(int)r->first, "last", (int)r->last));
		}
	return core_give(result, rows, e);
}

const struct core_op core_firewall_show_ops[] = {
	{
		.name = "network.firewall.get",
		.method = "GET",
		.path = "/network/firewall",
		.run = firewall_get,
		.help = "Whether the firewall is on, and what becomes of what no rule is about",
	},
	{
		.name = "network.firewall.ruleset.list",
		.method = "GET",
		.path = "/network/firewall/rulesets",
		.run = ruleset_list,
		.help = "Rulesets of services, and who may use them",
	},
	{
		.name = "network.firewall.rule.list",
		.method = "GET",
		.path = "/network/firewall/rules",
		.run = rule_list,
		.help = "Ports of the rulesets",
	},
	{ 0 },
};
