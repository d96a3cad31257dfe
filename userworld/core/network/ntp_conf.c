// SPDX-License-Identifier: Apache-2.0
#include "ntp_conf.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "conf.h"

#define BETWEEN ", \t"
#define NAME_MAX_LEN 253

/* It ends up in a config file of openntpd and in a shell: nothing but a name or an address. */
static bool is_server(const char *s, size_t len)
{
	if (len == 0 || len > NAME_MAX_LEN || !(isalnum((unsigned char)s[0]) || s[0] == ':'))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)s[i]) && !strchr(".:-", s[i]))
			return false;
	return true;
}

int ntp_servers_parse(const char *list, char out[static NTP_TEXT_MAX], struct err *e)
{
	size_t used = 0, count = 0;

	out[0] = '\0';
	for (list += strspn(list, BETWEEN); *list; list += strspn(list, BETWEEN)) {
		size_t len = strcspn(list, BETWEEN);

		if (!is_server(list, len))
			return err_set(e, ERR_INVALID, "'%.*s' is no host name and no address",
				       len > 64 ? 64 : (int)len, list);
		if (++count > NTP_SERVERS_MAX || used + len + 2 > NTP_TEXT_MAX)
			return err_set(e, ERR_INVALID, "more than %d servers, or %d bytes of them",
				       NTP_SERVERS_MAX, NTP_TEXT_MAX);
		used += (size_t)snprintf(out + used, NTP_TEXT_MAX - used, "%s%.*s", used ? " " : "",
					 (int)len, list);
		list += len;
	}
	return 0;
}

int ntp_conf_parse(const char *path, const char *text, struct ntp_conf *n, struct err *e)
{
	static const char *const keys[] = { "enabled", "servers", NULL };
	const char *servers;
	struct conf c;
	int rc;

	*n = (struct ntp_conf){ .enabled = true };
	if (conf_parse(&c, path, text, e) < 0)
		return -1;
	servers = conf_get(&c, "servers");
	rc = conf_check_keys(&c, keys, e) < 0 || conf_get_bool(&c, "enabled", &n->enabled, e) < 0;
	if (!rc && servers && ntp_servers_parse(servers, n->servers, e) < 0)
		rc = err_wrap(e, "%s: servers", path);
	conf_free(&c);
	return rc ? -1 : 0;
}
