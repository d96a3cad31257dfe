/* SPDX-License-Identifier: Apache-2.0 */
/* From what operations answer to samples, by a table of which field becomes which. Pure. */
#ifndef VISOR_CORE_METRICS_TABLE_H
#define VISOR_CORE_METRICS_TABLE_H

#include <jansson.h>
#include <stdbool.h>

#include "expose.h"

#define METRIC_LABELS 4

struct metric {
	const char *op; /* whose rows (or one object) these are */
	const char *name;
	enum expose_type type;
	const char *help;
	struct {
		const char *name, *key; /* of the label, and of its field */
	} labels[METRIC_LABELS];
	const char *key; /* the value's field; NULL: 1 for each row */
	double scale;	 /* 0: as it is */
	bool limited;	 /* -1 stands for no limit, and for no sample */
};

/* All of them; those of one operation stand together. Ends with one without op. */
extern const struct metric metric_table[];

/* The family of m with a sample for each row; what has no such field, or null, has none. */
void metric_write(FILE *out, const struct metric *m, json_t *rows);

#endif
