// SPDX-License-Identifier: Apache-2.0
/* From the operator's text to what stands on the home screen. */
#include "dcui/welcome.h"
#include "dcui/text.h"

#include "cleanup.h"

#include <stdio.h>
#include <string.h>

static const char *address(const struct facts *f)
{
	for (size_t i = 0; i < f->nic_count; i++)
		if (f->nics[i].address[0])
			return f->nics[i].address;
	return "";
}

/* The value of a variable, or NULL if there is none of that name. */
static const char *value_of(const char *name, const struct facts *f, char buf[static 192])
{
	const struct {
		const char *name, *value;
	} plain[] = {
		{ "product", f->product },	 { "esxproduct", f->product },
		{ "version", f->version },	 { "esxversion", f->version },
		{ "build", f->build },		 { "hostname", f->hostname },
		{ "address", address(f) },	 { "ip", address(f) },
		{ "thumbprint", f->thumbprint }, { "ssl-thumbprint", f->thumbprint },
		{ "serial", f->serial },
	};

	for (size_t i = 0; i < ARRAY_SIZE(plain); i++)
		if (!strcmp(plain[i].name, name))
			return plain[i].value;
	buf[0] = '\0';
	if (!strcmp(name, "url")) {
		if (address(f)[0])
			snprintf(buf, 192, "https://%s/", address(f));
		return buf;
	}
	if (!strcmp(name, "memory"))
		return f->memory ? text_size(f->memory, buf, 192) : buf;
	if (!strcmp(name, "cpu")) {
		if (f->cpu_count)
			snprintf(buf, 192, "%u x %s", f->cpu_count, f->cpu_model);
		return buf;
	}
	return NULL;
}

/* "{name}" at s: its length and value; 0 if it is no variable. */
static size_t variable(const char *s, const struct facts *f, const char **value,
		       char buf[static 192])
{
	size_t len = strcspn(s, "}");
	char name[24];

	if (*s != '{' || !s[len] || len - 1 >= sizeof(name))
		return 0;
	memcpy(name, s + 1, len - 1);
	name[len - 1] = '\0';
	*value = value_of(name, f, buf);
	return *value ? len + 1 : 0;
}

/* Character by character, so that what is cut is cut between two. */
static size_t put(char out[static WELCOME_MAX], size_t used, const char *text)
{
	while (*text) {
		const char *at = text;
		uint32_t ch = *text == '\n' ? '\n' : text_decode(&text);
		char bytes[TEXT_UTF8_MAX];
		size_t len;

		text += text == at;
		len = text_encode(ch, bytes);
		if (used + len >= WELCOME_MAX)
			break;
		memcpy(out + used, bytes, len);
		used += len;
	}
	return used;
}

void welcome_expand(const char *text, const struct facts *f, char out[static WELCOME_MAX])
{
	size_t used = 0;

	while (*text) {
		const char *value = NULL;
		char buf[192], one[TEXT_UTF8_MAX + 1] = "";
		size_t len = variable(text, f, &value, buf);

		if (len) {
			used = put(out, used, *value ? value : "-");
		} else {
			len = text_offset(text, 1);
			memcpy(one, text, len);
			used = put(out, used, one);
		}
		text += len;
	}
	out[used] = '\0';
}
