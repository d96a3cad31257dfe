/* SPDX-License-Identifier: Apache-2.0 */
/* Long lists in pages. Pure. */
#ifndef HOSTD_PAGES_H
#define HOSTD_PAGES_H

#include <jansson.h>
#include <stddef.h>

#include "err.h"

#define PAGES_MAX 1000000
#define PAGE_SIZE_MAX 1000 /* rows */

struct page_cut {
	unsigned int page; /* from 1 on */
	unsigned int size; /* rows of a page */
	size_t rows;	   /* of the whole list */
};

/* The rows of that page; a new reference. Behind the last page there are none. */
json_t *pages_cut(json_t *rows, const struct page_cut *cut);

/* A Link header (RFC 8288) with first, prev, next and last, as far as there are such; or "". */
void pages_links(const struct page_cut *cut, const char *path, char *out, size_t size);

/*
 * Takes a number from 1 to max out of the query (an object of strings, or NULL). What is not
 * there leaves *number as it is. ERR_USAGE if it is no such number.
 */
int pages_number(json_t *query, const char *name, unsigned int max, unsigned int *number,
		 struct err *e);

#endif
