/* SPDX-License-Identifier: Apache-2.0 */
/* The depots that a request goes to: those it names, or those the host is told to use. */
#ifndef VISOR_CORE_DEPOT_SET_H
#define VISOR_CORE_DEPOT_SET_H

#include <stdbool.h>

#include "place.h"
#include "err.h"
#include "tardisk/depot.h"

#define DEPOT_SOURCES_MAX 32
#define DEPOT_SOURCES "/etc/visoros/depots" /* an address a line; state */

struct depot {
	struct depot_place place;
	char signer[200]; /* of the index; "" if it is not signed */
	struct depot_index index;
};

struct depot_set {
	struct depot *items;
	size_t n;
};

/*
 * The text of DEPOT_SOURCES as addresses and back. Lines that are empty or begin
 * with '#' are left out. ERR_INVALID names the line at fault. Pure.
 */
int depot_sources_parse(const char *text, char (*list)[DEPOT_ADDRESS_MAX], size_t *n,
			struct err *e);
int depot_sources_format(char (*list)[DEPOT_ADDRESS_MAX], size_t n, char **text, struct err *e);

/* What the host is told to use: at most DEPOT_SOURCES_MAX addresses. */
int depot_sources_load(char (*list)[DEPOT_ADDRESS_MAX], size_t *n, struct err *e);

/*
 * Reads the indexes of the depots in addresses, apart by commas, or with NULL of
 * those in DEPOT_SOURCES (ERR_NOT_FOUND if there are none). Each must be signed as
 * the host's level of acceptance wants it. Freed by depot_set_free() either way.
 */
int depot_set_load(struct depot_set *set, const char *addresses, struct err *e);
void depot_set_free(struct depot_set *set);

#endif
