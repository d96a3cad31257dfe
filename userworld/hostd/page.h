/* SPDX-License-Identifier: Apache-2.0 */
/* The management page: files of userworld/hostd/page, built into the program. */
#ifndef HOSTD_PAGE_H
#define HOSTD_PAGE_H

#include <event2/http.h>

/* Answers with the file of that path, as the client takes it (gzip or plain), 304 or 404. */
void page_request(struct evhttp_request *request, const char *path);

#endif
