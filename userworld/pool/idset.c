// SPDX-License-Identifier: Apache-2.0
#include "idset.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct range {
	unsigned long first, last; /* last: ULONG_MAX for an open end */
};

static const char *read_number(const char *p, unsigned long *n)
{
	char *end;

	if (!isdigit((unsigned char)*p))
		return NULL;
	*n = strtoul(p, &end, 10);
	return *n <= IDSET_LAST ? end : NULL;
}

/* Reads one range; what is behind it, with its comma, or NULL if it is none. */
static const char *read_range(const char *p, struct range *r)
{
	p = read_number(p, &r->first);
	if (!p)
		return NULL;
	r->last = r->first;
	if (*p == '-') {
		p++;
		r->last = -1UL;
		if (*p && !(p = read_number(p, &r->last)))
			return NULL;
	}
	if (r->last < r->first || (*p && *p != ','))
		return NULL;
	if (*p == ',')
		return p[1] ? p + 1 : NULL;
	return p;
}

bool idset_valid(const char *text)
{
	struct range r;

	if (!strcmp(text, "all"))
		return true;
	if (!*text || strlen(text) > IDSET_MAX)
		return false;
	while (*text)
		if (!(text = read_range(text, &r)))
			return false;
	return true;
}

bool idset_is_all(const char *text)
{
	return !strcmp(text, "all") || !strcmp(text, "0-");
}

/* Whether the host has one of these numbers. */
static bool has_any(const char *have, unsigned long first, unsigned long last)
{
	struct range r;

	while (have && *have && (have = read_range(have, &r)))
		if (r.first <= last && first <= r.last)
			return true;
	return false;
}

int idset_admit(const char *text, const char *have, const char *key, const char *thing,
		struct err *e)
{
	struct range r;

	if (idset_is_all(text))
		return 0;
	while (*text) {
		text = read_range(text, &r);
		if (r.last == -1UL && !has_any(have, r.first, r.last))
			return err_set(e, ERR_INVALID,
				       "%s: this host has no %s from %lu on, it has %s", key, thing,
				       r.first, have);
		for (unsigned long n = r.first; r.last != -1UL && n <= r.last; n++)
			if (!has_any(have, n, n))
				return err_set(e, ERR_INVALID,
					       "%s: this host has no %s %lu, it has %s", key, thing,
					       n, have);
	}
	return 0;
}

void idset_for_kernel(const char *text, char out[static IDSET_MAX + 2])
{
	size_t len = strlen(text);

	if (idset_is_all(text))
		text = "0-";
	snprintf(out, IDSET_MAX + 2, "%s%s", text,
		 idset_is_all(text) || text[len - 1] == '-' ? "N" : "");
}
