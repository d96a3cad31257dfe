// SPDX-License-Identifier: Apache-2.0
#include "settings.h"

#include <stdio.h>
#include <string.h>

#include "userworld/lib/conf.h"

static int read_purge(const struct conf *c, struct oom_settings *s, struct err *e)
{
	const char *p = conf_get(c, "purge");

	while (p && *(p += strspn(p, ", \t"))) {
		size_t n = strcspn(p, ", \t");

		if (s->purge_count == PURGE_MAX)
			return err_set(e, ERR_INVALID, "%s: purge names more than %d ramdisks",
				       c->name, PURGE_MAX);
		if (n >= sizeof(s->purge[0]) || memchr(p, '/', n))
			return err_set(e, ERR_INVALID, "%s: purge is names of ramdisks, not '%.*s'",
				       c->name, (int)n, p);
		snprintf(s->purge[s->purge_count++], sizeof(s->purge[0]), "%.*s", (int)n, p);
		p += n;
	}
	return 0;
}

static int read_all(const struct conf *c, struct oom_settings *s, struct err *e)
{
	static const char *const keys[] = { "policy", "purge", NULL };
	const char *policy = conf_get(c, "policy");

	if (conf_check_keys(c, keys, e) < 0 || read_purge(c, s, e) < 0)
		return -1;
	if (policy && oom_policy_parse(policy, &s->policy) < 0)
		return err_set(e, ERR_INVALID,
			       "%s: policy is random, weighted or largest, not '%s'", c->name,
			       policy);
	return 0;
}

int oom_settings_read(const char *path, struct oom_settings *s, struct err *e)
{
	struct conf c;
	int rc;

	*s = (struct oom_settings){ .policy = OOM_RANDOM };
	if (conf_read(&c, path, e) < 0)
		return e && e->kind == ERR_NOT_FOUND ? 0 : -1;
	rc = read_all(&c, s, e);
	conf_free(&c);
	if (rc < 0)
		*s = (struct oom_settings){ .policy = OOM_RANDOM };
	return rc;
}
