// SPDX-License-Identifier: Apache-2.0
#include "answers.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define HOSTNAME_MAX 64

static int wrong(const struct answers *a, const char *key, struct err *e, const char *what)
{
	for (size_t i = 0; i < a->conf.count; i++)
		if (strcmp(a->conf.lines[i].key, key) == 0)
			return err_set(e, ERR_INVALID, "%s:%u: '%s': %s", a->conf.name,
				       a->conf.lines[i].line, key, what);
	return err_set(e, ERR_INVALID, "%s: '%s': %s", a->conf.name, key, what);
}

static int take_disk(struct answers *a, struct err *e)
{
	const char *value = conf_get(&a->conf, "disk");

	if (!value)
		return wrong(a, "disk", e, "is missing");
	if (strcmp(value, "smallest") == 0)
		a->rule = ANSWERS_SMALLEST;
	else if (strcmp(value, "largest") == 0)
		a->rule = ANSWERS_LARGEST;
	else if (strncmp(value, "/dev/", 5) != 0 || !value[5] || strchr(value + 5, '/'))
		return wrong(a, "disk", e, "must be /dev/NAME, smallest or largest");
	else
		a->disk = value;
	a->max = UINT64_MAX;
	if (conf_get_size(&a->conf, "disk-min", &a->min, e) < 0 ||
	    conf_get_size(&a->conf, "disk-max", &a->max, e) < 0)
		return -1;
	return a->min <= a->max ? 0 : wrong(a, "disk-min", e, "is more than disk-max");
}

/* RFC 1123: labels of letters, digits and inner hyphens. */
static bool hostname_ok(const char *name)
{
	if (strlen(name) > HOSTNAME_MAX)
		return false;
	for (;;) {
		size_t len = strcspn(name, ".");

		if (len == 0 || len > 63 || name[0] == '-' || name[len - 1] == '-')
			return false;
		for (size_t i = 0; i < len; i++)
			if (!isalnum((unsigned char)name[i]) && name[i] != '-')
				return false;
		if (!name[len])
			return true;
		name += len + 1;
	}
}

/* $ID$...: what has no "$" is a password that somebody took for a hash, or the old DES. */
static bool hash_ok(const char *hash)
{
	const char *id_end = hash[0] == '$' ? strchr(hash + 1, '$') : NULL;

	if (!id_end || id_end == hash + 1 || strlen(id_end) < 20 || strlen(hash) > 255)
		return false;
	for (const char *c = hash; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("$./=,", *c))
			return false;
	return true;
}

static bool key_ok(const char *key)
{
	static const char *const types[] = { "ssh-ed25519 ", "ssh-rsa ", "ecdsa-sha2-nistp256 ",
					     "ecdsa-sha2-nistp384 ", "ecdsa-sha2-nistp521 " };
	size_t n = 0;

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strncmp(key, types[i], strlen(types[i])) != 0)
			continue;
		key += strlen(types[i]);
		while (isalnum((unsigned char)key[n]) || key[n] == '+' || key[n] == '/')
			n++;
		while (key[n] == '=')
			n++;
		/* An ed25519 key, the shortest, has 68 characters; they come in fours. */
		return n >= 68 && n % 4 == 0 && (!key[n] || key[n] == ' ');
	}
	return false;
}

static bool bundle_ok(const char *bundle)
{
	if (strncmp(bundle, "http://", 7) == 0 || strncmp(bundle, "https://", 8) == 0)
		return !strchr(bundle, ' ') && strchr(bundle, ':')[3];
	if (!isalnum((unsigned char)*bundle))
		return false;
	for (; *bundle; bundle++)
		if (!isalnum((unsigned char)*bundle) && !strchr("._+-", *bundle))
			return false;
	return true;
}

/* KEY.1, KEY.2 ... up to the first that is not there. */
static int take_list(struct answers *a, const char *key, bool (*ok)(const char *), const char *what,
		     const char **list, size_t *n, struct err *e)
{
	char name[32];

	for (*n = 0; *n < ANSWERS_LIST; ++*n) {
		snprintf(name, sizeof(name), "%s.%zu", key, *n + 1);
		list[*n] = conf_get(&a->conf, name);
		if (!list[*n])
			return 0;
		if (!ok(list[*n]))
			return wrong(a, name, e, what);
	}
	return 0;
}

static int take(struct answers *a, struct err *e)
{
	if (take_disk(a, e) < 0)
		return -1;
	a->hostname = conf_get(&a->conf, "hostname");
	if (a->hostname && !hostname_ok(a->hostname))
		return wrong(a, "hostname", e,
			     "1 to 64 letters, digits and -, in parts between dots");
	a->password = conf_get(&a->conf, "root-password");
	if (a->password && !hash_ok(a->password))
		return wrong(a, "root-password", e,
			     "must be a hash, as 'openssl passwd -6' prints it, and no password");
	if (take_list(a, "ssh-key", key_ok, "is no public key: TYPE BASE64 [COMMENT]", a->keys,
		      &a->n_keys, e) < 0)
		return -1;
	return take_list(a, "bundle", bundle_ok, "is neither a name nor a URL", a->bundles,
			 &a->n_bundles, e);
}

/* The number behind a list's name, if it is one that was counted. */
static bool counted(const char *key, const char *list, size_t n)
{
	char name[32];

	for (size_t i = 1; i <= n; i++) {
		snprintf(name, sizeof(name), "%s.%zu", list, i);
		if (strcmp(key, name) == 0)
			return true;
	}
	return false;
}

/* A key that nobody has read is a mistake: misspelt, or behind a gap of a list. */
static int check_keys(const struct answers *a, struct err *e)
{
	static const char *const known[] = { "disk",	 "disk-min",	  "disk-max",
					     "hostname", "root-password", NULL };

	for (size_t i = 0; i < a->conf.count; i++) {
		const char *key = a->conf.lines[i].key;
		bool found =
			counted(key, "ssh-key", a->n_keys) || counted(key, "bundle", a->n_bundles);

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

int answers_parse(struct answers *a, const char *name, const char *text, struct err *e)
{
	memset(a, 0, sizeof(*a));
	if (conf_parse(&a->conf, name, text, e) < 0)
		return -1;
	if (take(a, e) == 0 && check_keys(a, e) == 0)
		return 0;
	answers_free(a);
	return -1;
}

void answers_free(struct answers *a)
{
	conf_free(&a->conf);
	memset(a, 0, sizeof(*a));
}

static bool counts(const struct answers *a, const struct answers_candidate *d)
{
	if (a->rule == ANSWERS_NAMED)
		return strcmp(d->device, a->disk) == 0;
	return d->usable && d->size >= a->min && d->size <= a->max;
}

const struct answers_candidate *answers_choose(const struct answers *a,
					       const struct answers_candidate *disks, size_t n,
					       struct err *e)
{
	const struct answers_candidate *best = NULL, *equal = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct answers_candidate *d = &disks[i];
		bool better = !best || (a->rule == ANSWERS_SMALLEST ? d->size < best->size
								    : d->size > best->size);

		if (!counts(a, d))
			continue;
		if (best && d->size == best->size)
			equal = d;
		if (!better)
			continue;
		best = d;
		equal = NULL;
	}
	if (!best)
		err_set(e, ERR_NOT_FOUND, "%s: no disk is as 'disk' says", a->conf.name);
	else if (equal)
		err_set(e, ERR_CONFLICT, "%s: %s and %s are both as 'disk' says: name one",
			a->conf.name, best->device, equal->device);
	return equal ? NULL : best;
}
