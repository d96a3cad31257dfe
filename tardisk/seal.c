// SPDX-License-Identifier: Apache-2.0
#include "seal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "le.h"
#include "sha256.h"

int seal_add(struct seal_digests *to, const unsigned char digest[TARDISK_DIGEST], struct err *e)
{
	if (to->n == to->room) {
		size_t room = to->room ? to->room * 2 : 64;
		unsigned char *bytes = realloc(to->bytes, room * TARDISK_DIGEST);

		if (!bytes)
			return err_sys(e, ENOMEM, "digests");
		to->bytes = bytes;
		to->room = room;
	}
	memcpy(to->bytes + to->n++ * TARDISK_DIGEST, digest, TARDISK_DIGEST);
	return 0;
}

static unsigned char *put_digests(unsigned char *p, const struct seal_digests *from)
{
	if (from->n)
		memcpy(p, from->bytes, from->n * TARDISK_DIGEST);
	return p + from->n * TARDISK_DIGEST;
}

unsigned char *seal_list(const struct seal *s, size_t *len, struct err *e)
{
	unsigned char *list, *p;

	*len = TARDISK_DIGESTS_WRAP + TARDISK_DIGESTS_HEADER +
	       (s->frames.n + s->chunks.n + 1) * TARDISK_DIGEST;
	list = malloc(*len);
	if (!list) {
		err_sys(e, ENOMEM, "digests");
		return NULL;
	}
	p = le_append32(list, 0x184D2A5D);
	p = le_append32(p, *len - TARDISK_DIGESTS_WRAP);
	memcpy(p, "VISORSUM", 8);
	p = le_append32(p + 8, 1);
	p = le_append32(p, TARDISK_CHUNK);
	p = le_append64(p, s->packed);
	p = le_append64(p, s->headers + s->data);
	p = le_append32(p, s->headers);
	p = le_append32(p, s->frames.n);
	p = le_append32(p, s->chunks.n);
	p = le_append32(p, 0);
	p = put_digests(put_digests(p, &s->frames), &s->chunks);
	if (!sha256_of(list + TARDISK_DIGESTS_WRAP, (size_t)(p - list) - TARDISK_DIGESTS_WRAP, p))
		return list;
	err_set(e, ERR_SYSTEM, "SHA-256 is not available in this OpenSSL");
	free(list);
	return NULL;
}

void seal_free(struct seal *s)
{
	free(s->frames.bytes);
	free(s->chunks.bytes);
}
