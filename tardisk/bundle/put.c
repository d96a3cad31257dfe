// SPDX-License-Identifier: Apache-2.0
#include "put.h"

#include "tardisk/output.h"

int bundle_put(const char *path, const struct bundle_parts *parts, struct err *e)
{
	struct output out = { -1, NULL, NULL };
	int rc = output_open(&out, path, e);

	if (!rc)
		rc = bundle_write(out.fd, parts, e);
	if (!rc)
		rc = output_commit(&out, e);
	output_close(&out);
	return rc;
}
