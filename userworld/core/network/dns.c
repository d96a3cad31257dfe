// SPDX-License-Identifier: Apache-2.0
/* network.dns.*: name servers and domains that the host is given, before those that DHCP names. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "change.h"
#include "userworld/core/internal.h"

/* The list with the word at its end. */
static int with(const char *list, const char *word, char out[static NET_LIST_MAX], struct err *e)
{
	char item[256];

	for (const char *at = list; net_word(&at, item, sizeof(item));)
		if (!strcmp(item, word))
			return err_set(e, ERR_CONFLICT, "%s: is in the list already", word);
	if (snprintf(out, NET_LIST_MAX, "%s%s%s", list, *list ? " " : "", word) >= NET_LIST_MAX)
		return err_set(e, ERR_INVALID, "more than %d bytes", NET_LIST_MAX - 1);
	return 0;
}

static int without(const char *list, const char *word, char out[static NET_LIST_MAX], struct err *e)
{
	bool found = false;
	size_t used = 0;
	char item[256];

	out[0] = '\0';
	for (const char *at = list; net_word(&at, item, sizeof(item));) {
		if (!strcmp(item, word)) {
			found = true;
			continue;
		}
		used += (size_t)snprintf(out + used, NET_LIST_MAX - used, "%s%s", used ? " " : "",
					 item);
	}
	if (!found)
		return err_set(e, ERR_NOT_FOUND,
			       "%s: is not in the list of %s (what DHCP names is not)", word,
			       NET_CONF);
	return 0;
}

static int change(json_t *params, json_t **result, const char *key, bool add, struct err *e)
{
	bool dns = !strcmp(key, "dns");
	const char *word = core_string(params, dns ? "server" : "domain");
	struct net_conf c;
	struct conf_change one = { .key = key };
	char list[NET_LIST_MAX];

	if (dns && !net_address_ok(AF_INET, word, false) && !net_address_ok(AF_INET6, word, false))
		return err_set(e, ERR_INVALID, "server: '%.64s' is no address", word);
	if (!dns && !net_domain_ok(word))
		return err_set(e, ERR_INVALID, "domain: '%.64s' is no domain", word);
	if (network_conf(&c, e) < 0 ||
	    (add ? with : without)(dns ? c.dns : c.search, word, list, e) < 0)
		return -1;
	one.value = list[0] ? list : NULL;
	return network_change(params, &one, 1, result, e);
}

static int server_add(json_t *params, json_t **result, struct err *e)
{
	return change(params, result, "dns", true, e);
}

static int server_remove(json_t *params, json_t **result, struct err *e)
{
	return change(params, result, "dns", false, e);
}

static int search_add(json_t *params, json_t **result, struct err *e)
{
	return change(params, result, "search", true, e);
}

static int search_remove(json_t *params, json_t **result, struct err *e)
{
	return change(params, result, "search", false, e);
}

/* A list as people write it, with blanks or commas between the words, with one blank. */
static int tidy(const char *given, bool dns, char out[static NET_LIST_MAX], struct err *e)
{
	char item[256];
	const char *at = given;
	size_t used = 0;

	out[0] = '\0';
	while (net_word(&at, item, sizeof(item))) {
		bool ok = dns ? net_address_ok(AF_INET, item, false) ||
					  net_address_ok(AF_INET6, item, false)
			      : net_domain_ok(item);

		if (!ok)
			return err_set(e, ERR_INVALID, "%s: '%.64s' is no %s",
				       dns ? "servers" : "search", item,
				       dns ? "address" : "domain");
		if (used + strlen(item) + 2 > NET_LIST_MAX)
			return err_set(e, ERR_INVALID, "more than %d bytes", NET_LIST_MAX - 1);
		used += (size_t)snprintf(out + used, NET_LIST_MAX - used, "%s%s", used ? " " : "",
					 item);
	}
	if (*at)
		return err_set(e, ERR_INVALID, "%s: one is longer than %zu bytes",
			       dns ? "servers" : "search", sizeof(item) - 1);
	return 0;
}

static json_t *words(const char *list)
{
	json_t *array = json_array();
	char item[256];

	for (const char *at = list; net_word(&at, item, sizeof(item));)
		json_array_append_new(array, json_string(item));
	return array;
}

static int settings_get(json_t *params, json_t **result, struct err *e)
{
	struct net_conf c;

	(void)params;
	if (network_conf(&c, e) < 0)
		return -1;
	return core_give(result,
			 json_pack("{s:o, s:o, s:b}", "servers", words(c.dns), "search",
				   words(c.search), "dhcp_dns", c.dhcp_dns),
			 e);
}

static int set(json_t *params, json_t **result, struct err *e)
{
	const char *servers = core_string(params, "servers");
	const char *search = core_string(params, "search");
	json_t *dhcp = json_object_get(params, "dhcp_dns");
	char lists[2][NET_LIST_MAX];
	struct conf_change changes[3];
	size_t n = 0;

	if ((servers && tidy(servers, true, lists[0], e) < 0) ||
	    (search && tidy(search, false, lists[1], e) < 0))
		return -1;
	if (servers)
		changes[n++] = (struct conf_change){ "dns", lists[0][0] ? lists[0] : NULL };
	if (search)
		changes[n++] = (struct conf_change){ "search", lists[1][0] ? lists[1] : NULL };
	if (dhcp)
		changes[n++] =
			(struct conf_change){ "dhcp-dns", json_is_false(dhcp) ? "no" : NULL };
	if (!n)
		return err_set(e, ERR_USAGE, "nothing to set was given");
	return network_change(params, changes, n, result, e);
}

static const struct core_param set_params[] = {
	{ "servers", CORE_STRING, .max = NET_LIST_MAX - 1, .otherwise = "as they were",
	  .help = "Addresses, with blanks between them; empty: none" },
	{ "search", CORE_STRING, .max = NET_LIST_MAX - 1, .otherwise = "as they were",
	  .help = "Domains, with blanks between them; empty: none" },
	{ "dhcp_dns", CORE_BOOL, .help = "Whether name servers that DHCP names are asked, too" },
	NETWORK_CONFIRM,
	{ 0 },
};

static const struct core_param server_params[] = {
	{ "server", CORE_STRING, .required = true, .min = 2, .max = 45, .help = "Its address" },
	NETWORK_CONFIRM,
	{ 0 },
};

static const struct core_param search_params[] = {
	{ "domain", CORE_STRING, .required = true, .min = 1, .max = 253,
	  .help = "Domain that names are looked for in" },
	NETWORK_CONFIRM,
	{ 0 },
};

const struct core_op core_dns_ops[] = {
	{
		.name = "network.dns.settings.get",
		.method = "GET",
		.path = "/network/dns/settings",
		.run = settings_get,
		.help = "The name servers and domains that the host is given",
	},
	{
		.name = "network.dns.set",
		.method = "PATCH",
		.path = "/network/dns",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = set_params,
		.run = set,
		.help = "The name servers and domains that the host is given, all at once",
	},
	{
		.name = "network.dns.server.add",
		.method = "POST",
		.path = "/network/dns/servers",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = server_params,
		.run = server_add,
		.help = "Asks a name server too, before those that DHCP names",
	},
	{
		.name = "network.dns.server.remove",
		.method = "DELETE",
		.path = "/network/dns/servers",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = server_params,
		.run = server_remove,
		.help = "Asks it no longer",
	},
	{
		.name = "network.dns.search.add",
		.method = "POST",
		.path = "/network/dns/search",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = search_params,
		.run = search_add,
		.help = "Looks for names in a domain, too",
	},
	{
		.name = "network.dns.search.remove",
		.method = "DELETE",
		.path = "/network/dns/search",
		.privilege = CORE_CHANGE,
		.flags = CORE_SLOW,
		.params = search_params,
		.run = search_remove,
		.help = "Looks for names there no longer",
	},
	{ 0 },
};
