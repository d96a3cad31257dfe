/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Config files of the form "key = value", one per line. '#' begins a comment
 * at the start of a line or after a space or tab; blank lines are allowed. A
 * key is letters, digits, '.', '-' and '_'; given twice it is an error. Values
 * have no quoting; space around them is dropped. Every error names FILE:LINE.
 */
#ifndef VISOR_CONF_H
#define VISOR_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"

#define CONF_FILE_MAX 65536 /* bytes of a config file */

struct conf_line {
	const char *key;   /* points into conf.text */
	const char *value; /* points into conf.text; may be "" */
	unsigned int line; /* from 1 */
};

struct conf {
	char *name; /* what errors call the file */
	char *text;
	struct conf_line *lines;
	size_t count;
};

/* Parses a copy of text. After a failure *c is empty; conf_free() is harmless then. */
int conf_parse(struct conf *c, const char *name, const char *text, struct err *e);
int conf_read(struct conf *c, const char *path, struct err *e);
void conf_free(struct conf *c);

/* ERR_INVALID if a key is not in the list, which ends with NULL. */
int conf_check_keys(const struct conf *c, const char *const *known, struct err *e);

/* The value, or NULL if the key is not given. */
const char *conf_get(const struct conf *c, const char *key);

/*
 * Typed values. If the key is not given they leave *value alone and return 0;
 * if it is given and good they set it and return 1; else -1 with ERR_INVALID.
 * bool: yes or no. size: bytes, with an optional suffix K, M or G (powers of
 * 1024), or "max" for UINT64_MAX. uint: decimal within min..max.
 */
int conf_get_bool(const struct conf *c, const char *key, bool *value, struct err *e);
int conf_get_size(const struct conf *c, const char *key, uint64_t *value, struct err *e);
int conf_get_uint(const struct conf *c, const char *key, unsigned int min, unsigned int max,
		  unsigned int *value, struct err *e);

/* The same size syntax for other places; 0 or -1 (no message). */
int size_parse(const char *text, uint64_t *bytes);

#endif
