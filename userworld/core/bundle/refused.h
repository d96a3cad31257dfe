/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Versions that failed on this host and were rolled back: they are refused until
 * somebody asks for them. The list is a state file, so it outlives a restart.
 */
#ifndef VISOR_CORE_BUNDLE_REFUSED_H
#define VISOR_CORE_BUNDLE_REFUSED_H

#include <jansson.h>

#include "err.h"
#include "tardisk/descriptor.h"

#define BUNDLE_REFUSED "/etc/visoros/refused-bundles.json"
#define BUNDLE_REFUSED_MAX 100 /* more, and the oldest is forgotten */

/* The list: {"name", "version", "vendor", "time", "reason"}, oldest first; a new reference. */
int bundle_refused_load(json_t **list, struct err *e);

/* Is this version on it? ERR_CONFLICT with the reason. */
int bundle_refused_check(const struct bundle_descriptor *d, struct err *e);

/* Puts it on the list, or takes it off; version NULL: all versions of that name. */
int bundle_refused_add(const struct bundle_descriptor *d, const char *reason, struct err *e);
int bundle_refused_remove(const char *name, const char *version, struct err *e);

/* Pure parts, on a list as above. Index of an entry, or -1. */
int refused_find(const json_t *list, const char *name, const char *version, const char *vendor);
void refused_put(json_t *list, json_t *entry);
size_t refused_drop(json_t *list, const char *name, const char *version);

#endif
