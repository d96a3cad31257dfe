// SPDX-License-Identifier: Apache-2.0
/* Errors as RFC 9457 problem details. */
#include "problem.h"

#include <stdio.h>
#include <string.h>

#include "userworld/core/utf8.h"

static const char *title_of(enum err_kind kind)
{
	switch (kind) {
	case ERR_NONE:
		return "No error";
	case ERR_USAGE:
		return "Malformed request";
	case ERR_INVALID:
		return "Content refused";
	case ERR_NOT_FOUND:
		return "Not found";
	case ERR_CONFLICT:
		return "Conflict with the state of the host";
	case ERR_DENIED:
		return "Not allowed";
	case ERR_AUTH:
		return "Login needed";
	case ERR_NO_SPACE:
		return "Not enough memory or space";
	case ERR_UNAVAILABLE:
		return "Not available now";
	case ERR_SYSTEM:
		break;
	}
	return "Internal failure";
}

json_t *problem_json(const struct err *e, int status)
{
	char type[64], detail[sizeof(e->text)];

	snprintf(type, sizeof(type), "urn:visoros:error:%s", err_name(e->kind));
	/* A message may quote the bytes of a file, and JSON takes UTF-8 only. */
	memcpy(detail, e->text, sizeof(detail));
	utf8_repair(detail, strlen(detail));
	return json_pack("{s:s, s:s, s:i, s:s}", "type", type, "title", title_of(e->kind), "status",
			 status ? status : err_http_status(e->kind), "detail", detail);
}
