// SPDX-License-Identifier: Apache-2.0
/* The digest of a tardisk's content, which a bundle states beside that of the file. */
#include <errno.h>
#include <stdlib.h>

#include "cleanup.h"
#include "open.h"
#include "sha256.h"

static int add_data(struct tardisk_file *t, struct sha256 *sum, struct err *e)
{
	struct tardisk_cursor c = { NULL, 0 };
	uint64_t pos = t->volume.headers;
	const unsigned char *data;
	int got = 0;

	while (pos < t->volume.size) {
		got = tardisk_file_data(t, &c, pos, TARDISK_FRAME, &data, e);
		if (got < 0 || sha256_add(sum, data, (size_t)got, e))
			break;
		pos += (uint64_t)got;
	}
	free(c.frame);
	return pos < t->volume.size ? -1 : 0;
}

int tardisk_file_digest(struct tardisk_file *t, char hex[65], struct err *e)
{
	struct sha256 sum = SHA256_INIT;
	int rc = sha256_start(&sum, e);

	if (!rc)
		rc = sha256_add(&sum, t->headers, t->volume.headers, e);
	if (!rc)
		rc = add_data(t, &sum, e);
	if (!rc)
		rc = sha256_end(&sum, hex, e);
	sha256_free(&sum);
	return rc;
}
