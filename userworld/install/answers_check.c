// SPDX-License-Identifier: Apache-2.0
#include "answers_check.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "hostname.h"
#include "userworld/syslogfwd/address.h"

bool install_answers_hostname_ok(const char *name)
{
	return hostname_check(name, NULL) == 0;
}

bool install_answers_hash_ok(const char *hash)
{
	const char *id_end = hash[0] == '$' ? strchr(hash + 1, '$') : NULL;

	if (!id_end || id_end == hash + 1 || strlen(id_end) < 20 || strlen(hash) > 255)
		return false;
	for (const char *c = hash; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("$./=,", *c))
			return false;
	return true;
}

bool install_answers_key_ok(const char *key)
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

/* The first len bytes are an address. */
static bool ip_ok(const char *text, size_t len)
{
	char buf[INET_ADDRSTRLEN];
	struct in_addr address;

	if (len >= sizeof(buf))
		return false;
	memcpy(buf, text, len);
	buf[len] = '\0';
	return inet_pton(AF_INET, buf, &address) == 1 && address.s_addr != 0;
}

bool install_answers_ip_ok(const char *text)
{
	return ip_ok(text, strlen(text));
}

bool install_answers_network_ok(const char *text)
{
	const char *slash = strchr(text, '/');
	int bits = 0;

	if (!slash || !ip_ok(text, (size_t)(slash - text)) || strlen(slash + 1) > 2)
		return false;
	for (const char *c = slash + 1; *c; c++) {
		if (!isdigit((unsigned char)*c))
			return false;
		bits = bits * 10 + *c - '0';
	}
	return bits >= 1 && bits <= 32;
}

bool install_answers_ips_ok(const char *text)
{
	while (*text) {
		size_t len = strcspn(text, " \t");

		if (!ip_ok(text, len))
			return false;
		text += len;
		text += strspn(text, " \t");
	}
	return true;
}

bool install_answers_url_ok(const char *url)
{
	const char *host = strncmp(url, "http://", 7) == 0    ? url + 7
			   : strncmp(url, "https://", 8) == 0 ? url + 8
							      : "";

	return isalnum((unsigned char)*host) && !strpbrk(url, " \t\"'");
}

bool install_answers_bundle_ok(const char *where)
{
	return (where[0] == '/' && where[1]) || install_answers_url_ok(where);
}

#define NAMES_MAX 8
#define NAME_BYTES 253 /* of a name of the DNS */

bool install_answers_names_ok(const char *text)
{
	size_t count = 0;

	for (text += strspn(text, " \t"); *text; text += strspn(text, " \t")) {
		size_t len = strcspn(text, " \t");

		if (len > NAME_BYTES || ++count > NAMES_MAX || !isalnum((unsigned char)text[0]))
			return false;
		for (size_t i = 0; i < len; i++)
			if (!isalnum((unsigned char)text[i]) && !strchr(".:-", text[i]))
				return false;
		text += len;
	}
	return count > 0;
}

bool install_answers_hosts_ok(const char *text)
{
	struct address hosts[TARGETS_MAX];

	return strlen(text) < 512 && addresses_parse(text, hosts, NULL) > 0;
}
