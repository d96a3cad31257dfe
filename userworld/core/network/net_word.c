// SPDX-License-Identifier: Apache-2.0
/* Words of network settings: lists of them, addresses, domains. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "net_conf.h"

#define BETWEEN ", \t"

bool net_word(const char **at, char *out, size_t size)
{
	size_t len;

	*at += strspn(*at, BETWEEN);
	len = strcspn(*at, BETWEEN);
	if (!len || len >= size)
		return false;
	memcpy(out, *at, len);
	out[len] = '\0';
	*at += len;
	return true;
}

bool net_address_ok(int family, const char *text, bool prefix)
{
	char address[INET6_ADDRSTRLEN], *end;
	size_t len = strcspn(text, "/");
	unsigned char raw[16];
	unsigned long bits;

	if (len >= sizeof(address) || (text[len] == '/') != prefix)
		return false;
	memcpy(address, text, len);
	address[len] = '\0';
	if (inet_pton(family, address, raw) != 1)
		return false;
	if (!prefix)
		return true;
	bits = strtoul(text + len + 1, &end, 10);
	return isdigit((unsigned char)text[len + 1]) && !*end &&
	       bits <= (family == AF_INET ? 32 : 128);
}

bool net_domain_ok(const char *text)
{
	if (!isalnum((unsigned char)*text) || strlen(text) > 253)
		return false;
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && !strchr(".-_", *text))
			return false;
	return true;
}
