// SPDX-License-Identifier: Apache-2.0
/* Entity tags. */
#include "tag.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int tag_of_bytes(const void *bytes, size_t len, char tag[static TAG_LENGTH + 1])
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	if (EVP_Digest(bytes, len, digest, NULL, EVP_sha256(), NULL) != 1)
		return -1;
	for (size_t i = 0; i < TAG_LENGTH / 2; i++)
		snprintf(tag + 2 * i, 3, "%02x", digest[i]);
	return 0;
}

int tag_of(json_t *value, char tag[static TAG_LENGTH + 1])
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
	int rc = text ? tag_of_bytes(text, strlen(text), tag) : -1;

	free(text);
	return rc;
}

bool tag_listed(const char *list, const char *tag, bool weak)
{
	size_t len = strlen(tag);

	while (*list) {
		bool is_weak;

		list += strspn(list, " \t,");
		if (*list == '*')
			return true;
		is_weak = !strncmp(list, "W/", 2);
		list += is_weak ? 2 : 0;
		if (*list++ != '"')
			return false;
		if (!strncmp(list, tag, len) && list[len] == '"' && (weak || !is_weak))
			return true;
		list += strcspn(list, "\"");
		list += *list == '"';
	}
	return false;
}
