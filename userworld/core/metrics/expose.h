/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text that Prometheus reads, version 0.0.4 of its format: families, each with its help and
 * type once, and samples below them. Pure; what goes wrong in writing stays in the stream (ferror).
 */
#ifndef VISOR_CORE_METRICS_EXPOSE_H
#define VISOR_CORE_METRICS_EXPOSE_H

#include <stddef.h>
#include <stdio.h>

#define EXPOSE_TYPE "text/plain; version=0.0.4; charset=utf-8"

enum expose_type { EXPOSE_GAUGE, EXPOSE_COUNTER };

struct expose_label {
	const char *name, *value; /* of any bytes; what the format reserves is escaped */
};

/* Begins a family. Names are [a-z_][a-zA-Z0-9_]*; those of counters end with _total. */
void expose_family(FILE *out, const char *name, enum expose_type type, const char *help);

/* A sample of it. Whole numbers up to 2^53 are exact. */
void expose_sample(FILE *out, const char *name, const struct expose_label *labels, size_t n,
		   double value);

#endif
