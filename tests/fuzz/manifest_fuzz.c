// SPDX-License-Identifier: Apache-2.0
/*
 * Manifests and signatures of tardisks from anywhere, as the kernel reads them.
 * The first byte chooses: a frame with both, a signature, or a certificate.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tardisk/manifest.h"
#include "tardisk/signer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile unsigned char sink;

/* Reads every byte: the sanitizer tells which one was not there. */
static void touch(const unsigned char *p, uint32_t len)
{
	while (len--)
		sink = *p++;
}

static void check_certificate(const struct tardisk_certificate *c)
{
	if (c->key < c->der || c->key + c->key_len > c->der + c->len || !c->key_len)
		abort();
	touch(c->key, c->key_len);
	touch(c->issuer, c->issuer_len);
	touch(c->serial, c->serial_len);
}

static void read_signature(const unsigned char *p, uint32_t len)
{
	struct tardisk_signer s;

	if (tardisk_signer_init(&s, p, len))
		return;
	if (!s.count || s.count > TARDISK_CERTIFICATES || s.first >= s.count)
		abort();
	for (uint32_t i = 0; i < s.count; i++) {
		check_certificate(&s.certificates[i]);
		if (s.certificates[i].authority == (i == s.first))
			abort();
	}
	if (!s.certificates[s.first].signs_code)
		abort();
}

static void read_frame(const unsigned char *p, uint32_t len)
{
	struct tardisk_manifest m;
	struct tardisk_error error;

	if (tardisk_manifest_init(&m, p, len, 1000, &error)) {
		if (!error.what || !error.field || error.offset < 1000 ||
		    error.offset > 1000 + TARDISK_SIGNED_MAX)
			abort();
		return;
	}
	if (!tardisk_manifest_names(&m, m.name) || !tardisk_manifest_text_ok(m.version) ||
	    m.level == TARDISK_UNSIGNED || !strcmp(tardisk_level_name(m.level), "unknown"))
		abort();
	touch(m.root, TARDISK_DIGEST);
	read_signature(m.signature, m.signature_len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tardisk_certificate c;
	unsigned char *copy;

	if (size < 1 || size > TARDISK_SIGNED_MAX + 100)
		return 0;
	copy = malloc(size);
	memcpy(copy, data + 1, size - 1);
	if (data[0] & 2)
		read_frame(copy, (uint32_t)size - 1);
	else if (data[0] & 1)
		read_signature(copy, (uint32_t)size - 1);
	else if (!tardisk_certificate_init(&c, copy, (uint32_t)size - 1))
		check_certificate(&c);
	free(copy);
	return 0;
}
