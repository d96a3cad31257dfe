// SPDX-License-Identifier: Apache-2.0
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "archive.h"
#include "userworld/core/internal.h"
#include "tardisk/depot.h"

static void drop_end(char *text, const char *end)
{
	size_t len = strlen(text), tail = strlen(end);

	if (len > tail && !strcmp(text + len - tail, end))
		text[len - tail] = '\0';
}

/* Bytes of "http://" or "https://", 0 without either. */
static size_t scheme(const char *text)
{
	return !strncasecmp(text, "http://", 7) ? 7 : !strncasecmp(text, "https://", 8) ? 8 : 0;
}

int depot_address(const char *text, char out[static DEPOT_ADDRESS_MAX], struct err *e)
{
	size_t skip = scheme(text);

	if (strlen(text) >= DEPOT_ADDRESS_MAX)
		return err_set(e, ERR_USAGE, "%.64s...: an address of more than %d bytes", text,
			       DEPOT_ADDRESS_MAX - 1);
	strcpy(out, text);
	drop_end(out, "/" DEPOT_INDEX_NAME);
	while (strlen(out) > 1 && out[strlen(out) - 1] == '/')
		drop_end(out, "/");
	/* A comma parts addresses, a query would end up in the middle of a path. */
	if ((!skip && out[0] != '/') || strlen(out) <= (skip ? skip : 1) ||
	    out[strcspn(out, ", ?#\t\n")])
		return err_set(e, ERR_USAGE,
			       "%.128s: not the address of a depot: an http or https URL, or an "
			       "absolute path, without commas, spaces, ? and #",
			       text);
	return 0;
}

bool depot_address_is_remote_zip(const char *address)
{
	const char *name = address + scheme(address), *slash = strchr(name, '/');
	size_t len = slash ? strlen(slash) : 0;

	return name != address && len > 4 && !strcasecmp(slash + len - 4, ".zip");
}

/* A folder needs not be opened, but it must be one. */
static int open_local(struct depot_place *p, struct err *e)
{
	char full[CORE_PATH_MAX];
	struct stat st;
	int fd;

	if (core_path(full, e, CORE_ROOT, "%s", p->address) < 0)
		return -1;
	if (stat(full, &st) < 0)
		return err_sys(e, errno, "%s", p->address);
	if (S_ISDIR(st.st_mode))
		return 0;
	fd = open(full, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return err_sys(e, errno, "%s", p->address);
	return archive_open(&p->archive, fd, p->address, e);
}

int depot_place_open(struct depot_place *p, const char *address, struct err *e)
{
	p->archive = NULL;
	if (depot_address(address, p->address, e) < 0)
		return -1;
	if (p->address[0] == '/')
		return open_local(p, e);
	if (depot_address_is_remote_zip(p->address))
		return archive_open_url(&p->archive, p->address, e);
	return 0;
}

void depot_place_close(struct depot_place *p)
{
	archive_close(p->archive);
	p->archive = NULL;
}
