// SPDX-License-Identifier: Apache-2.0
/* The model's beginning and end. */
#include "dcui/model.h"

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
	lines_free(&m->viewer.lines);
	explicit_bzero(m, sizeof(*m));
}
