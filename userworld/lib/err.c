// SPDX-License-Identifier: Apache-2.0
/* One error value, one table that maps it at the edge. */
#include "err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	int exit_code;
	int http_status;
} kinds[] = {
	[ERR_NONE] = { "none", 0, 200 },
	[ERR_USAGE] = { "usage", 2, 400 },
	[ERR_INVALID] = { "invalid", 3, 422 },
	[ERR_NOT_FOUND] = { "not-found", 4, 404 },
	[ERR_CONFLICT] = { "conflict", 5, 409 },
	[ERR_DENIED] = { "denied", 6, 403 },
	[ERR_AUTH] = { "auth", 7, 401 },
	[ERR_NO_SPACE] = { "no-space", 8, 507 },
	[ERR_UNAVAILABLE] = { "unavailable", 9, 503 },
	[ERR_SYSTEM] = { "system", 1, 500 },
};

#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

static enum err_kind kind_of_errno(int num)
{
	switch (num) {
	case ENOENT:
		return ERR_NOT_FOUND;
	case EEXIST:
	case EBUSY:
	case ENOTEMPTY:
		return ERR_CONFLICT;
	case EACCES:
	case EPERM:
		return ERR_DENIED;
	case ENOSPC:
	case ENOMEM:
		return ERR_NO_SPACE;
	case EBADMSG:
	case EINVAL:
		return ERR_INVALID;
	default:
		return ERR_SYSTEM;
	}
}

/* Bytes of the UTF-8 character at p; 0 if it is none, or one that controls a terminal. */
static size_t character(const unsigned char *p)
{
	size_t len = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

	if (len == 1)
		return p[0] >= ' ' && p[0] != 0x7f;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	/* Controls, other spellings of shorter forms, surrogates, beyond Unicode. */
	if ((p[0] == 0xc2 && p[1] < 0xa0) || (p[0] == 0xe0 && p[1] < 0xa0) ||
	    (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf0 && p[1] < 0x90) ||
	    (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return len;
}

/* Messages quote hostile input, and end on terminals, in logs and in JSON. */
static void make_plain(char *text)
{
	while (*text) {
		size_t len = character((unsigned char *)text);

		if (!len)
			*text = '?';
		text += len ? len : 1;
	}
}

int err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;

	if (!e)
		return -1;
	e->kind = kind;
	e->num = 0;
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	make_plain(e->text);
	return -1;
}

int err_sys(struct err *e, int num, const char *fmt, ...)
{
	va_list ap;
	size_t len;

	if (!e)
		return -1;
	e->kind = kind_of_errno(num);
	e->num = num;
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	len = strlen(e->text);
	snprintf(e->text + len, sizeof(e->text) - len, ": %s", strerror(num));
	make_plain(e->text);
	return -1;
}

int err_wrap(struct err *e, const char *fmt, ...)
{
	char inner[sizeof(e->text)];
	va_list ap;
	size_t len;

	if (!e)
		return -1;
	memcpy(inner, e->text, sizeof(inner));
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	len = strlen(e->text);
	snprintf(e->text + len, sizeof(e->text) - len, ": %s", inner);
	make_plain(e->text);
	return -1;
}

int err_exit_code(enum err_kind kind)
{
	return (size_t)kind < KIND_COUNT ? kinds[kind].exit_code : 1;
}

int err_http_status(enum err_kind kind)
{
	return (size_t)kind < KIND_COUNT ? kinds[kind].http_status : 500;
}

const char *err_name(enum err_kind kind)
{
	return (size_t)kind < KIND_COUNT ? kinds[kind].name : "system";
}

enum err_kind err_kind_from_name(const char *name)
{
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (!strcmp(kinds[i].name, name))
			return (enum err_kind)i;
	return ERR_SYSTEM;
}
