// SPDX-License-Identifier: Apache-2.0
/* The model's beginning and end. */
#include "dcui/model.h"

#include "cleanup.h"

#include <string.h>

void model_init(struct model *m, int rows, int cols)
{
	memset(m, 0, sizeof(*m));
	m->rows = rows;
	m->cols = cols;
	m->stack[0] = SCREEN_HOME;
	m->depth = 1;
	m->viewer.found = -1;
}

void model_free(struct model *m)
{
	struct table *tables[] = { &m->ramdisks, &m->files,   &m->pools,   &m->shortages,
				   &m->settings, &m->bundles, &m->banks,   &m->history,
				   &m->changes,	 &m->diff,    &m->layouts, &m->adapters,
				   &m->nettest };

	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		json_decref(tables[i]->rows);
	json_decref(m->reading.params);
	json_decref(m->change.params);
	lines_free(&m->viewer.lines);
	explicit_bzero(m, sizeof(*m));
}
