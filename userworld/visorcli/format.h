/* SPDX-License-Identifier: Apache-2.0 */
/* Results as text. */
#ifndef VISORCLI_FORMAT_H
#define VISORCLI_FORMAT_H

#include "cli.h"

/*
 * Names of formatters: "table" (the default: tables and "Field: value" lines),
 * "keyvalue" (Field=value, records apart by an empty line), "csv" (RFC 4180), "xml"
 * (fields by their titles) and "json" (the fields of the API).
 */
bool format_known(const char *name);

/* Prints a result of the command's style. */
int format_result(const struct cli_command *command, const char *formatter, json_t *result,
		  FILE *out, struct err *e);

/* One value as text, allocated; NULL for lack of memory. A missing value is "". */
char *format_value(const struct cli_column *column, json_t *row);

/* An optional column whose key the row does not have? */
bool format_is_absent(const struct cli_column *column, const json_t *row);

/* The parts, for format_result() only. */
int format_table(const struct cli_column *columns, json_t *rows, FILE *out, struct err *e);
int format_fields(const struct cli_command *command, json_t *object, FILE *out, struct err *e);
int format_keyvalue(const struct cli_column *columns, json_t *rows, FILE *out, struct err *e);
int format_csv(const struct cli_column *columns, json_t *rows, FILE *out, struct err *e);
int format_xml(const struct cli_column *columns, json_t *rows, FILE *out, struct err *e);

#endif
