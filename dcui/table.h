/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A full screen made of the list that an operation answers: a heading, rows of which one is
 * chosen, and what is known of that one below. Each such screen is one file in screens/ with one
 * struct table_spec; the model has a struct table for each.
 */
#ifndef DCUI_TABLE_H
#define DCUI_TABLE_H

#include <jansson.h>

#include "dcui/page.h"
#include "dcui/ui.h"

#define TABLE_ROW 512 /* bytes of a row's text */

struct table_spec {
	const char *title, *footer, *heading;
	const char *empty; /* what to say if there are no rows */
	const char *op;	   /* that answers with them */
	const char *key;   /* the field of the answer they are in; NULL: it is the list itself */
	json_t *(*params)(const struct table *t); /* a new reference; NULL: none */
	/* Text of a row, and its style. */
	enum style (*row)(const json_t *row, char buf[static TABLE_ROW]);
	/* What stands below the rows, at most detail_rows lines; NULL: nothing. */
	void (*details)(const struct table *t, const json_t *row, struct page *p);
	int detail_rows;
	/* A key that is not for the list; row is NULL if there is none. */
	enum action (*handle)(struct key key, struct model *m, const json_t *row);
};

void table_render(const struct table_spec *spec, const struct table *t, const struct model *m,
		  struct grid *g);
enum action table_handle(const struct table_spec *spec, struct table *t, struct key key,
			 struct model *m);

/* Opens a table's screen; gives the action that fills it. */
enum action table_open(struct model *m, enum screen_id id, const struct table_spec *spec,
		       struct table *t);

/* Forgets what it shows. */
void table_clear(struct table *t);

/* A field of a row: "" or 0 if it is not there or of another type. */
const char *table_text(const json_t *row, const char *key);
json_int_t table_number(const json_t *row, const char *key);

#endif
