// SPDX-License-Identifier: Apache-2.0
#include "kargs.h"

#include <fcntl.h>
#include <string.h>

#include "file.h"

int kargs_read(char buf[static KARGS_MAX], struct err *e)
{
	return file_read_at(AT_FDCWD, "/proc/cmdline", buf, KARGS_MAX, e) < 0 ? -1 : 0;
}

/*
 * Copies the next word without its quotes into word (cut at size) and returns
 * where to go on, or NULL at the end of the line.
 */
static const char *next_word(const char *p, char *word, size_t size)
{
	bool quoted = false;
	size_t n = 0;

	while (*p == ' ' || *p == '\t' || *p == '\n')
		p++;
	if (!*p)
		return NULL;
	for (; *p && (quoted || (*p != ' ' && *p != '\t' && *p != '\n')); p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (n + 1 < size)
			word[n++] = *p;
	}
	word[n] = '\0';
	return p;
}

bool kargs_has(const char *cmdline, const char *word)
{
	size_t len = strlen(word);
	bool with_value = strchr(word, '=');
	char have[KARGS_MAX];

	while ((cmdline = next_word(cmdline, have, sizeof(have)))) {
		if (!strcmp(have, word))
			return true;
		if (!with_value && !strncmp(have, word, len) && have[len] == '=')
			return true;
	}
	return false;
}

bool kargs_value(const char *cmdline, const char *name, char *buf, size_t size)
{
	size_t len = strlen(name);
	char have[KARGS_MAX];
	bool found = false;

	while ((cmdline = next_word(cmdline, have, sizeof(have)))) {
		if (strncmp(have, name, len) || have[len] != '=')
			continue;
		found = strlen(have + len + 1) < size;
		if (found)
			memcpy(buf, have + len + 1, strlen(have + len + 1) + 1);
	}
	return found;
}

void kargs_drop(char *cmdline, const char *name)
{
	size_t len = strlen(name);

	for (char *at = cmdline; (at = strstr(at, name));) {
		size_t word = strcspn(at, " ");

		if ((at > cmdline && at[-1] != ' ') || (at[len] != '=' && word != len)) {
			at += len;
			continue;
		}
		word += strspn(at + word, " ");
		memmove(at, at + word, strlen(at + word) + 1);
	}
}
