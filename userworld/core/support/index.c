// SPDX-License-Identifier: Apache-2.0
#include "index.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "userworld/core/utf8.h"

#define INDEX_MAX (256L << 10) /* bytes */
#define NAME_MAX_LEN 1024

const char *const index_names[INDEX_KINDS] = {
	[INDEX_TAKEN] = "taken",       [INDEX_CUT] = "cut",	    [INDEX_TIMED_OUT] = "timed_out",
	[INDEX_REFUSED] = "refused",   [INDEX_MISSING] = "missing", [INDEX_FAILED] = "failed",
	[INDEX_LEFT_OUT] = "left_out",
};

int index_open(struct index *x, struct err *e)
{
	memset(x, 0, sizeof(*x));
	x->out = open_memstream(&x->text, &x->len);
	if (!x->out)
		return err_set(e, ERR_NO_SPACE, "out of memory");
	fprintf(x->out, "%-9s %9s %7s  name\n", "what", "bytes", "secrets");
	return 0;
}

void index_add(struct index *x, enum index_what what, uint64_t bytes, unsigned int removed,
	       const char *name, const char *why)
{
	char plain[NAME_MAX_LEN];

	x->counts[what]++;
	x->removed += removed;
	if (ftell(x->out) > INDEX_MAX)
		return;
	/* A name may have a newline in it. */
	snprintf(plain, sizeof(plain), "%s%s%s", name, *why ? "  # " : "", why);
	ascii_repair(plain);
	fprintf(x->out, "%-9s %9" PRIu64 " %7u  %s\n", index_names[what], bytes, removed, plain);
}

int index_end(struct index *x, struct err *e)
{
	int rc;

	fputs("\nsum:", x->out);
	for (int i = 0; i < INDEX_KINDS; i++)
		fprintf(x->out, " %u %s%s", x->counts[i], index_names[i],
			i + 1 < INDEX_KINDS ? "," : "\n");
	rc = fclose(x->out);
	x->out = NULL;
	return rc == 0 ? 0 : err_set(e, ERR_NO_SPACE, "out of memory");
}

void index_free(struct index *x)
{
	if (x->out)
		fclose(x->out);
	free(x->text);
	memset(x, 0, sizeof(*x));
}
