/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is a secret: one table for each way to know one. docs/man/visor-support.manifest.5 tells
 * of them, tests/unit/redact_test.c plants one of each kind.
 */
#ifndef VISOR_CORE_SUPPORT_SECRETS_H
#define VISOR_CORE_SUPPORT_SECRETS_H

#include <stdbool.h>
#include <stddef.h>

/* Patterns of fnmatch(3), in which '*' takes '/' too, of files that are never read. */
extern const char *const secret_paths[];

/*
 * Words of names whose values are secrets, as in "api_token = X". They are compared with what a
 * name has of letters and digits, in lower case.
 */
enum secret_where {
	SECRET_HAS,  /* anywhere in the name */
	SECRET_LINE, /* the same, and the value reaches to the end of its line, whatever is in it */
	SECRET_ENDS, /* at the name's end */
	SECRET_IS,   /* it is the name */
};

struct secret_key {
	const char *word;
	enum secret_where where;
};

extern const struct secret_key secret_keys[];

/* Tokens that are known by how they begin: then at least so many more characters follow. */
struct secret_token {
	const char *start;
	size_t more;
};

extern const struct secret_token secret_tokens[];

/* Programs whose arguments are secrets: all that follow, or those of one option. */
struct secret_program {
	const char *name;
	const char *option; /* NULL: all */
	bool before;	    /* what stands in front, too: it is piped into it */
};

extern const struct secret_program secret_programs[];

#endif
