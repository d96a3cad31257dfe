// SPDX-License-Identifier: Apache-2.0
#include "answers.h"

#include <stdio.h>
#include <string.h>

#include "answers_check.h"

void install_answers_key(char key[static INSTALL_KEY], const char *name, size_t i)
{
	snprintf(key, INSTALL_KEY, "%s.%zu", name, i + 1);
}

void install_answers_place(const struct install_answers *a, const char *key,
			   char place[static INSTALL_PLACE])
{
	for (size_t i = 0; i < a->conf.count; i++)
		if (strcmp(a->conf.lines[i].key, key) == 0) {
			snprintf(place, INSTALL_PLACE, "%.200s:%u: '%.32s'", a->conf.name,
				 a->conf.lines[i].line, key);
			return;
		}
	snprintf(place, INSTALL_PLACE, "%.200s: '%.32s'", a->conf.name, key);
}

static int wrong(const struct install_answers *a, const char *key, struct err *e, const char *what)
{
	char place[INSTALL_PLACE];

	install_answers_place(a, key, place);
	return err_set(e, ERR_INVALID, "%s: %s", place, what);
}

/* A text that is good, or was not given. */
static int take_text(const struct install_answers *a, const char *key, bool (*ok)(const char *),
		     const char *what, const char **value, struct err *e)
{
	*value = conf_get(&a->conf, key);
	return !*value || ok(*value) ? 0 : wrong(a, key, e, what);
}

/* One of some words, the first if none was given. words ends with NULL. */
static int take_word(const struct install_answers *a, const char *key, const char *const *words,
		     const char *what, int *value, struct err *e)
{
	const char *given = conf_get(&a->conf, key);

	*value = 0;
	if (!given)
		return 0;
	for (int i = 0; words[i]; i++)
		if (strcmp(given, words[i]) == 0) {
			*value = i;
			return 0;
		}
	return wrong(a, key, e, what);
}

static int take_rule(struct install_answers *a, struct err *e)
{
	const char *value = conf_get(&a->conf, "disk");

	if (!value)
		return wrong(a, "disk", e, "is missing");
	a->disk = value;
	if (strcmp(value, "smallest") == 0) {
		a->rule = INSTALL_SMALLEST;
	} else if (strcmp(value, "largest") == 0) {
		a->rule = INSTALL_LARGEST;
	} else if (strncmp(value, "serial:", 7) == 0 && value[7]) {
		a->rule = INSTALL_SERIAL;
		a->disk = value + 7;
	} else if (strncmp(value, "path:", 5) == 0 && value[5]) {
		a->rule = INSTALL_PATH;
		a->disk = value + 5;
	} else if (strncmp(value, "/dev/", 5) != 0 || !value[5] || strchr(value + 5, '/')) {
		return wrong(a, "disk", e,
			     "must be serial:NUMBER, path:FOLDER, /dev/NAME, smallest or largest");
	}
	return 0;
}

static int take_disk(struct install_answers *a, struct err *e)
{
	static const char *const overwrite[] = { "nothing", "visoros", "all", NULL };
	int word;

	if (take_rule(a, e) < 0)
		return -1;
	a->max = UINT64_MAX;
	if (conf_get_size(&a->conf, "disk-min", &a->min, e) < 0 ||
	    conf_get_size(&a->conf, "disk-max", &a->max, e) < 0)
		return -1;
	if (a->rule != INSTALL_SMALLEST && a->rule != INSTALL_LARGEST)
		for (const char *const *key = (const char *const[]){ "disk-min", "disk-max", NULL };
		     *key; key++)
			if (conf_get(&a->conf, *key))
				return wrong(a, *key, e, "goes with smallest and largest only");
	if (a->min > a->max)
		return wrong(a, "disk-min", e, "is more than disk-max");
	if (take_word(a, "overwrite", overwrite, "must be nothing, visoros or all", &word, e) < 0)
		return -1;
	a->overwrite = (enum install_overwrite)word;
	return 0;
}

static int take_network(struct install_answers *a, struct err *e)
{
	if (take_text(a, "address", install_answers_network_ok, "must be as 192.0.2.10/24",
		      &a->address, e) < 0 ||
	    take_text(a, "gateway", install_answers_ip_ok, "is no IPv4 address", &a->gateway, e) <
		    0 ||
	    take_text(a, "dns", install_answers_ips_ok,
		      "must be IPv4 addresses with blanks between them", &a->dns, e) < 0)
		return -1;
	if (a->gateway && !a->address)
		return wrong(a, "gateway", e,
			     "goes with an address only; without one it is DHCP's");
	if (a->dns && !a->address)
		return wrong(a, "dns", e, "goes with an address only; without one it is DHCP's");
	return 0;
}

/* What is given more than once: NAME.1, NAME.2 ... up to the first that is not there. */
static int take_list(const struct install_answers *a, const char *name, bool (*ok)(const char *),
		     const char *what, const char *list[static INSTALL_LIST], size_t *n,
		     struct err *e)
{
	char key[INSTALL_KEY];

	for (*n = 0; *n < INSTALL_LIST; ++*n) {
		install_answers_key(key, name, *n);
		if (take_text(a, key, ok, what, &list[*n], e) < 0)
			return -1;
		if (!list[*n])
			return 0;
	}
	return 0;
}

static int take_lists(struct install_answers *a, struct err *e)
{
	if (take_list(a, "ssh-key", install_answers_key_ok,
		      "is no public key: TYPE BASE64 [COMMENT]", a->keys, &a->n_keys, e) < 0)
		return -1;
	return take_list(a, "bundle", install_answers_bundle_ok,
			 "must be http:// or https:// of a bundle, or /PATH on this host",
			 a->bundles, &a->n_bundles, e);
}

/* What is said of the host itself. */
static int take_host(struct install_answers *a, struct err *e)
{
	if (take_text(a, "hostname", install_answers_hostname_ok,
		      "1 to 64 letters, digits and -, in parts between dots", &a->hostname,
		      e) < 0 ||
	    take_text(a, "root-password", install_answers_hash_ok,
		      "must be a hash, as 'openssl passwd -6' prints it, and no password",
		      &a->password, e) < 0 ||
	    take_text(a, "ntp", install_answers_names_ok,
		      "must be up to 8 names or addresses with blanks between them", &a->ntp,
		      e) < 0 ||
	    take_text(a, "syslog", install_answers_hosts_ok,
		      "must be udp://HOST:PORT, tcp:// or tls://, several with commas between",
		      &a->syslog, e) < 0)
		return -1;
	return take_network(a, e) < 0 ? -1 : take_lists(a, e);
}

static int take(struct install_answers *a, struct err *e)
{
	static const char *const after[] = { "stay", "reboot", "poweroff", NULL };
	int word;

	if (take_disk(a, e) < 0 ||
	    take_text(a, "image", install_answers_url_ok, "must be http:// or https:// of a folder",
		      &a->image, e) < 0 ||
	    take_host(a, e) < 0 ||
	    take_word(a, "after", after, "must be stay, reboot or poweroff", &word, e) < 0)
		return -1;
	a->after = after[word];
	return 0;
}

/* Is it one of the n of a list? */
static bool is_listed(const char *key, const char *name, size_t n)
{
	char one[INSTALL_KEY];

	for (size_t i = 0; i < n; i++) {
		install_answers_key(one, name, i);
		if (strcmp(key, one) == 0)
			return true;
	}
	return false;
}

/* A key that nobody has read is a mistake: misspelt, or behind a gap of a list. */
static int check_keys(const struct install_answers *a, struct err *e)
{
	static const char *const known[] = {
		"disk",	   "disk-min", "disk-max",	"overwrite", "image", "hostname", "address",
		"gateway", "dns",      "root-password", "after",     "ntp",   "syslog",	  NULL
	};

	for (size_t i = 0; i < a->conf.count; i++) {
		const char *key = a->conf.lines[i].key;
		bool found = is_listed(key, "ssh-key", a->n_keys) ||
			     is_listed(key, "bundle", a->n_bundles);

		for (size_t k = 0; known[k]; k++)
			found = found || strcmp(key, known[k]) == 0;
		if (found)
			continue;
		if (strncmp(key, "ssh-key.", 8) == 0 || strncmp(key, "bundle.", 7) == 0)
			return wrong(a, key, e, "they are numbered from 1 to 16, without a gap");
		return wrong(a, key, e, "there is no such key");
	}
	return 0;
}

int install_answers_parse(struct install_answers *a, const char *name, const char *text,
			  struct err *e)
{
	memset(a, 0, sizeof(*a));
	if (conf_parse(&a->conf, name, text, e) < 0)
		return -1;
	if (take(a, e) == 0 && check_keys(a, e) == 0)
		return 0;
	install_answers_free(a);
	return -1;
}

/* There is no disk, and nothing ends. */
static int refuse_install(const struct install_answers *a, struct err *e)
{
	static const char *const keys[] = { "disk",  "disk-min", "disk-max", "overwrite",
					    "image", "after",	 NULL };

	for (size_t i = 0; keys[i]; i++)
		if (conf_get(&a->conf, keys[i]))
			return wrong(a, keys[i], e, "is for an install; this host runs");
	return 0;
}

int install_answers_parse_host(struct install_answers *a, const char *name, const char *text,
			       struct err *e)
{
	memset(a, 0, sizeof(*a));
	if (conf_parse(&a->conf, name, text, e) < 0)
		return -1;
	if (refuse_install(a, e) == 0 && take_host(a, e) == 0 && check_keys(a, e) == 0)
		return 0;
	install_answers_free(a);
	return -1;
}

void install_answers_free(struct install_answers *a)
{
	conf_free(&a->conf);
	memset(a, 0, sizeof(*a));
}
