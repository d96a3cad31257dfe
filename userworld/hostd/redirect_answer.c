// SPDX-License-Identifier: Apache-2.0
/* What port 80 answers. Host and path go back to the client, so both must be harmless. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "redirect.h"

static const char refusal[] = "HTTP/1.1 400 Bad Request\r\n"
			      "Content-Length: 0\r\nConnection: close\r\n\r\n";

/* Length of the host's name in a Host header, without port; 0 if there is no good one. */
static size_t find_host(const char *head, const char **host)
{
	const char *line = strchr(head, '\n');
	size_t len;

	while (line && strncasecmp(line + 1, "Host:", 5) != 0)
		line = strchr(line + 1, '\n');
	if (!line)
		return 0;
	*host = line + 6 + strspn(line + 6, " \t");
	len = 0;
	while (isalnum((unsigned char)(*host)[len]) || strchr(".-", (*host)[len] ?: 'x'))
		len++;
	return strchr(":\r\n \t", (*host)[len]) && len < 256 ? len : 0;
}

/* Length of the path in the request line, 0 if it is none or has odd characters. */
static size_t find_path(const char *head, const char **path)
{
	size_t len = 0;

	if (strncmp(head, "GET ", 4) != 0 && strncmp(head, "HEAD ", 5) != 0)
		return 0;
	*path = strchr(head, ' ') + 1;
	if (**path != '/')
		return 0;
	while ((*path)[len] > ' ' && (*path)[len] < 0x7f)
		len++;
	return !strncmp(*path + len, " HTTP/1.", 8) ? len : 0;
}

size_t redirect_answer(const char *head, int https_port, char *out, size_t size)
{
	const char *path = "", *host = "";
	size_t path_len = find_path(head, &path);
	size_t host_len = find_host(head, &host);
	char port[8] = "";
	int len;

	if (https_port != 443)
		snprintf(port, sizeof(port), ":%d", https_port);
	len = path_len && host_len ? snprintf(out, size,
					      "HTTP/1.1 301 Moved Permanently\r\n"
					      "Location: https://%.*s%s%.*s\r\n"
					      "Content-Length: 0\r\nConnection: close\r\n\r\n",
					      (int)host_len, host, port, (int)path_len, path)
				   : snprintf(out, size, "%s", refusal);
	return len > 0 && (size_t)len < size ? (size_t)len : 0;
}
