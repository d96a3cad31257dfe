/* SPDX-License-Identifier: Apache-2.0 */
/* Where a depot is: a folder or a zip archive, on the host or on a web server. */
#ifndef VISOR_CORE_DEPOT_PLACE_H
#define VISOR_CORE_DEPOT_PLACE_H

#include <stdbool.h>

#include "err.h"

#define DEPOT_ADDRESS_MAX 200 /* bytes, NUL included */

struct depot_place {
	char address[DEPOT_ADDRESS_MAX]; /* as depot_address() gives it */
	struct archive *archive;	 /* NULL: a folder */
};

/*
 * The address of a depot in its one form: without a slash or "/index.json" at
 * its end. ERR_USAGE for what is no http or https URL and no absolute path. Pure.
 */
int depot_address(const char *text, char out[static DEPOT_ADDRESS_MAX], struct err *e);

/* Is it that of an archive on a server? Its name ends with ".zip". Pure. */
bool depot_address_is_remote_zip(const char *address);

/*
 * Opens the archive, if the address is that of one. Errors as depot_address(),
 * archive_open() and archive_open_url(). Closed by depot_place_close() on success.
 */
int depot_place_open(struct depot_place *p, const char *address, struct err *e);
void depot_place_close(struct depot_place *p);

#endif
