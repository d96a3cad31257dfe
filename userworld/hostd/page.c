// SPDX-License-Identifier: Apache-2.0
/* The management page. */
#include "page.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "page_body.h"
#include "reply.h"
#include "tag.h"

#define HTML "text/html; charset=utf-8"
#define STYLE "text/css; charset=utf-8"
#define SCRIPT "text/javascript; charset=utf-8"

/* Every file of page/: the test of the page asks for all that are there. */
#define FILES(F)                     \
	F(index, "html", HTML)       \
	F(style, "css", STYLE)       \
	F(alarms, "js", SCRIPT)      \
	F(api, "js", SCRIPT)         \
	F(audit, "js", SCRIPT)       \
	F(bundles, "js", SCRIPT)     \
	F(certificate, "js", SCRIPT) \
	F(chart, "js", SCRIPT)       \
	F(clients, "js", SCRIPT)     \
	F(dialog, "js", SCRIPT)      \
	F(dom, "js", SCRIPT)         \
	F(effect, "js", SCRIPT)      \
	F(events, "js", SCRIPT)      \
	F(firewall, "js", SCRIPT)    \
	F(form, "js", SCRIPT)        \
	F(format, "js", SCRIPT)      \
	F(hardware, "js", SCRIPT)    \
	F(history, "js", SCRIPT)     \
	F(interfaces, "js", SCRIPT)  \
	F(line, "js", SCRIPT)        \
	F(live, "js", SCRIPT)        \
	F(lockdown, "js", SCRIPT)    \
	F(logs, "js", SCRIPT)        \
	F(memory, "js", SCRIPT)      \
	F(network, "js", SCRIPT)     \
	F(overview, "js", SCRIPT)    \
	F(page, "js", SCRIPT)        \
	F(pools, "js", SCRIPT)       \
	F(power, "js", SCRIPT)       \
	F(profile, "js", SCRIPT)     \
	F(routes, "js", SCRIPT)      \
	F(samples, "js", SCRIPT)     \
	F(services, "js", SCRIPT)    \
	F(session, "js", SCRIPT)     \
	F(settings, "js", SCRIPT)    \
	F(storage, "js", SCRIPT)     \
	F(support, "js", SCRIPT)     \
	F(table, "js", SCRIPT)       \
	F(tasks, "js", SCRIPT)       \
	F(tokens, "js", SCRIPT)      \
	F(trial, "js", SCRIPT)       \
	F(upload, "js", SCRIPT)      \
	F(users, "js", SCRIPT)       \
	F(views, "js", SCRIPT)

/* Packed by build.mk; the compiler looks for them below out/gen, as for headers that are made. */
#define EMBED(name, suffix, type)                                               \
	__asm__(".section .rodata.page_" #name ",\"a\"\n"                       \
		".global page_" #name ", page_" #name "_end\npage_" #name ":\n" \
		".incbin \"page/" #name "." suffix ".gz\"\npage_" #name         \
		"_end:\n.byte 0\n.previous\n");                                 \
	extern const char page_##name[], page_##name##_end[];
FILES(EMBED)

#define ROW(name, suffix, type) { "/" #name "." suffix, type, page_##name, page_##name##_end },

static const struct {
	const char *path;
	const char *type;
	const char *start;
	const char *end;
} files[] = { FILES(ROW) };

static bool is_of(const char *path, const char *file)
{
	return strcmp(path, file) == 0 || (!strcmp(path, "/") && !strcmp(file, "/index.html"));
}

/* What the client has already is not sent again: it asks each time whether it is the same still. */
static bool is_known(struct evhttp_request *request, const void *packed, size_t len)
{
	const char *known =
		evhttp_find_header(evhttp_request_get_input_headers(request), "If-None-Match");
	char tag[TAG_LENGTH + 1], quoted[TAG_LENGTH + 5];

	if (tag_of_bytes(packed, len, tag) < 0)
		return false;
	/* Weak: packed and unpacked are the same file in other bytes. */
	snprintf(quoted, sizeof(quoted), "W/\"%s\"", tag);
	reply_header(request, "ETag", quoted);
	return known && tag_listed(known, tag, true);
}

static void send_file(struct evhttp_request *request, const char *type, const char *packed,
		      size_t len)
{
	struct evkeyvalq *headers = evhttp_request_get_input_headers(request);
	struct err e = ERR_INIT;
	size_t size;
	char *text;

	reply_header(request, "Cache-Control", "no-cache");
	reply_header(request, "Vary", "Accept-Encoding");
	if (is_known(request, packed, len)) {
		reply_empty(request, HTTP_NOTMODIFIED);
	} else if (page_takes_gzip(evhttp_find_header(headers, "Accept-Encoding"))) {
		reply_header(request, "Content-Encoding", "gzip");
		reply_static(request, type, packed, len);
	} else if ((text = page_unpack(packed, len, &size, &e))) {
		reply_text(request, type, text, size);
	} else {
		reply_problem(request, 0, &e);
	}
}

void page_request(struct evhttp_request *request, const char *path)
{
	struct err e = ERR_INIT;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (!is_of(path, files[i].path))
			continue;
		if (evhttp_request_get_command(request) == EVHTTP_REQ_GET) {
			send_file(request, files[i].type, files[i].start,
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
