/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers of core operations from JSON files instead of the system, for tests
 * and pictures. A file is an object with operations as keys:
 *
 *	"system.uptime.get": {"seconds": 60},
 *	"system.ramdisk.list": [...],
 *	"system.reboot": {"error": {"kind": "unavailable", "text": "..."}},
 *	"account.verify": {"cases": [{"params": {"password": "x"}, "answer": ...}]}
 *
 * Of cases, the first one counts whose params are all as given. An operation
 * that no file names answers null.
 */
#ifndef DCUI_ANSWERS_H
#define DCUI_ANSWERS_H

#include <jansson.h>

#include "err.h"

/* Reads a file; what it names replaces what earlier files said. */
int answers_load(const char *path, struct err *e);

/* A call_fn. */
int answers_call(const char *op, json_t *params, json_t **result, struct err *e);

void answers_free(void);

#endif
