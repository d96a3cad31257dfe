/* SPDX-License-Identifier: Apache-2.0 */
/* Where in a line the secrets are: a function for each kind, in a table. Pure. */
#ifndef VISOR_CORE_SUPPORT_FIND_H
#define VISOR_CORE_SUPPORT_FIND_H

#include "redact.h"

/* Each sets hide[] for secrets in line[0 .. len), and may say that one goes on in the next line. */
typedef void find_rule(struct redact *r);

extern find_rule *const find_rules[]; /* ends with NULL */

/* The values behind names, find_value.c. */
find_rule find_values;

/* For the rules: hides [from, to). */
void find_hide(struct redact *r, size_t from, size_t to);

/* Classes of characters, to be joined by '|'. */
enum find_class {
	FIND_ALNUM = 0x01,
	FIND_DIGIT = 0x02,
	FIND_BLANK = 0x04,	/* space, tab */
	FIND_NAME = 0x08,	/* _ . - */
	FIND_BASE64 = 0x10,	/* + / _ = - */
	FIND_CRYPT = 0x20,	/* . / $ = , + - */
	FIND_QUOTE = 0x40,	/* " ' ` */
	FIND_CLOSER = 0x80,	/* \ " ' ) ]: between a name and what separates it from its value */
	FIND_OPENER = 0x100,	/* [ { ( | >: of values that have lines of their own */
	FIND_SEPARATOR = 0x200, /* = : > */
	FIND_COLON = 0x400,
	FIND_DOLLAR = 0x800,
	FIND_TAG = 0x1000, /* < > */
	FIND_END = 0x2000, /* , ; ) ] }: of a value in quotes */
};

bool find_is(char c, unsigned int classes);

/* The first byte from at on that is of these classes (or is not), or the end of the line. */
size_t find_any(const struct redact *r, size_t at, unsigned int classes);
size_t find_other(const struct redact *r, size_t at, unsigned int classes);

#endif
