/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML as JSON values, by libyaml: objects, arrays and strings, and null for what is empty. Numbers
 * and truth values stay strings. Pure.
 *
 * Input is not trusted. ERR_INVALID for what is no YAML, and for more than a seed can need: 64 KiB,
 * 4096 values, 16 levels, a key twice, aliases (a few lines of them unfold to gigabytes), more than
 * one document.
 */
#ifndef VISOR_PROVISION_YAML_H
#define VISOR_PROVISION_YAML_H

#include <jansson.h>

#include "err.h"

#define YAML_TEXT_MAX 65536
#define YAML_VALUES_MAX 4096
#define YAML_DEPTH_MAX 16

/* name is what errors call it. An empty text is JSON null. *out is a new reference. */
int yaml_read(const char *name, const char *text, size_t len, json_t **out, struct err *e);

#endif
