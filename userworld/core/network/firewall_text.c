// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "firewall.h"

static void rule_text(const struct firewall_rule *r, const char *name, const char *source,
		      FILE *out)
{
	fputs("\t\t", out);
	if (source)
		fprintf(out, "%s saddr %s ", strchr(source, ':') ? "ip6" : "ip", source);
	fprintf(out, "%s dport %u", r->udp ? "udp" : "tcp", r->first);
	if (r->last != r->first)
		fprintf(out, "-%u", r->last);
	fprintf(out, " accept comment \"%s\"\n", name);
}

static void ruleset_text(const struct firewall_ruleset *r, FILE *out)
{
	char source[64];

	if (!r->enabled || !strcmp(r->allowed, "none"))
		return;
	for (size_t i = 0; i < r->rule_count; i++) {
		if (!r->allowed[0])
			rule_text(&r->rules[i], r->name, NULL, out);
		/* A rule each, not a set: networks that overlap are no mistake here. */
		for (const char *at = r->allowed; net_word(&at, source, sizeof(source));)
			rule_text(&r->rules[i], r->name, source, out);
	}
}

/* Numbers, where names would have to be looked up: 1 is ICMP, 58 is ICMPv6. */
static const char base[] = "\t\tiif \"lo\" accept\n"
			   "\t\tct state established,related accept\n"
			   "\t\tmeta l4proto 1 accept\n"
			   "\t\tmeta l4proto 58 accept\n"
			   "\t\tudp sport 67 udp dport 68 accept\n"
			   "\t\tip6 saddr fe80::/10 udp dport 546 accept\n";

void firewall_text(const struct firewall *f, FILE *out)
{
	/* To delete what is not there is an error, so it is there first. */
	fputs("add table inet visoros\ndelete table inet visoros\n", out);
	if (!f->enabled)
		return;
	fprintf(out,
		"table inet visoros {\n\tchain input {\n"
		"\t\ttype filter hook input priority 0; policy %s;\n%s",
		f->pass ? "accept" : "drop", base);
	for (size_t i = 0; i < f->count; i++)
		ruleset_text(&f->list[i], out);
	fputs("\t}\n}\n", out);
}
