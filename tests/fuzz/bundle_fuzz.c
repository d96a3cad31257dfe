// SPDX-License-Identifier: Apache-2.0
/*
 * Feeds the bundle reader with archives and descriptors. The first byte chooses:
 * bit 0 an archive, bit 1 one that ends in a read error, the others how much a read
 * gives at most. A descriptor that is taken must survive being written and read.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tardisk/bundle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct source {
	const uint8_t *data;
	size_t left;
	size_t part; /* of a read, at most */
	bool broken;
};

static ssize_t read_source(void *context, void *buf, size_t size)
{
	struct source *s = context;
	size_t part = size < s->left ? size : s->left;

	if (!s->left && s->broken) {
		errno = EIO;
		return -1;
	}
	if (part > s->part)
		part = s->part;
	memcpy(buf, s->data, part);
	s->data += part;
	s->left -= part;
	return (ssize_t)part;
}

static void check_error(const struct err *e)
{
	if (e->kind == ERR_NONE || !e->text[0] || strchr(e->text, '\n'))
		abort();
}

static void read_archive(uint8_t how, const uint8_t *data, size_t size)
{
	struct source source = { data, size, 64u << (how >> 2 & 15), how & 2 };
	struct err e = ERR_INIT;
	struct bundle *b;
	size_t len;
	int rc = 0;

	if (bundle_open(&b, "input", read_source, &source, &e)) {
		check_error(&e);
		return;
	}
	bundle_signature(b, &len);
	if (len > BUNDLE_SIGNATURE_MAX || !bundle_descriptor_text(b, &len) || !len)
		abort();
	for (size_t i = 0; i < bundle_descriptor(b)->n_payloads && !rc; i++)
		rc = bundle_copy_payload(b, -1, &e);
	if (!rc)
		rc = bundle_finish(b, &e);
	if (rc)
		check_error(&e);
	bundle_close(b);
}

static void read_descriptor(const char *text, size_t len)
{
	struct bundle_descriptor *d, *again;
	struct err e = ERR_INIT;
	char *out;

	if (bundle_descriptor_parse(text, len, &d, &e)) {
		check_error(&e);
		return;
	}
	if (bundle_descriptor_format(d, &out, &len, &e) ||
	    bundle_descriptor_parse(out, len, &again, &e))
		abort();
	bundle_check_files(d, again, &e);
	bundle_descriptor_free(again);
	bundle_descriptor_free(d);
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	if (data[0] & 1)
		read_archive(data[0], data + 1, size - 1);
	else
		read_descriptor((const char *)data + 1, size - 1);
	return 0;
}
