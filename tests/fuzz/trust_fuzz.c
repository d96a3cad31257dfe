// SPDX-License-Identifier: Apache-2.0
/*
 * Signatures and revocation lists from anywhere. The first byte chooses. There
 * are no roots, so nothing may ever be trusted.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tardisk/trust/trust.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int rc, const struct err *e)
{
	if (rc >= 0 || e->kind == ERR_NONE || !e->text[0] || strchr(e->text, '\n'))
		abort();
}

static void read_list(const char *text, size_t len)
{
	struct revocation list;
	struct err e = ERR_INIT;

	if (revocation_parse(text, len, &list, &e)) {
		check(-1, &e);
		return;
	}
	if (!list.number)
		abort();
	for (size_t i = 0; i < list.n_keys; i++)
		if (!revocation_key(&list, list.keys[i].sha256, "9999-12-31T23:59:59Z"))
			abort();
	for (size_t i = 0; i < list.n_descriptors; i++)
		if (!revocation_descriptor(&list, list.descriptors[i].sha256))
			abort();
	revocation_free(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trust_signature s;
	struct err e = ERR_INIT;
	struct trust *t;

	if (size < 1)
		return 0;
	if (data[0] & 1) {
		read_list((const char *)data + 1, size - 1);
		return 0;
	}
	if (trust_load(&t, "/nonexistent", &e))
		abort();
	check(trust_verify(t, "text", 4, data + 1, size - 1, &s, &e), &e);
	check(trust_revoke(t, data + 1, size - 1, &e), &e);
	trust_free(t);
	return 0;
}
