// SPDX-License-Identifier: Apache-2.0
/* resolv.conf(5): lines of a keyword and values; the last search line counts. */
#include "resolv.h"

#include <string.h>

#define BLANKS " \t"

static void add_words(json_t *list, const char *line, size_t len, size_t max)
{
	const char *end = line + len;

	while (max-- > 0) {
		size_t n;

		line += strspn(line, BLANKS);
		if (line >= end)
			return;
		n = strcspn(line, BLANKS "\n\r");
		if (n == 0)
			return;
		json_array_append_new(list, json_stringn(line, n));
		line += n;
	}
}

static int is_key(const char *line, const char *key)
{
	size_t len = strlen(key);

	return !strncmp(line, key, len) && (line[len] == ' ' || line[len] == '\t');
}

json_t *resolv_parse(const char *text)
{
	json_t *servers = json_array();
	json_t *search = json_array();

	while (*text) {
		size_t len = strcspn(text, "\n");

		if (is_key(text, "nameserver")) {
			add_words(servers, text + 10, len - 10, 1);
		} else if (is_key(text, "search") || is_key(text, "domain")) {
			json_array_clear(search);
			add_words(search, text + 6, len - 6, 32);
		}
		text += len + (text[len] == '\n');
	}
	return json_pack("{s:o, s:o}", "servers", servers, "search", search);
}
