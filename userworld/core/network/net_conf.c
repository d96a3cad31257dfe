// SPDX-License-Identifier: Apache-2.0
#include "net_conf.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "conf.h"

const char *net_conf_key(char out[static 32], const char *interface, const char *key)
{
	if (!strcmp(interface, "vmk0"))
		snprintf(out, 32, "%s", key);
	else
		snprintf(out, 32, "%s.%s", interface, key);
	return out;
}

const struct net_interface *net_conf_find(const struct net_conf *c, const char *name)
{
	for (size_t i = 0; i < c->count; i++)
		if (!strcmp(c->list[i].name, name))
			return &c->list[i];
	return NULL;
}

/* It becomes a file name and a word of a shell. */
static bool adapter_ok(const char *text)
{
	size_t len = strlen(text);

	if (len == 17 && text[2] == ':')
		return strspn(text, "0123456789abcdefABCDEF:") == len;
	if (len >= IF_NAMESIZE || !isalnum((unsigned char)*text))
		return false;
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr("_-", *text))
			return false;
	return true;
}

static bool static_address(const char *text)
{
	return strchr(text, '/') != NULL;
}

static bool address_ok(const char *text)
{
	return !strcmp(text, "none") ||
	       (net_address_ok(AF_INET, text, true) && strcmp(strchr(text, '/'), "/0") != 0);
}

static bool address6_ok(const char *text)
{
	return !strcmp(text, "none") || !strcmp(text, "auto") || !strcmp(text, "slaac") ||
	       !strcmp(text, "dhcp") ||
	       (net_address_ok(AF_INET6, text, true) && strcmp(strchr(text, '/'), "/0") != 0);
}

static bool gateway_ok(const char *text)
{
	return net_address_ok(AF_INET, text, false);
}

static bool gateway6_ok(const char *text)
{
	return net_address_ok(AF_INET6, text, false);
}

static int take_text(const char *value, bool (*ok)(const char *), char *out, size_t size,
		     struct err *e)
{
	if (strlen(value) >= size || !ok(value))
		return err_set(e, ERR_INVALID, "'%.64s' is not what belongs here", value);
	memcpy(out, value, strlen(value) + 1);
	return 0;
}

static int take_number(const char *value, unsigned int min, unsigned int max, unsigned int *out,
		       struct err *e)
{
	char *end;
	unsigned long n = strtoul(value, &end, 10);

	if (!isdigit((unsigned char)*value) || *end || n < min || n > max)
		return err_set(e, ERR_INVALID, "'%.64s' is not a number from %u to %u", value, min,
			       max);
	*out = (unsigned int)n;
	return 0;
}

static int take_truth(const char *value, bool *out, struct err *e)
{
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return err_set(e, ERR_INVALID, "'%.64s' is neither yes nor no", value);
	*out = !strcmp(value, "yes");
	return 0;
}

/* Words that are all good, with one blank between two. */
static int take_list(const char *value, bool (*ok)(const char *), char out[static NET_LIST_MAX],
		     struct err *e)
{
	char word[256];
	size_t used = 0;

	out[0] = '\0';
	while (net_word(&value, word, sizeof(word))) {
		if (!ok(word))
			return err_set(e, ERR_INVALID, "'%.64s' is not what belongs here", word);
		if (used + strlen(word) + 2 > NET_LIST_MAX)
			return err_set(e, ERR_INVALID, "more than %d bytes", NET_LIST_MAX - 1);
		used += (size_t)snprintf(out + used, NET_LIST_MAX - used, "%s%s", used ? " " : "",
					 word);
	}
	return *value ? err_set(e, ERR_INVALID, "'%.64s' is too long", value) : 0;
}

static bool server_ok(const char *text)
{
	return gateway_ok(text) || gateway6_ok(text);
}

/* Networks and gateways by turns. */
static int take_routes(const char *value, int family, char out[static NET_LIST_MAX], struct err *e)
{
	char word[256];
	size_t used = 0, n = 0;

	out[0] = '\0';
	for (; net_word(&value, word, sizeof(word)); n++) {
		if (!net_address_ok(family, word, n % 2 == 0))
			return err_set(e, ERR_INVALID, "'%.64s' is no %s of IPv%d", word,
				       n % 2 ? "gateway" : "network such as 10.0.0.0/8 or fd00::/8",
				       family == AF_INET ? 4 : 6);
		if (used + strlen(word) + 2 > NET_LIST_MAX)
			return err_set(e, ERR_INVALID, "more than %d bytes", NET_LIST_MAX - 1);
		used += (size_t)snprintf(out + used, NET_LIST_MAX - used, "%s%s", used ? " " : "",
					 word);
	}
	if (n % 2)
		return err_set(e, ERR_INVALID, "network '%.64s' has no gateway", word);
	return *value ? err_set(e, ERR_INVALID, "'%.64s' is too long", value) : 0;
}

/* 1 if there is no such key. */
static int take_own(struct net_interface *i, const char *key, const char *value, struct err *e)
{
	if (!strcmp(key, "adapter"))
		return take_text(value, adapter_ok, i->adapter, sizeof(i->adapter), e);
	if (!strcmp(key, "vlan"))
		return take_number(value, 0, NET_VLAN_MAX, &i->vlan, e);
	if (!strcmp(key, "mtu"))
		return take_number(value, NET_MTU_MIN, NET_MTU_MAX, &i->mtu, e);
	if (!strcmp(key, "enabled"))
		return take_truth(value, &i->enabled, e);
	if (!strcmp(key, "address"))
		return take_text(value, address_ok, i->address, sizeof(i->address), e);
	if (!strcmp(key, "gateway"))
		return take_text(value, gateway_ok, i->gateway, sizeof(i->gateway), e);
	if (!strcmp(key, "address6"))
		return take_text(value, address6_ok, i->address6, sizeof(i->address6), e);
	if (!strcmp(key, "gateway6"))
		return take_text(value, gateway6_ok, i->gateway6, sizeof(i->gateway6), e);
	return 1;
}

/* The same for what belongs to no interface. */
static int take_common(struct net_conf *c, const char *key, const char *value, struct err *e)
{
	if (!strcmp(key, "dns"))
		return take_list(value, server_ok, c->dns, e);
	if (!strcmp(key, "search"))
		return take_list(value, net_domain_ok, c->search, e);
	if (!strcmp(key, "dhcp-dns"))
		return take_truth(value, &c->dhcp_dns, e);
	if (!strcmp(key, "routes"))
		return take_routes(value, AF_INET, c->routes, e);
	if (!strcmp(key, "routes6"))
		return take_routes(value, AF_INET6, c->routes6, e);
	return 1;
}

/* The interface that a key begins with, made if need be; moves on to the rest. NULL: bad, or too
 * many. */
static struct net_interface *interface_of(struct net_conf *c, const char **key)
{
	size_t len = strcspn(*key, ".");
	struct net_interface *i;
	char name[NET_NAME_MAX];

	if (!(*key)[len])
		return &c->list[0];
	if (len < 4 || len > 6 || strncmp(*key, "vmk", 3) != 0 || (*key)[3] == '0' ||
	    strspn(*key + 3, "0123456789") != len - 3)
		return NULL;
	memcpy(name, *key, len);
	name[len] = '\0';
	*key += len + 1;
	i = (struct net_interface *)net_conf_find(c, name);
	if (i || c->count == NET_INTERFACES)
		return i;
	i = &c->list[c->count++];
	*i = (struct net_interface){ .enabled = true };
	memcpy(i->name, name, sizeof(name));
	return i;
}

static int take(struct net_conf *c, const char *path, const struct conf_line *l, struct err *e)
{
	const char *key = l->key;
	struct net_interface *i = interface_of(c, &key);
	int rc = i ? take_own(i, key, l->value, e) : 1;

	if (rc > 0 && key == l->key)
		rc = take_common(c, key, l->value, e);
	if (rc < 0)
		return err_wrap(e, "%s:%u: %s", path, l->line, l->key);
	if (rc > 0)
		return err_set(e, ERR_INVALID,
			       "%s:%u: key %s is unknown (interfaces are vmk0 and up to %d more)",
			       path, l->line, l->key, NET_INTERFACES - 1);
	return 0;
}

/* A gateway that the address does not reach would leave the host without a default route. */
static bool reaches(const char *address, const char *gateway)
{
	unsigned int bits = (unsigned int)atoi(strchr(address, '/') + 1);
	char host[INET_ADDRSTRLEN];
	struct in_addr a, g;

	snprintf(host, sizeof(host), "%.*s", (int)strcspn(address, "/"), address);
	inet_pton(AF_INET, host, &a);
	inet_pton(AF_INET, gateway, &g);
	return ((ntohl(a.s_addr) ^ ntohl(g.s_addr)) &
		~(uint32_t)((UINT64_C(1) << (32 - bits)) - 1)) == 0;
}

static int check_first(const char *path, const struct net_interface *i, struct err *e)
{
	if (i->gateway[0] && !static_address(i->address))
		return err_set(e, ERR_INVALID, "%s: a gateway needs an address of its own", path);
	if (i->gateway6[0] && !static_address(i->address6))
		return err_set(e, ERR_INVALID, "%s: gateway6 needs an address6 of its own", path);
	if (i->gateway[0] && !reaches(i->address, i->gateway))
		return err_set(e, ERR_INVALID, "%s: gateway %s is not in the network of %s", path,
			       i->gateway, i->address);
	return 0;
}

static int check_further(const char *path, const struct net_interface *i, struct err *e)
{
	if (!i->adapter[0])
		return err_set(e, ERR_INVALID, "%s: %s has no adapter", path, i->name);
	if (i->gateway[0] || i->gateway6[0])
		return err_set(e, ERR_INVALID,
			       "%s: %s: only vmk0 has a default gateway; for others there are "
			       "routes",
			       path, i->name);
	return 0;
}

static int check(const char *path, const struct net_conf *c, struct err *e)
{
	if (check_first(path, &c->list[0], e) < 0)
		return -1;
	for (size_t i = 1; i < c->count; i++) {
		const struct net_interface *a = &c->list[i];

		if (check_further(path, a, e) < 0)
			return -1;
		for (size_t j = 0; j < i; j++)
			if (c->list[j].vlan == a->vlan && !strcmp(c->list[j].adapter, a->adapter))
				return err_set(e, ERR_INVALID,
					       "%s: %s and %s are on the same adapter and VLAN",
					       path, c->list[j].name, a->name);
	}
	return 0;
}

int net_conf_parse(const char *path, const char *text, struct net_conf *c, struct err *e)
{
	struct conf conf;
	int rc = 0;

	*c = (struct net_conf){ .count = 1, .dhcp_dns = true };
	strcpy(c->list[0].name, "vmk0");
	c->list[0].enabled = true;
	if (conf_parse(&conf, path, text, e) < 0)
		return -1;
	for (size_t i = 0; i < conf.count && rc == 0; i++)
		/* A key without a value is as if it were not there. */
		if (*conf.lines[i].value)
			rc = take(c, path, &conf.lines[i], e);
	conf_free(&conf);
	return rc < 0 ? -1 : check(path, c, e);
}
