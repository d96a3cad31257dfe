// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "conf.h"
#include "file.h"
#include "firewall.h"

bool firewall_source_ok(const char *text)
{
	bool prefix = strchr(text, '/');

	return net_address_ok(AF_INET, text, prefix) || net_address_ok(AF_INET6, text, prefix);
}

static bool name_ok(const char *name)
{
	if (!isalnum((unsigned char)*name) || strlen(name) >= FIREWALL_NAME_MAX)
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && *name != '-' && *name != '_')
			return false;
	return true;
}

struct firewall_ruleset *firewall_find(struct firewall *f, const char *name)
{
	for (size_t i = 0; i < f->count; i++)
		if (!strcmp(f->list[i].name, name))
			return &f->list[i];
	return NULL;
}

/* "tcp/443" or "udp/6000-6010" */
static int take_rule(struct firewall_ruleset *r, const char *word, struct err *e)
{
	struct firewall_rule *rule = &r->rules[r->rule_count];
	char *end;

	if (r->rule_count == FIREWALL_RULES)
		return err_set(e, ERR_INVALID, "more than %d rules", FIREWALL_RULES);
	rule->udp = !strncmp(word, "udp/", 4);
	if ((!rule->udp && strncmp(word, "tcp/", 4) != 0) || !isdigit((unsigned char)word[4]))
		return err_set(e, ERR_INVALID, "'%.32s' is not like tcp/443 or udp/6000-6010",
			       word);
	rule->first = rule->last = (unsigned int)strtoul(word + 4, &end, 10);
	if (*end == '-' && isdigit((unsigned char)end[1]))
		rule->last = (unsigned int)strtoul(end + 1, &end, 10);
	if (*end || rule->first < 1 || rule->last > 65535 || rule->last < rule->first)
		return err_set(e, ERR_INVALID, "'%.32s' has no ports from 1 to 65535", word);
	r->rule_count++;
	return 0;
}

static int take_ports(struct firewall_ruleset *r, const char *value, struct err *e)
{
	char word[64];

	while (net_word(&value, word, sizeof(word)))
		if (take_rule(r, word, e) < 0)
			return -1;
	return *value ? err_set(e, ERR_INVALID, "'%.32s' is too long", value) : 0;
}

static int fill(struct firewall_ruleset *r, const struct conf *c, struct err *e)
{
	static const char *const keys[] = { "help", "ports", "enabled", NULL };
	const char *ports = conf_get(c, "ports"), *help = conf_get(c, "help");

	if (conf_check_keys(c, keys, e) < 0 || conf_get_bool(c, "enabled", &r->enabled, e) < 0)
		return -1;
	snprintf(r->help, sizeof(r->help), "%.63s", help ? help : "");
	if (ports && take_ports(r, ports, e) < 0)
		return err_wrap(e, "%s: ports", c->name);
	return r->rule_count ? 0 : err_set(e, ERR_INVALID, "%s: no ports", c->name);
}

int firewall_add_ruleset(struct firewall *f, const char *name, const char *path, const char *text,
			 struct err *e)
{
	struct firewall_ruleset *r = &f->list[f->count];
	struct conf c;
	int rc;

	if (!name_ok(name))
		return err_set(e, ERR_INVALID, "%s: a ruleset's name is letters and digits", path);
	if (f->count == FIREWALL_RULESETS)
		return err_set(e, ERR_INVALID, "%s: more than %d rulesets", path,
			       FIREWALL_RULESETS);
	*r = (struct firewall_ruleset){ .enabled = false };
	snprintf(r->name, sizeof(r->name), "%s", name);
	if (conf_parse(&c, path, text, e) < 0)
		return -1;
	rc = fill(r, &c, e);
	conf_free(&c);
	f->count += rc == 0;
	return rc;
}

static int take_allowed(struct firewall_ruleset *r, const char *value, struct err *e)
{
	char word[64];
	size_t used = 0;

	r->allowed[0] = '\0';
	if (!strcmp(value, "all"))
		return 0;
	if (!strcmp(value, "none")) {
		strcpy(r->allowed, "none");
		return 0;
	}
	while (net_word(&value, word, sizeof(word))) {
		if (!firewall_source_ok(word) || used + strlen(word) + 2 > sizeof(r->allowed))
			return err_set(e, ERR_INVALID, "'%s' is no address, or too many", word);
		used += (size_t)snprintf(r->allowed + used, sizeof(r->allowed) - used, "%s%s",
					 used ? " " : "", word);
	}
	/* Nobody, not everybody, if there is nothing in it that could be understood. */
	if (*value || !used)
		return err_set(e, ERR_INVALID, "'%.32s' is not all, none or addresses", value);
	return 0;
}

static int take_truth(const char *value, const char *yes, const char *no, bool *out, struct err *e)
{
	*out = !strcmp(value, yes);
	if (!*out && strcmp(value, no) != 0)
		return err_set(e, ERR_INVALID, "'%.32s' is neither %s nor %s", value, yes, no);
	return 0;
}

static int take(struct firewall *f, const struct conf_line *l, struct err *e)
{
	char name[FIREWALL_NAME_MAX];
	struct firewall_ruleset ignored, *r;
	const char *dot = strchr(l->key, '.');

	if (!strcmp(l->key, "enabled"))
		return take_truth(l->value, "yes", "no", &f->enabled, e);
	if (!strcmp(l->key, "default-action"))
		return take_truth(l->value, "pass", "drop", &f->pass, e);
	if (!dot || dot - l->key >= FIREWALL_NAME_MAX)
		return err_set(e, ERR_INVALID, "is unknown");
	snprintf(name, sizeof(name), "%.*s", (int)(dot - l->key), l->key);
	/* That of a bundle which is not installed now keeps what was said of it. */
	r = firewall_find(f, name);
	if (!r)
		r = &ignored;
	if (!strcmp(dot, ".enabled"))
		return take_truth(l->value, "yes", "no", &r->enabled, e);
	if (!strcmp(dot, ".allowed"))
		return take_allowed(r, l->value, e);
	return err_set(e, ERR_INVALID, "is unknown");
}

int firewall_parse(struct firewall *f, const char *path, const char *text, struct err *e)
{
	struct conf c;
	int rc = 0;

	f->enabled = f->pass = false;
	if (conf_parse(&c, path, text, e) < 0)
		return -1;
	for (size_t i = 0; i < c.count && rc == 0; i++)
		if (take(f, &c.lines[i], e) < 0)
			rc = err_wrap(e, "%s:%u: %s", path, c.lines[i].line, c.lines[i].key);
	conf_free(&c);
	return rc;
}

static int is_conf(const struct dirent *d)
{
	size_t len = strlen(d->d_name);

	return len > 5 && !strcmp(d->d_name + len - 5, ".conf");
}

static int read_ruleset(struct firewall *f, const char *dir, const char *file, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[512], name[256];

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	snprintf(name, sizeof(name), "%.*s", (int)strlen(file) - 5, file);
	if (file_read(path, CONF_FILE_MAX, &text, NULL, e) < 0)
		return -1;
	return firewall_add_ruleset(f, name, path, text, e);
}

int firewall_rulesets_read(struct firewall *f, const char *root, struct err *e)
{
	struct dirent **list;
	char dir[256];
	int count, rc = 0;

	f->count = 0;
	snprintf(dir, sizeof(dir), "%s%s", root, FIREWALL_RULESETS_DIR);
	count = scandir(dir, &list, is_conf, alphasort);
	if (count < 0)
		return err_sys(e, errno, "%s", dir);
	for (int i = 0; i < count; i++) {
		if (rc == 0)
			rc = read_ruleset(f, dir, list[i]->d_name, e);
		free(list[i]);
	}
	free(list);
	return rc;
}

int firewall_read(struct firewall *f, const char *root, struct err *e)
{
	_cleanup_free_ char *text = NULL;
	char path[256];

	snprintf(path, sizeof(path), "%s%s", root, FIREWALL_CONF);
	if (firewall_rulesets_read(f, root, e) < 0)
		return -1;
	if (access(path, F_OK) < 0)
		return firewall_parse(f, path, "", e);
	if (file_read(path, CONF_FILE_MAX, &text, NULL, e) < 0)
		return -1;
	return firewall_parse(f, path, text, e);
}
