/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may come in over the network: /etc/firewall.conf, firewall.conf(5), and the rulesets of
 * services, a file each. Pure: text in, text for nftables out.
 */
#ifndef VISOR_CORE_NETWORK_FIREWALL_H
#define VISOR_CORE_NETWORK_FIREWALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "err.h"
#include "net_conf.h"

#define FIREWALL_CONF "/etc/firewall.conf"
#define FIREWALL_RULESETS_DIR "/usr/lib/visoros/firewall.d" /* NAME.conf */
#define FIREWALL_LOADED "/run/network/firewall"	   /* is there while the rules are in force */
#define FIREWALL_DONE "/run/network/firewall.done" /* made when the settings are in force */
#define FIREWALL_RULESETS 64
#define FIREWALL_NAME_MAX 32
#define FIREWALL_RULES 8

struct firewall_rule {
	bool udp;		  /* or TCP */
	unsigned int first, last; /* ports of the host */
};

struct firewall_ruleset {
	char name[FIREWALL_NAME_MAX];
	char help[64];
	bool enabled;
	struct firewall_rule rules[FIREWALL_RULES];
	size_t rule_count;
	char allowed[NET_LIST_MAX]; /* "": all; "none"; or addresses and networks */
};

struct firewall {
	bool enabled;
	bool pass; /* what no rule is about comes in */
	struct firewall_ruleset list[FIREWALL_RULESETS];
	size_t count;
};

/* Takes over the ruleset of that name; path is for messages. */
int firewall_add_ruleset(struct firewall *f, const char *name, const char *path, const char *text,
			 struct err *e);

/* Then the settings: what they say of rulesets that are not there is left alone. */
int firewall_parse(struct firewall *f, const char *path, const char *text, struct err *e);

/* The same from the host's files below root ("" for the running system). */
int firewall_read(struct firewall *f, const char *root, struct err *e);

/* The settings' text for all rulesets that firewall_read() would find. */
int firewall_rulesets_read(struct firewall *f, const char *root, struct err *e);

struct firewall_ruleset *firewall_find(struct firewall *f, const char *name);

/* An address or a network, of IPv4 or IPv6. */
bool firewall_source_ok(const char *text);

/*
 * One transaction for nftables that replaces what was there, whatever it was; if the firewall is
 * switched off, with nothing. Never about what the host says to itself, what belongs to connections
 * of its own, echo requests, neighbours and DHCP.
 */
void firewall_text(const struct firewall *f, FILE *out);

#endif
