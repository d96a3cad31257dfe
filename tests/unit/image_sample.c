// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/image_sample.h"

#include <fcntl.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/unit.h"

static int temporary(const void *data, size_t len)
{
	int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, len), len);
	return fd;
}

static char *describe(const struct sample *s, const char *version)
{
	json_t *payloads = json_array();
	json_t *root =
		json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:[], s:{s:s, s:s}, s:O}",
			  "format", 3, "name", "visoros-image", "version", version, "vendor",
			  "visoros", "type", "image", "summary", "An image", "created",
			  "2026-01-31T12:00:00Z", "acceptance_level", "partner", "files", "boot",
			  "build", s->cfg.build, "kernelopt", s->cfg.options, "payloads", payloads);
	char *text;

	for (size_t i = 0; i < SAMPLE_FILES; i++)
		json_array_append_new(payloads, json_pack("{s:s, s:s, s:I, s:s}", "name",
							  bootcfg_file(&s->cfg, i), "type", "boot",
							  "size", (json_int_t)s->sizes[i], "sha256",
							  s->cfg.digests[i]));
	text = json_dumps(root, 0);
	json_decref(payloads);
	json_decref(root);
	assert_non_null(text);
	return text;
}

struct bytes image_sample(const struct sample *s, const char *version, const struct pki *signer)
{
	char *text = describe(s, version);
	struct bundle_parts parts = { .text = text, .text_len = strlen(text) };
	unsigned char *der = NULL;
	struct bundle_descriptor *d;
	struct err e = ERR_INIT;
	int fds[SAMPLE_FILES];
	struct bytes b;
	int fd;

	if (bundle_descriptor_parse(text, strlen(text), &d, &e) < 0)
		fail_msg("%s", e.text);
	if (signer)
		der = pki_sign(signer, NULL, 0, text, 1700000000, 0, &parts.sig_len);
	for (size_t i = 0; i < SAMPLE_FILES; i++)
		fds[i] = temporary(s->data[i], s->sizes[i]);
	parts.d = d;
	parts.sig = der;
	parts.fds = fds;
	fd = temporary("", 0);
	assert_int_equal(bundle_write(fd, &parts, &e), 0);
	b = bytes_of_fd(fd);
	close(fd);
	for (size_t i = 0; i < SAMPLE_FILES; i++)
		close(fds[i]);
	OPENSSL_free(der);
	bundle_descriptor_free(d);
	free(text);
	return b;
}
