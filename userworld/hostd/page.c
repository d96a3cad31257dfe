// SPDX-License-Identifier: Apache-2.0
/* The management page. */
#include "page.h"

#include <stddef.h>
#include <string.h>

#include "reply.h"

/* Paths are from the top of the tree, where the compiler runs. */
#define EMBED(name, path)                                                                    \
	__asm__(".section .rodata." #name ",\"a\"\n"                                         \
		".global " #name ", " #name "_end\n" #name ":\n.incbin \"" path "\"\n" #name \
		"_end:\n.byte 0\n.previous\n");                                              \
	extern const char name[], name##_end[]

EMBED(page_index, "userworld/hostd/page/index.html");
EMBED(page_script, "userworld/hostd/page/page.js");
EMBED(page_style, "userworld/hostd/page/page.css");

static const struct {
	const char *path;
	const char *type;
	const char *start;
	const char *end;
} files[] = {
	{ "/", "text/html; charset=utf-8", page_index, page_index_end },
	{ "/page.js", "text/javascript; charset=utf-8", page_script, page_script_end },
	{ "/page.css", "text/css; charset=utf-8", page_style, page_style_end },
};

void page_request(struct evhttp_request *request, const char *path)
{
	struct err e = ERR_INIT;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (strcmp(path, files[i].path) != 0)
			continue;
		if (evhttp_request_get_command(request) == EVHTTP_REQ_GET) {
			reply_static(request, files[i].type, files[i].start,
				     (size_t)(files[i].end - files[i].start));
			return;
		}
		reply_header(request, "Allow", "GET");
		err_set(&e, ERR_USAGE, "%s allows GET", path);
		reply_problem(request, HTTP_BADMETHOD, &e);
		return;
	}
	err_set(&e, ERR_NOT_FOUND, "%.200s: no such resource", path);
	reply_problem(request, 0, &e);
}
